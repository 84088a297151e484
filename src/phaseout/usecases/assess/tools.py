"""What assessing works with: the ports, and each open campaign as it stands."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign, Unit
from phaseout.domain.intake import AnswerKey, by_answer
from phaseout.domain.obligation import Obligation, Submitted
from phaseout.ports import (
    Archive,
    Checker,
    Contact,
    Definitions,
    Ledger,
    MarkedCopies,
    MessageReader,
    PictureReader,
    Warehouse,
    WorkbookReader,
)
from phaseout.usecases import Desk


@dataclass(frozen=True, slots=True)
class Tools:
    """The ports that assessing needs."""

    definitions: Definitions
    calendar: WorkCalendar
    ledger: Ledger
    archive: Archive
    messages: MessageReader
    workbooks: WorkbookReader
    pictures: PictureReader
    copies: MarkedCopies
    checker: Checker
    warehouse: Warehouse
    desk: Callable[[Campaign], Desk]
    catch_up: Callable[[], int]  # loads what the ledger accepted and the warehouse does not hold
    require_authentic: bool  # whether the provider must vouch for a sender


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """A campaign in the ledger, indexed for assessing."""

    campaign: Campaign
    obligations: Sequence[Obligation]
    owed: Mapping[str, Mapping[AnswerKey, Obligation]]  # by unit
    submitted: Mapping[str, Sequence[Submitted]]  # by obligation
    contacts: Sequence[Contact]
    asked: Callable[[], Collection[str]] = frozenset  # obligations that a letter asked for; looked up when it matters

    def unit_of(self, address: str) -> Unit | None:
        """Return the unit that one of the registered addresses belongs to."""
        for contact in self.contacts:
            if contact.address.lower() == address.lower():
                return self.campaign.unit(contact.unit)
        return None

    def unit(self, code: str) -> Unit | None:
        """Return the unit of a code, if the campaign has it."""
        return next((unit for unit in self.campaign.units if unit.code == code), None)

    def address_of(self, unit: str) -> str:
        """Return the address to which answers to a unit's files go."""
        by_role = {contact.role: contact.address for contact in self.contacts if contact.unit == unit}
        return by_role.get("contact") or by_role.get("unit_mailbox") or self.campaign.unit(unit).mailbox

    def answer_to(self, address: str | None, unit: str) -> str:
        """Return where an answer goes: to the sender if the unit has registered him, never to a stranger."""
        own = {contact.address.lower() for contact in self.contacts if contact.unit == unit}
        return address if address is not None and address.lower() in own else self.address_of(unit)


def open_campaigns(tools: Tools, *, as_of: datetime) -> tuple[OpenCampaign, ...]:
    """Return the campaigns that were opened, newest first."""
    return tuple(
        open_campaign_of(tools, campaign_id, as_of=as_of) for campaign_id in reversed(tools.ledger.open_campaigns())
    )


def open_campaign_of(tools: Tools, campaign_id: str, *, as_of: datetime) -> OpenCampaign:
    """Return one campaign of the ledger, indexed."""
    obligations = tools.ledger.obligations(campaign_id)
    return OpenCampaign(
        campaign=tools.definitions.campaign(campaign_id),
        obligations=obligations,
        owed=by_answer(obligations),
        submitted=tools.ledger.submitted(campaign_id),
        contacts=tools.ledger.contacts(campaign_id, as_of=as_of),
        asked=cache(lambda: {item.obligation for item in tools.ledger.items(campaign_id)}),
    )
