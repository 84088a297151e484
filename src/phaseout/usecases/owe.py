"""Owe (立项): write the obligations that depend on how things stand, such as a December 表3 while items are open."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign, Condition, Milestone, Term
from phaseout.domain.closure import open_items
from phaseout.domain.obligation import Obligation, obligations_of
from phaseout.ports import Definitions, Ledger


def owe(campaign_id: str, *, as_of: datetime, definitions: Definitions, calendar: WorkCalendar, ledger: Ledger) -> int:
    """Add the conditional obligations whose window is open and whose condition holds; return how many were new."""
    campaign = definitions.campaign(campaign_id)
    today = day_in_china(as_of)
    terms = [
        (milestone, term)
        for milestone in campaign.milestones
        for term in milestone.terms
        if term.condition is Condition.OPEN_ITEMS and term.opens <= today <= term.closes
    ]
    if not terms:
        return 0
    return ledger.add_obligations(list(_owed(campaign, terms, calendar=calendar, ledger=ledger)), as_of=as_of)


def _owed(
    campaign: Campaign, terms: Sequence[tuple[Milestone, Term]], *, calendar: WorkCalendar, ledger: Ledger
) -> Iterator[Obligation]:
    obligations = ledger.obligations(campaign.id)
    submitted = ledger.submitted(campaign.id)
    for milestone, term in terms:
        for unit in campaign.units:
            own = {obligation.id: obligation for obligation in obligations if obligation.unit == unit.code}
            if open_items(own, submitted):
                yield from obligations_of(campaign, unit, milestone, term, calendar=calendar)
