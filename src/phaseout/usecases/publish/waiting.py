"""What waits for a person (待办): by the ledger what the office has to decide, by the marts what units owe it still."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from phaseout.domain.bounce import undeliverable
from phaseout.domain.calendar import day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.finding import RETURNING
from phaseout.domain.letter import LetterRecord, LetterState
from phaseout.domain.signing import WaitingDraft, whom_it_concerns
from phaseout.domain.site import Answers, Row, Rows
from phaseout.domain.standing_words import LETTER_WORDS
from phaseout.domain.submission import Outcome
from phaseout.domain.todo import Pressing, Todo, by_urgency
from phaseout.ports import DeliveryRecord, Ledger
from phaseout.usecases import evidence_overlaps

# A waiver is shown so many days before it runs out, a visit so many days after it.
RUNNING_OUT = timedelta(days=14)
FOLLOWED_UP = timedelta(days=30)


@dataclass(frozen=True)
class Waiting:
    """Where to look for what waits, as of an instant."""

    campaign: Campaign
    ledger: Ledger
    as_of: datetime

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of the units by their codes."""
        return {unit.code: unit.name for unit in self.campaign.units}

    @property
    def today(self) -> date:
        """The day in China."""
        return day_in_china(self.as_of)


def todos(
    waiting: Waiting,
    letters: Sequence[LetterRecord],
    drafts: Sequence[WaitingDraft],
    answers: Answers,
    *,
    near: int,
) -> tuple[Todo, ...]:
    """Return all that waits for a person, the most pressing first; *near* says when two pictures look the same."""
    return by_urgency(
        (
            *(_draft(draft, waiting) for draft in drafts),
            *unsettled_todos(waiting, letters),
            *quarantined_todos(waiting),
            *held_todos(waiting, answers["held"]),
            *explained_todos(waiting),
            *bounced_todos(waiting, letters),
            *evidence_todos(waiting, near=near),
            *doubtful_todos(waiting, answers["doubtful"]),
            *paper_todos(waiting, answers["papers"]),
            *waiver_todos(waiting),
            *visit_todos(waiting),
        )
    )


def _draft(draft: WaitingDraft, waiting: Waiting) -> Todo:
    record = draft.record
    waited = f"，已等待{draft.age}个工作日" if draft.age > 0 else ""
    return Todo(
        Pressing.NOW,
        f"{LETTER_WORDS[record.letter.kind]}待签发",
        whom_it_concerns(record, waiting.campaign),
        record.letter.subject + waited,
        record.letter.day,
        f"由签发人决定签发或者不予签发，函件编号{record.id}",
        unit_code=record.letter.unit,
        command=f"phaseout letters release {record.id} --by 签发人姓名 --reason 理由",
    )


def unsettled_todos(waiting: Waiting, letters: Sequence[LetterRecord]) -> Iterator[Todo]:
    """Yield the letters that failed, and those of which nobody knows whether they left."""
    for record in letters:
        if record.letter.state not in {LetterState.UNCERTAIN, LetterState.FAILED}:
            continue
        has_failed = record.letter.state is LetterState.FAILED
        act = "请核对收件邮箱后重新发送" if has_failed else "请向对方核实是否收到，未收到的重新发送"
        yield Todo(
            Pressing.NOW,
            "函件未能发出" if has_failed else "函件是否送达待查",
            whom_it_concerns(record, waiting.campaign),
            record.letter.subject,
            record.letter.day,
            f"{act}，函件编号{record.id}",
            unit_code=record.letter.unit,
            command=f"phaseout letters resend {record.id} --by 经办人姓名 --reason 理由",
        )


def quarantined_todos(waiting: Waiting) -> Iterator[Todo]:
    """Yield the deliveries whose sender is unknown or unproven."""
    for record in waiting.ledger.deliveries():
        if record.outcome is Outcome.QUARANTINED:
            yield _quarantined(record, waiting)


def _quarantined(record: DeliveryRecord, waiting: Waiting) -> Todo:
    unit = record.delivery.unit
    return Todo(
        Pressing.NOW,
        "来件隔离待查",
        waiting.names.get(unit or "", "—"),
        record.reason,
        day_in_china(record.delivery.arrived_at),
        "请核实发件人，属实的予以受理，不属实的不作办理",
        unit_code=unit if unit in waiting.names else None,
        command=f"phaseout quarantine show {record.delivery.id[:8].upper()}",
    )


def held_todos(waiting: Waiting, rows: Rows) -> Iterator[Todo]:
    """Yield the units whose forms came after the close date: the office takes them, or does not."""
    for row in rows:
        yield _of_unit(
            waiting,
            row,
            Pressing.NOW,
            "报送件待核定",
            detail=f"报送关闭后收到报表{row['held']}件",
            handling="请研究是否重新开放报送；不重新开放的，不再计入",
        )


def explained_todos(waiting: Waiting) -> Iterator[Todo]:
    """Yield how many findings each unit stands by in its newest forms: the office reads why, and lets pass or not."""
    if not waiting.ledger.explanations(waiting.campaign.id):
        return
    newest = {submission.obligation: submission for submission in waiting.ledger.submissions(waiting.campaign.id)}
    explained: dict[tuple[str, bool], list[date]] = {}
    for submission in newest.values():
        for finding in submission.findings:
            if finding.explained_on is not None:
                key = (submission.unit, finding.severity in RETURNING)
                explained.setdefault(key, []).append(finding.explained_on)
    for (unit, is_returned), days in sorted(explained.items()):
        yield Todo(
            Pressing.SOON if is_returned else Pressing.CHECK,
            "情况说明待研究" if is_returned else "情况说明待阅",
            waiting.names[unit],
            f"对{'须更正的问题' if is_returned else '警告事项'}作情况说明{len(days)}条",
            min(days),
            "请研究是否同意豁免" if is_returned else "请查阅，理由不充分的，请联系填报单位",
            unit_code=unit,
            command="phaseout explanations",
        )


def bounced_todos(waiting: Waiting, letters: Sequence[LetterRecord]) -> Iterator[Todo]:
    """Yield the registered addresses to which nothing gets through; one that was replaced is nobody's task."""
    campaign, ledger = waiting.campaign, waiting.ledger
    came_back = undeliverable(ledger.bounced(campaign.id), letters, as_of=waiting.as_of)
    if not came_back:
        return
    known = {(one.unit, one.address.lower()) for one in ledger.contacts(campaign.id, as_of=waiting.as_of)}
    known |= {
        (unit.code, address.lower()) for unit in campaign.units for address in (unit.mailbox, unit.leader_mailbox)
    }
    for one in came_back:
        if (one.unit, one.address.lower()) in known:
            yield Todo(
                Pressing.SOON,
                "联系人邮箱退信",
                campaign.unit(one.unit).name,
                f"发往登记邮箱的函件被退回{f'（{one.status}）' if one.status else ''}",
                day_in_china(one.at),
                f"请电话核实邮箱，并请填报单位重新报送工作联系人信息，函件编号{one.letter}",
                unit_code=one.unit,
            )


def evidence_todos(waiting: Waiting, *, near: int) -> Iterator[Todo]:
    """Yield of which units a picture serves twice: the office compares them, and says whose each is."""
    doubtful: dict[str, list[date]] = {}
    for overlap in evidence_overlaps(waiting.campaign.id, waiting.ledger, near=near):
        doubtful.setdefault(overlap.one.unit, []).append(day_in_china(overlap.one.received_at))
    for unit, days in sorted(doubtful.items()):
        yield Todo(
            Pressing.CHECK,
            "影像核对",
            waiting.names[unit],
            f"用于两家企业或者同时作为拆除前后的相同、近似影像{len(days)}组",
            min(days),
            "请比对原图后归类",
            unit_code=unit,
            command=f"phaseout evidence list --unit {unit}",
        )


def doubtful_todos(waiting: Waiting, rows: Rows) -> Iterator[Todo]:
    """Yield of which units the catalogue does not settle all equipment: a person judges it."""
    for row in rows:
        yield _of_unit(
            waiting,
            row,
            Pressing.CHECK,
            "装备类别待核",
            detail=f"对照目录不能直接判定的装备{row['items']}项",
            handling="请对照官方目录文本并结合现场情况认定",
        )


def paper_todos(waiting: Waiting, rows: Rows) -> Iterator[Todo]:
    """Yield which units have still to send sealed copies of what has passed."""
    for row in rows:
        missing, faulty = row["missing"], row["faulty"]
        parts = (f"未收到{missing}件" if missing else "", f"已收到但不合要求{faulty}件" if faulty else "")
        yield _of_unit(
            waiting,
            row,
            Pressing.FOLLOW,
            "纸质件待收",
            detail=f"审核通过的报表，盖章纸质件{'，'.join(part for part in parts if part)}",
            handling="收到后请登记；逾期较久的，请联系填报单位寄送",
            command="phaseout paper list",
        )


def waiver_todos(waiting: Waiting) -> Iterator[Todo]:
    """Yield the waivers that soon run out."""
    for record in waiting.ledger.waivers(waiting.campaign.id):
        until = record.waiver.until
        if until is None or not record.holds(as_of=waiting.as_of):
            continue
        if waiting.today <= until <= waiting.today + RUNNING_OUT:
            yield Todo(
                Pressing.FOLLOW,
                "豁免即将到期",
                waiting.names.get(record.waiver.unit, "—"),
                f"第{record.number}号豁免有效至{until.month}月{until.day}日，还有{(until - waiting.today).days}天",
                max(until - RUNNING_OUT, record.waiver.granted_on),
                "请研究是否续期；不续期的，到期后须更正",
                unit_code=record.waiver.unit,
                command="phaseout waivers list",
            )


def visit_todos(waiting: Waiting) -> Iterator[Todo]:
    """Yield the units where a visit found something of late; what was found stays in the ledger."""
    found: dict[str, list[date]] = {}
    for visit in waiting.ledger.visits(waiting.campaign.id):
        if visit.finding and visit.at <= waiting.as_of and waiting.today - FOLLOWED_UP <= visit.day <= waiting.today:
            found.setdefault(visit.unit, []).append(visit.day)
    for unit, days in sorted(found.items()):
        yield Todo(
            Pressing.FOLLOW,
            "调研督导后续",
            waiting.names.get(unit, "—"),
            f"近{FOLLOWED_UP.days}天调研督导{len(days)}次发现问题",
            min(days),
            "请跟踪整改情况",
            unit_code=unit,
            command=f"phaseout visits list --unit {unit}",
        )


def _of_unit(waiting: Waiting, row: Row, pressing: Pressing, title: str, **words: str) -> Todo:
    unit = str(row["unit_code"])
    return Todo(pressing, title, waiting.names.get(unit, "—"), since=row["since"], unit_code=unit, **words)
