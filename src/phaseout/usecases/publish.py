"""Publish (发布): the analysts' snapshot and the board, as of an instant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from phaseout.domain.board import board_facts
from phaseout.domain.bounce import undeliverable
from phaseout.domain.calendar import CHINA, WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.finding import RETURNING
from phaseout.domain.letter import Approval, LetterKind, LetterRecord, LetterState
from phaseout.domain.obligation import Obligation, StandingView, standings
from phaseout.domain.omission import omission_facts, signal_counts
from phaseout.domain.signing import WaitingDraft, signing_time, waiting_drafts, whom_it_concerns
from phaseout.domain.standing_words import LETTER_WORDS
from phaseout.domain.submission import Outcome, Submission
from phaseout.ports import Definitions, DeliveryRecord, Ledger, Pages, Warehouse
from phaseout.usecases import evidence_overlaps, look_for_omissions, suspected_omissions

IN_THE_OUTBOX_OR_OUT = frozenset({LetterState.QUEUED, LetterState.SENDING, LetterState.SENT, LetterState.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, and whether it was new."""

    content_hash: str | None  # None when nothing was new
    board: Path | None
    is_new: bool


def publish(
    campaign_id: str,
    *,
    as_of: datetime,
    definitions: Definitions,
    calendar: WorkCalendar,
    ledger: Ledger,
    warehouse: Warehouse,
    pages: Pages,
    snapshot: Path,
    catch_up: Callable[[], int],
) -> Published:
    """Mirror the ledger into the warehouse, replace the snapshot and the board; nothing if nothing changed today."""
    campaign = definitions.campaign(campaign_id)
    revision, today = ledger.revision(), day_in_china(as_of)
    if ledger.published(campaign_id) == (revision, today) and snapshot.exists():
        return Published(None, None, is_new=False)
    catch_up()
    obligations, views, letters = mirror(
        campaign, as_of=as_of, calendar=calendar, ledger=ledger, warehouse=warehouse, definitions=definitions
    )
    content_hash = warehouse.content_hash()
    warehouse.publish(snapshot)
    suspected = suspected_omissions(campaign, warehouse=warehouse)
    pages.omissions(omission_facts(campaign, suspected, as_of=as_of))
    waiting = waiting_drafts(letters, views, calendar=calendar, today=today)
    board = pages.board(
        board_facts(
            campaign,
            obligations,
            views,
            as_of=as_of,
            letters=_letter_counts(letters),
            progress=warehouse.query("board/progress", parameters={"campaign_id": campaign_id}),
            todos=[
                *todos(campaign, letters, ledger.deliveries(), waiting, as_of=as_of),
                *explained_todos(campaign, ledger),
                *evidence_todos(campaign, ledger, near=definitions.evidence_customs().near),
                *bounced_todos(campaign, ledger, letters, as_of=as_of),
            ],
            omissions=signal_counts(suspected),
            signing=signing_time(letters, ledger.approvals(campaign_id), waiting, calendar=calendar),
        )
    )
    ledger.record_published(campaign_id, revision, today, content_hash)
    return Published(content_hash, board, is_new=True)


def mirror(
    campaign: Campaign,
    *,
    as_of: datetime,
    calendar: WorkCalendar,
    ledger: Ledger,
    warehouse: Warehouse,
    definitions: Definitions | None = None,
) -> tuple[Sequence[Obligation], Mapping[str, StandingView], Sequence[LetterRecord]]:
    """Replace the warehouse's mirror of the ledger for a campaign; return what it was made from.

    With *definitions*, the surveyed equipment is judged by the catalogue and searched for suspected omissions, too.
    """
    obligations = ledger.obligations(campaign.id)
    views = standings(
        obligations,
        ledger.submitted(campaign.id),
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    letters = ledger.letters(campaign.id)
    tables = ledger_tables(
        campaign, obligations, views, ledger.submissions(campaign.id), letters, approvals=ledger.approvals(campaign.id)
    )
    warehouse.refresh(tables, campaign=campaign.id)
    if definitions is not None:
        look_for_omissions(campaign, definitions=definitions, warehouse=warehouse)
    return obligations, views, letters


def _letter_counts(letters: Sequence[LetterRecord]) -> list[tuple[LetterKind, int]]:
    counts: dict[LetterKind, int] = {}
    for record in letters:
        if record.letter.state in IN_THE_OUTBOX_OR_OUT:
            counts[record.letter.kind] = counts.get(record.letter.kind, 0) + 1
    return sorted(counts.items())


def todos(
    campaign: Campaign,
    letters: Sequence[LetterRecord],
    deliveries: Sequence[DeliveryRecord],
    waiting: Sequence[WaitingDraft],
    *,
    as_of: datetime,
) -> list[dict[str, object]]:
    """Return what waits for a person: drafts to release, deliveries in quarantine, letters that may not have left."""
    names = {unit.code: unit.name for unit in campaign.units}
    drafts = [_draft_todo(draft, campaign) for draft in waiting]
    unsure = [
        _todo(record, campaign, "函件是否送达待查", "请向对方核实是否收到")
        for record in letters
        if record.letter.state in {LetterState.UNCERTAIN, LetterState.FAILED}
    ]
    quarantined = [
        _quarantined_todo(record, names, as_of=as_of) for record in deliveries if record.outcome is Outcome.QUARANTINED
    ]
    return [*drafts, *unsure, *quarantined]


def explained_todos(campaign: Campaign, ledger: Ledger) -> list[dict[str, object]]:
    """Return how many findings each unit stands by in its newest forms: the office reads why, and lets pass or not."""
    if not ledger.explanations(campaign.id):
        return []
    newest = {submission.obligation: submission for submission in ledger.submissions(campaign.id)}
    explained: dict[tuple[str, bool], list[date]] = {}
    for submission in newest.values():
        for finding in submission.findings:
            if finding.explained_on is not None:
                key = (submission.unit, finding.severity in RETURNING)
                explained.setdefault(key, []).append(finding.explained_on)
    return [
        {
            "unit_name": campaign.unit(unit).name,
            "title": "情况说明待研究" if is_returned else "情况说明待阅",
            "detail": f"对{'须更正的问题' if is_returned else '警告事项'}作情况说明{len(days)}条",
            "since": min(days),
            "handling": "请研究是否同意豁免" if is_returned else "请查阅，理由不充分的，请联系填报单位",
        }
        for (unit, is_returned), days in sorted(explained.items())
    ]


def bounced_todos(
    campaign: Campaign, ledger: Ledger, letters: Sequence[LetterRecord], *, as_of: datetime
) -> list[dict[str, object]]:
    """Return the registered addresses to which nothing gets through; one that was replaced is nobody's task."""
    came_back = undeliverable(ledger.bounced(campaign.id), letters, as_of=as_of)
    if not came_back:
        return []
    known = {(one.unit, one.address.lower()) for one in ledger.contacts(campaign.id, as_of=as_of)}
    known |= {
        (unit.code, address.lower()) for unit in campaign.units for address in (unit.mailbox, unit.leader_mailbox)
    }
    return [
        {
            "unit_name": campaign.unit(one.unit).name,
            "title": "联系人邮箱退信",
            "detail": f"发往登记邮箱的函件被退回{f'（{one.status}）' if one.status else ''}",
            "since": day_in_china(one.at),
            "handling": f"请电话核实邮箱，并请填报单位重新报送工作联系人信息，函件编号{one.letter}",
        }
        for one in came_back
        if (one.unit, one.address.lower()) in known
    ]


def evidence_todos(campaign: Campaign, ledger: Ledger, *, near: int) -> list[dict[str, object]]:
    """Return of which units a picture serves twice: the office compares them, and says whose each is."""
    doubtful: dict[str, list[date]] = {}
    for overlap in evidence_overlaps(campaign.id, ledger, near=near):
        doubtful.setdefault(overlap.one.unit, []).append(day_in_china(overlap.one.received_at))
    return [
        {
            "unit_name": campaign.unit(unit).name,
            "title": "影像核对",
            "detail": f"用于两家企业或者同时作为拆除前后的相同、近似影像{len(days)}组",
            "since": min(days),
            "handling": f"请比对原图后归类：phaseout evidence list --unit {unit}",
        }
        for unit, days in sorted(doubtful.items())
    ]


def _draft_todo(draft: WaitingDraft, campaign: Campaign) -> dict[str, object]:
    title = f"{LETTER_WORDS[draft.record.letter.kind]}待签发"
    todo = _todo(draft.record, campaign, title, "由签发人决定签发或者不予签发")
    return todo | {"detail": f"{todo['detail']}，已等待{draft.age}个工作日"} if draft.age > 0 else todo


def _todo(record: LetterRecord, campaign: Campaign, title: str, handling: str) -> dict[str, object]:
    return {
        "unit_name": whom_it_concerns(record, campaign),
        "title": title,
        "detail": record.letter.subject,
        "since": record.letter.day,
        "handling": f"{handling}，函件编号{record.id}",
    }


def _quarantined_todo(record: DeliveryRecord, names: Mapping[str, str], *, as_of: datetime) -> dict[str, object]:
    arrived_on = day_in_china(record.delivery.arrived_at)
    days = (day_in_china(as_of) - arrived_on).days
    return {
        "unit_name": names.get(record.delivery.unit or "", "—"),
        "title": "来件隔离待查",
        "detail": record.reason + (f"，已隔离{days}天" if days > 0 else ""),
        "since": arrived_on,
        "handling": f"请核实发件人后处理：phaseout quarantine show {record.delivery.id[:8].upper()}",
    }


def ledger_tables(
    campaign: Campaign,
    obligations: Sequence[Obligation],
    views: Mapping[str, StandingView],
    submissions: Sequence[Submission],
    letters: Sequence[LetterRecord],
    *,
    approvals: Sequence[Approval] = (),
) -> dict[str, list[dict[str, object]]]:
    """Return the warehouse's mirror of the ledger; instants in China's time, without people and free text."""
    decided = {approval.letter: approval for approval in approvals}
    return {
        "obligation": [_obligation_row(campaign, one, views[one.id]) for one in obligations],
        "submission": [_submission_row(campaign, one) for one in submissions],
        "finding": [row for one in submissions for row in _finding_rows(campaign, one)],
        "letter": [_letter_row(campaign, record, decided.get(record.id)) for record in letters],
    }


def _local(instant: datetime | None) -> datetime | None:
    return instant.astimezone(CHINA).replace(tzinfo=None) if instant else None


def _obligation_row(campaign: Campaign, obligation: Obligation, view: StandingView) -> dict[str, object]:
    return {
        "campaign_id": campaign.id,
        "obligation_id": obligation.id,
        "unit_code": obligation.unit,
        "unit_name": campaign.unit(obligation.unit).name,
        "milestone": obligation.milestone,
        "form": obligation.form,
        "industry": obligation.industry,
        "period": obligation.period,
        "nominal_due_date": obligation.nominal_due,
        "due_date": obligation.due,
        "reminder_date": obligation.reminder_date,
        "close_date": obligation.closes,
        "hardness": obligation.hardness.value,
        "is_paper": obligation.is_paper,
        "is_exempt": view.exempt is not None,
        "standing": view.standing.value,
        "reason": view.reason,
        "arrived_at": _local(view.arrived_at),
        "accepted_at": _local(view.accepted_at),
        "days_late": view.days_late,
        "versions": view.versions,
        "open_findings": view.open_findings,
    }


def _submission_row(campaign: Campaign, submission: Submission) -> dict[str, object]:
    return {
        "campaign_id": campaign.id,
        "submission_id": submission.id,
        "obligation_id": submission.obligation,
        "unit_code": submission.unit,
        "form": submission.form,
        "industry": submission.industry,
        "period": submission.period,
        "version": submission.version,
        "sha256": submission.sha256,
        "arrived_at": _local(submission.arrived_at),
        "decided_at": _local(submission.decided_at),
        "decision": submission.decision.value,
        "is_zero": submission.is_zero,
        "finding_count": len(submission.findings),
    }


def _finding_rows(campaign: Campaign, submission: Submission) -> list[dict[str, object]]:
    return [
        {
            "campaign_id": campaign.id,
            "submission_id": submission.id,
            "finding_no": number,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "title": finding.title,
            "row_no": finding.row,
            "cell": finding.cell,
            "field": finding.field,
            "field_label": finding.field_label,
        }
        for number, finding in enumerate(submission.findings, start=1)
    ]


def _letter_row(campaign: Campaign, record: LetterRecord, approval: Approval | None) -> dict[str, object]:
    letter = record.letter
    return {
        "campaign_id": campaign.id,
        "letter_id": record.id,
        "unit_code": letter.unit,
        "kind": letter.kind.value,
        "day": letter.day,
        "state": letter.state.value,
        "item_count": len(letter.items),
        "created_at": _local(letter.created_at),
        "settled_at": _local(record.settled_at),
        "is_released": approval.is_released if approval else None,
        "decided_at": _local(approval.at) if approval else None,
    }
