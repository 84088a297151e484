"""Act as the office (扮演经办人): in a replay, register the paper copies that the invented cities send."""

from datetime import date, datetime

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.decision import Decision
from phaseout.domain.invented.papers import Awaited, papers_on
from phaseout.domain.invented.year import InventedYear
from phaseout.domain.obligation import Obligation
from phaseout.domain.paper import file_of
from phaseout.ports import Ledger


def act_as_office(
    year: InventedYear,
    campaign: Campaign,
    day: date,
    *,
    seed: int,
    as_of: datetime,
    calendar: WorkCalendar,
    ledger: Ledger,
) -> int:
    """Register a day's paper in one transaction; return how many receipts there were."""
    wanted = _wanted(campaign, ledger) if calendar.is_working_day(day) else []
    if not wanted:
        return 0
    # The findings make this a long answer: it is asked for only while paper is awaited.
    files = {one.obligation: one for one in ledger.submissions(campaign.id) if one.decision is Decision.ACCEPTED}
    received = ledger.papers(campaign.id)
    awaited = [
        Awaited(
            owed=one,
            copies=campaign.milestone(one.milestone).paper_copies,
            file=files[file_of(one.id)],
            received=[receipt for receipt in received if receipt.obligation == one.id],
        )
        for one in wanted
    ]
    parts = {plan.unit.unit.code: plan.habit.part for plan in year.plans}
    receipts = list(papers_on(day, awaited, parts=parts, calendar=calendar, seed=seed, as_of=as_of))
    return ledger.record_papers(receipts) if receipts else 0


def _wanted(campaign: Campaign, ledger: Ledger) -> list[Obligation]:
    """Return what is owed on paper, open, and not complete, of which the file is accepted."""
    submitted = ledger.submitted(campaign.id)
    accepted = {
        obligation
        for obligation, versions in submitted.items()
        if any(one.decision is Decision.ACCEPTED for one in versions)
    }
    return [
        one
        for one in ledger.obligations(campaign.id)
        if one.is_paper and one.id not in accepted and file_of(one.id) in accepted
    ]
