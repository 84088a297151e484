"""Open a campaign (开启): write what every unit owes, first and again when its data or the holidays have changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.letter import Letter
from phaseout.domain.obligation import Obligation, plan_obligations
from phaseout.domain.replanning import PlanChange, conditional_obligations, plan_change
from phaseout.errors import UsageError
from phaseout.ports import Contact, Definitions, Ledger


class NobodyReplans(UsageError):
    """A plan is changed by a named person, with a reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason TEXT")


class PlanDiffers(UsageError):
    """A campaign is opened again, and its data says something else than the ledger."""

    def __init__(self, *, campaign: str, differences: int) -> None:
        self.campaign = campaign
        self.differences = differences
        super().__init__(
            f"{campaign} is open, and its data differs from the ledger in {differences} points: "
            f"look at `phaseout campaign diff {campaign}`, then open it again with --by NAME --reason TEXT"
        )


class NotOpen(UsageError):
    """A campaign is asked about that was never opened."""

    def __init__(self, *, campaign: str) -> None:
        self.campaign = campaign
        super().__init__(f"{campaign} is not open; `phaseout campaign open {campaign}` opens it")


@dataclass(frozen=True, slots=True)
class Differences:
    """In what a campaign's data differs from the ledger."""

    change: PlanChange
    contacts: tuple[Contact, ...]  # mailboxes that the ledger has never had
    told: int = 0  # units that are told of other days, once it is applied

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return bool(self.change or self.contacts)

    def __len__(self) -> int:
        """Return how many obligations and mailboxes differ."""
        return len(self.change) + len(self.contacts)

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield what differs as flat rows: what is gone, what is new, field by field what is planned otherwise."""
        for one in self.change.gone:
            yield _row("gone", one)
        for one in self.change.new:
            yield _row("new", one)
        for moved in self.change.moved:
            for name in moved.fields:
                was, becomes = getattr(moved.was, name), getattr(moved.becomes, name)
                yield _row("moved", moved.was) | {"field": name, "from": was, "to": becomes}
        for contact in self.contacts:
            yield {
                "difference": "contact",
                "obligation": None,
                "unit": contact.unit,
                "due": None,
                "field": contact.role,
                "from": None,
                "to": contact.address,
            }

    def summed_up(self) -> list[dict[str, object]]:
        """Return what differs for people: one row for each milestone, period and change, with how many units it is."""
        changes = [
            *(("gone", one, None, None, None) for one in self.change.gone),
            *(("new", one, None, None, None) for one in self.change.new),
            *(
                ("moved", moved.was, name, getattr(moved.was, name), getattr(moved.becomes, name))
                for moved in self.change.moved
                for name in moved.fields
            ),
        ]
        units: dict[tuple[object, ...], set[str]] = {}
        for difference, one, *change in changes:
            units.setdefault((difference, one.milestone, one.period, *change), set()).add(one.unit)
        for contact in self.contacts:
            units.setdefault(("contact", None, None, contact.role, None, None), set()).add(contact.unit)
        heads = ("difference", "milestone", "period", "field", "from", "to")
        return [dict(zip(heads, key, strict=True)) | {"units": len(own)} for key, own in units.items()]


def _row(difference: str, obligation: Obligation) -> dict[str, object]:
    return {
        "difference": difference,
        "obligation": obligation.id,
        "unit": obligation.unit,
        "due": obligation.due,
        "field": None,
        "from": None,
        "to": None,
    }


def open_campaign(
    campaign_id: str, *, as_of: datetime, definitions: Definitions, calendar: WorkCalendar, ledger: Ledger
) -> int:
    """Write the campaign's obligations and first contacts; return how many obligations were new.

    Raises:
        FormsToCome: not all forms of the campaign are defined.
        PlanDiffers: it was opened before and its data is another now; a named person opens it again.
    """
    campaign = definitions.campaign(campaign_id)
    campaign.require_forms()
    if campaign_id in ledger.open_campaigns():
        found = _differences(campaign, as_of=as_of, calendar=calendar, ledger=ledger)
        if found:
            raise PlanDiffers(campaign=campaign_id, differences=len(found))
        return 0
    obligations = plan_obligations(campaign, calendar=calendar)
    return ledger.open_campaign(campaign, obligations, _first_contacts(campaign, as_of), as_of=as_of)


def differences(
    campaign_id: str, *, as_of: datetime, definitions: Definitions, calendar: WorkCalendar, ledger: Ledger
) -> Differences:
    """Return in what the campaign's data differs from the ledger.

    Raises:
        NotOpen: it was never opened.
    """
    if campaign_id not in ledger.open_campaigns():
        raise NotOpen(campaign=campaign_id)
    return _differences(definitions.campaign(campaign_id), as_of=as_of, calendar=calendar, ledger=ledger)


def replan(
    campaign_id: str,
    *,
    by: str,
    reason: str,
    as_of: datetime,
    definitions: Definitions,
    calendar: WorkCalendar,
    ledger: Ledger,
    tell: Callable[[Campaign, Mapping[str, Obligation]], Sequence[Letter]] | None = None,
) -> Differences:
    """Plan an open campaign anew (重新编排) as its data has it now; return in what it differed.

    *tell* writes to the units that were asked before, from the campaign and its obligations as they were until now.
    Nothing is overwritten: each change is a row of its own, and what a person has extended, reopened or exempted stays.

    Raises:
        NobodyReplans: no name or no reason was given.
        FormsToCome: not all forms of the campaign are defined.
        NotOpen: it was never opened.
    """
    if not by.strip() or not reason.strip():
        raise NobodyReplans
    campaign = definitions.campaign(campaign_id)
    campaign.require_forms()
    found = differences(campaign_id, as_of=as_of, definitions=definitions, calendar=calendar, ledger=ledger)
    if not found:
        return found
    before = {one.id: one for one in ledger.obligations(campaign_id)}
    ledger.replan(campaign, found.change, found.contacts, by=by.strip(), reason=reason.strip(), as_of=as_of)
    return replace(found, told=ledger.queue(tell(campaign, before))) if tell else found


def _differences(campaign: Campaign, *, as_of: datetime, calendar: WorkCalendar, ledger: Ledger) -> Differences:
    known = {_who(contact) for contact in ledger.all_contacts(campaign.id)}
    return Differences(
        plan_change(
            ledger.planned(campaign.id),
            wanted=plan_obligations(campaign, calendar=calendar),
            conditional=conditional_obligations(campaign, calendar=calendar),
        ),
        tuple(contact for contact in _first_contacts(campaign, as_of) if _who(contact) not in known),
    )


def _first_contacts(campaign: Campaign, as_of: datetime) -> list[Contact]:
    """The mailboxes that the campaign's data gives, until contact forms name people."""
    return [
        Contact(campaign.id, unit.code, role, unit.body, address, "", as_of)
        for unit in campaign.units
        for role, address in (("unit_mailbox", unit.mailbox), ("leader", unit.leader_mailbox))
    ]


def _who(contact: Contact) -> tuple[str, str, str, str]:
    return (contact.unit, contact.role, contact.name, contact.address)
