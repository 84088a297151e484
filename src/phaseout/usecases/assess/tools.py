"""What assessing works with: the ports, and each open campaign as it stands."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property

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


@dataclass(frozen=True)  # no slots: it keeps its indexes, for a batch asks of thousands of units
class OpenCampaign:
    """A campaign in the ledger, indexed for assessing."""

    campaign: Campaign
    obligations: Sequence[Obligation]
    owed: Mapping[str, Mapping[AnswerKey, Obligation]]  # by unit
    submitted: Mapping[str, Sequence[Submitted]]  # by obligation
    contacts: Sequence[Contact]
    asked: Callable[[], Collection[str]] = frozenset  # obligations that a letter asked for; looked up when it matters

    @cached_property
    def by_id(self) -> Mapping[str, Obligation]:
        """The obligations by their ids."""
        return {one.id: one for one in self.obligations}

    def obligations_of(self, unit: str) -> Sequence[Obligation]:
        """Return a unit's obligations, in their order."""
        return self._by_unit.get(unit, ())

    def unit_of(self, address: str) -> Unit | None:
        """Return the unit that one of the registered addresses belongs to."""
        unit = self._unit_by_address.get(address.lower())
        return self._known_unit(unit) if unit is not None else None

    def unit(self, code: str) -> Unit | None:
        """Return the unit of a code, if the campaign has it."""
        return self._units.get(code)

    def address_of(self, unit: str) -> str:
        """Return the address to which answers to a unit's files go."""
        by_role = {contact.role: contact.address for contact in self._contacts_of.get(unit, ())}
        return by_role.get("contact") or by_role.get("unit_mailbox") or self._known_unit(unit).mailbox

    def answer_to(self, address: str | None, unit: str) -> str:
        """Return where an answer goes: to the sender if the unit has registered him, never to a stranger."""
        own = {contact.address.lower() for contact in self._contacts_of.get(unit, ())}
        return address if address is not None and address.lower() in own else self.address_of(unit)

    def _known_unit(self, code: str) -> Unit:
        return self._units.get(code) or self.campaign.unit(code)  # which says that it has none

    @cached_property
    def _by_unit(self) -> Mapping[str, Sequence[Obligation]]:
        own: dict[str, list[Obligation]] = {}
        for one in self.obligations:
            own.setdefault(one.unit, []).append(one)
        return own

    @cached_property
    def _contacts_of(self) -> Mapping[str, Sequence[Contact]]:
        own: dict[str, list[Contact]] = {}
        for contact in self.contacts:
            own.setdefault(contact.unit, []).append(contact)
        return own

    @cached_property
    def _unit_by_address(self) -> Mapping[str, str]:
        return {contact.address.lower(): contact.unit for contact in reversed(self.contacts)}  # the first one counts

    @cached_property
    def _units(self) -> Mapping[str, Unit]:
        return {unit.code: unit for unit in reversed(self.campaign.units)}  # likewise


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
