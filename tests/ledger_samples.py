"""What the contract of the ledger is tried on; campaign, units and people are invented."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from phaseout.domain.calendar import CHINA, WorkCalendar, days_between
from phaseout.domain.campaign import CalendarPolicy, Campaign, Hardness, Office
from phaseout.domain.decision import Decision
from phaseout.domain.letter import Letter, LetterItem, LetterKind, LetterState
from phaseout.domain.obligation import Obligation
from phaseout.domain.submission import Channel, Delivery, Submission
from phaseout.ports import Assessment, Contact

CALENDAR = WorkCalendar(
    years=frozenset({2022}),
    working_days=tuple(day for day in days_between(date(2022, 1, 1), date(2022, 12, 31)) if day.weekday() < 5),
)
CAMPAIGN = Campaign(
    id="lianyun-2022",
    title="连云示例市淘汰工作",
    notice="示例〔2022〕1号",
    year=2022,
    opens=date(2022, 5, 20),
    closures_due=date(2022, 11, 30),
    correction_working_days=3,
    office=Office(body="示例厅", desk="示例处", mailbox="office@phaseout.example", phone="025-00000000"),
    units=(),
    industries=(),
    milestones=(),
    ladder=(),
    source_hash="0" * 64,
)
OTHER_CAMPAIGN = replace(CAMPAIGN, id="shanqian-2022")
OPENED = datetime(2022, 5, 20, 9, tzinfo=CHINA)
MORNING = datetime(2022, 8, 12, 9, tzinfo=CHINA)
NEXT_MORNING = datetime(2022, 8, 13, 9, tzinfo=CHINA)
MINUTE = timedelta(minutes=1)


def owed(unit, *, campaign=CAMPAIGN.id, industry="ferroalloy"):
    return Obligation(
        id=f"{campaign}/{unit}/summary/survey_summary/{industry}",
        campaign=campaign,
        unit=unit,
        milestone="summary",
        form="survey_summary",
        industry=industry,
        period=None,
        opens=date(2022, 8, 1),
        nominal_due=date(2022, 8, 12),
        due=date(2022, 8, 12),
        due_policy=CalendarPolicy.KEEP,
        reminder_date=date(2022, 8, 11),
        closes=date(2022, 8, 31),
        hardness=Hardness.HARD,
        basis="二（三）1",
    )


def contact(name, *, valid_from, unit="jia", role="contact", campaign=CAMPAIGN.id):
    address = f"{name}@{unit}.example"
    return Contact(campaign, unit, role, name=name, address=address, phone="000-00000000", valid_from=valid_from)


def arrived(name, *, at=MORNING, sha256=None, unit=None, channel=Channel.MAIL):
    return Delivery(
        id=f"delivery-{name}",
        sha256=sha256 or f"sha-of-{name}",
        channel=channel,
        ref=f"ref-{name}",
        arrived_at=at,
        collected_at=at + MINUTE,
        unit=unit,
        file_name=None,
    )


def filed(unit, *, version=1, delivery="first", decision=Decision.ACCEPTED, findings=(), sha256="bytes", at=MORNING):
    obligation = owed(unit)
    return Submission(
        id=f"{obligation.id}/{version}",
        obligation=obligation.id,
        delivery=f"delivery-{delivery}",
        sha256=sha256,
        file_name="汇总表.xlsx",
        form="survey_summary",
        unit=unit,
        industry="ferroalloy",
        period=None,
        version=version,
        arrived_at=at,
        is_zero=False,
        decision=decision,
        decided_at=at + MINUTE,
        figures={"items": 12, "outdated": 3},
        findings=tuple(findings),
    )


def letter(key, *, kind=LetterKind.REMINDER, items=(), state=LetterState.QUEUED, day=date(2022, 8, 12), delivery=None):
    return Letter(
        key=key,
        campaign=CAMPAIGN.id,
        unit="jia",
        kind=kind,
        day=day,
        recipient="contact@jia.example",
        copy_to=("leader@jia.example", "mailbox@jia.example"),
        subject="催报函",
        message_id=f"<{key}@phaseout.example>",
        raw_sha256="f" * 64,
        state=state,
        created_at=MORNING,
        items=tuple(items),
        delivery=delivery,
    )


def item(unit, rung=1, version=0):
    return LetterItem(owed(unit).id, rung, version)


def assessment(
    *, outcomes=None, senders=None, submissions=(), letters=(), contacts=(), explanations=(), message_ids=None
):
    parts = (tuple(submissions), tuple(letters), tuple(contacts), tuple(explanations))
    return Assessment(outcomes or {}, senders or {}, *parts, message_ids or {})
