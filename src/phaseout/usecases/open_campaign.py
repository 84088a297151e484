"""Open a campaign (开启): write what every unit owes, from the first day on."""

from datetime import datetime

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.obligation import plan_obligations
from phaseout.ports import Contact, Definitions, Ledger


def open_campaign(
    campaign_id: str, *, as_of: datetime, definitions: Definitions, calendar: WorkCalendar, ledger: Ledger
) -> int:
    """Write the campaign's obligations and first contacts; return how many obligations were new."""
    campaign = definitions.campaign(campaign_id)
    obligations = plan_obligations(campaign, calendar=calendar)
    return ledger.open_campaign(campaign, obligations, _first_contacts(campaign, as_of), as_of=as_of)


def _first_contacts(campaign: Campaign, as_of: datetime) -> list[Contact]:
    """The mailboxes that the campaign's data gives, until contact forms name people."""
    return [
        Contact(campaign.id, unit.code, role, unit.body, address, "", as_of)
        for unit in campaign.units
        for role, address in (("unit_mailbox", unit.mailbox), ("leader", unit.leader_mailbox))
    ]
