"""Mirror (镜像): the ledger as tables of the warehouse, as of an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.calendar import CHINA, WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.exemption import NAMELESS_EXEMPTION
from phaseout.domain.letter import Approval, LetterRecord
from phaseout.domain.obligation import Obligation, StandingView, standings
from phaseout.domain.submission import Submission
from phaseout.ports import Definitions, Ledger, Warehouse
from phaseout.usecases import look_for_omissions
from phaseout.usecases.publish.history import history_tables


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What the mirror was made from."""

    obligations: Sequence[Obligation]
    views: Mapping[str, StandingView]
    letters: Sequence[LetterRecord]


def mirror(
    campaign: Campaign,
    *,
    as_of: datetime,
    calendar: WorkCalendar,
    ledger: Ledger,
    warehouse: Warehouse,
    definitions: Definitions | None = None,
) -> Mirrored:
    """Replace the warehouse's mirror of the ledger for a campaign; return what it was made from.

    With *definitions*, the surveyed equipment is judged by the catalogue and searched for suspected omissions, too.
    """
    revision = ledger.revision()  # before all else is read: what comes meanwhile is of a later one
    obligations = ledger.obligations(campaign.id)
    views = standings(
        obligations,
        ledger.submitted(campaign.id),
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    letters, submissions = ledger.letters(campaign.id), ledger.submissions(campaign.id)
    tables = ledger_tables(
        campaign, obligations, views, submissions, letters, approvals=ledger.approvals(campaign.id)
    ) | history_tables(campaign, submissions, letters, calendar=calendar, ledger=ledger)
    cut_off = {"cut_off_at": _local(as_of), "ledger_revision": revision}
    warehouse.refresh({**tables, "cut_off": [cut_off]}, campaign=campaign.id)
    if definitions is not None:
        look_for_omissions(campaign, definitions=definitions, warehouse=warehouse)
    return Mirrored(obligations, views, letters)


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
    names = {unit.code: unit.name for unit in campaign.units}
    return {
        "obligation": [_obligation_row(campaign, one, views[one.id], names[one.unit]) for one in obligations],
        "submission": [_submission_row(campaign, one) for one in submissions],
        "finding": [row for one in submissions for row in _finding_rows(campaign, one)],
        "letter": [_letter_row(campaign, record, decided.get(record.id)) for record in letters],
    }


def _local(instant: datetime | None) -> datetime | None:
    return instant.astimezone(CHINA).replace(tzinfo=None) if instant else None


def _reason(view: StandingView) -> str:
    """Return why it stands there; of an exemption neither who granted it nor the free text of why."""
    return NAMELESS_EXEMPTION if view.exempt and view.reason == view.exempt.words else view.reason


def _obligation_row(
    campaign: Campaign, obligation: Obligation, view: StandingView, unit_name: str
) -> dict[str, object]:
    return {
        "campaign_id": campaign.id,
        "obligation_id": obligation.id,
        "unit_code": obligation.unit,
        "unit_name": unit_name,
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
        "reason": _reason(view),
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
            "remedy": finding.remedy,
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
