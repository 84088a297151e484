"""History (沿革): what the ledger knew when, as tables of the warehouse, so that SQL can answer as of any instant."""

from collections.abc import Iterator, Sequence
from datetime import date

from phaseout.domain.calendar import CHINA, WorkCalendar, days_between
from phaseout.domain.campaign import Campaign
from phaseout.domain.letter import LetterRecord
from phaseout.domain.obligation_history import Known, KnownVersion, known_versions
from phaseout.domain.submission import Submission
from phaseout.ports import Ledger

Rows = list[dict[str, object]]


def history_tables(
    campaign: Campaign,
    submissions: Sequence[Submission],
    letters: Sequence[LetterRecord],
    *,
    calendar: WorkCalendar,
    ledger: Ledger,
) -> dict[str, Rows]:
    """Return what was known of a campaign from instant to instant, without people and free text."""
    names = {unit.code: unit.name for unit in campaign.units}
    terms = [known for history in ledger.histories(campaign.id) for known in history.known(calendar=calendar)]
    versions = list(known_versions(ledger.submitted(campaign.id), submissions, ledger.papers(campaign.id)))
    return {
        "campaign": [
            {
                "campaign_id": campaign.id,
                "title": campaign.title,
                "campaign_year": campaign.year,
                "opened_at": ledger.opened_at(campaign.id),
                "correction_working_days": campaign.correction_working_days,
            }
        ],
        "day": list(_day_rows(_years(terms, versions, calendar), calendar=calendar)),
        "obligation_term": [_term_row(known, names[known.obligation.unit]) for known in terms],
        "obligation_version": [_version_row(known) for known in versions],
        "letter_item": [row for record in letters for row in _item_rows(record)],
    }


def _years(terms: Sequence[Known], versions: Sequence[KnownVersion], calendar: WorkCalendar) -> range:
    """Return the years in which anything is written, owed or arrives, and the next, to which a correction may lead."""
    days = [day for known in terms for day in (known.obligation.opens, known.obligation.closes)]
    if not days:
        return range(0)
    days += [known.since.astimezone(CHINA).date() for known in terms]
    days += [known.submitted.arrived_at.astimezone(CHINA).date() for known in versions]
    first, last = min(days).year, max(days).year + 1
    return range(max(first, min(calendar.years)), min(last, max(calendar.years)) + 1)


def _day_rows(years: range, *, calendar: WorkCalendar) -> Iterator[dict[str, object]]:
    if not years:
        return
    so_far = 0
    for day in days_between(date(years[0], 1, 1), date(years[-1], 12, 31)):
        is_working_day = calendar.is_working_day(day)
        so_far += is_working_day
        yield {"day": day, "is_working_day": is_working_day, "working_days_so_far": so_far}


def _term_row(known: Known, unit_name: str) -> dict[str, object]:
    obligation = known.obligation
    return {
        "obligation_id": obligation.id,
        "unit_code": obligation.unit,
        "unit_name": unit_name,
        "milestone": obligation.milestone,
        "form": obligation.form,
        "industry": obligation.industry,
        "period": obligation.period,
        "open_date": obligation.opens,
        "nominal_due_date": obligation.nominal_due,
        "due_date": obligation.due,
        "reminder_date": obligation.reminder_date,
        "close_date": obligation.closes,
        "hardness": obligation.hardness.value,
        "is_paper": obligation.is_paper,
        "is_exempt": obligation.exempt is not None,
        "known_from": known.since,
        "known_until": known.until,
    }


def _version_row(known: KnownVersion) -> dict[str, object]:
    version = known.submitted
    return {
        "obligation_id": version.obligation,
        "version": version.version,
        "arrived_at": version.arrived_at,
        "decided_at": version.decided_at,
        "decision": version.decision.value if version.decision else None,
        "open_findings": version.findings,
        "item_count": version.figures.get("items"),
        "closed_count": version.figures.get("closed"),
        "known_from": known.since,
        "known_until": known.until,
    }


def _item_rows(record: LetterRecord) -> Iterator[dict[str, object]]:
    for item in record.letter.items:
        yield {
            "letter_id": record.id,
            "obligation_id": item.obligation,
            "rung": item.rung,
            "climb": item.version,
        }
