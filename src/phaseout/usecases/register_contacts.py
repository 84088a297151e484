"""Register contacts (联系人登记): a named person says who is written to, for one unit or by a whole list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from phaseout.domain.campaign import Campaign
from phaseout.domain.contact_list import ContactEntry, ContactLine, WrongLine, understood
from phaseout.errors import UsageError
from phaseout.ports import SENDER, Contact, Definitions, Ledger


class NobodyRegistersContacts(UsageError):
    """A contact is registered by a named person, with a reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason TEXT")


class WrongContacts(UsageError):
    """A list of contacts has lines that cannot be registered; none of it is."""

    def __init__(self, wrong: Sequence[WrongLine]) -> None:
        self.wrong = tuple(wrong)
        lines = "".join(f"\n  line {one.line}: {one.reason}" for one in wrong)
        super().__init__(f"nothing was registered; wrong are:{lines}")


class SameInstant(UsageError):
    """Two acts at one instant have no order."""

    def __init__(self, *, as_of: datetime) -> None:
        super().__init__(f"contacts were registered as of {as_of} before; name a later --as-of")


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A contact as it would be from now on, and whom it takes the place of."""

    was: Contact | None
    becomes: Contact


def changed_contacts(
    campaign_id: str,
    lines: Sequence[ContactLine],
    *,
    by: str,
    reason: str,
    as_of: datetime,
    definitions: Definitions,
    ledger: Ledger,
) -> list[ContactChange]:
    """Return what a list would change; what is registered so already is left out.

    Raises:
        NobodyRegistersContacts: no name or no reason was given.
        WrongContacts: lines are wrong.
        SameInstant: something else was registered in their place at the same instant.
    """
    if not by.strip() or not reason.strip():
        raise NobodyRegistersContacts
    campaign = definitions.campaign(campaign_id)
    now = ledger.contacts(campaign_id, as_of=as_of)
    entries, wrong = understood(lines, campaign, owners={one.address: one.unit for one in now})
    if wrong:
        raise WrongContacts(wrong)
    known = {one.place: one for one in now}
    offered = [
        ContactChange(known.get(entry.place), _contact(entry, campaign, by=by, reason=reason, as_of=as_of))
        for entry in entries
    ]
    changes = [one for one in offered if one.was is None or _said(one.was) != _said(one.becomes)]
    if any(one.was is not None and one.was.valid_from == as_of for one in changes):
        raise SameInstant(as_of=as_of)
    return changes


def register_contacts(
    campaign_id: str,
    lines: Sequence[ContactLine],
    *,
    by: str,
    reason: str,
    as_of: datetime,
    definitions: Definitions,
    ledger: Ledger,
) -> list[ContactChange]:
    """Register a list whole or not at all; return what it changed. What is registered later counts before it.

    Raises:
        NobodyRegistersContacts: no name or no reason was given.
        WrongContacts: lines are wrong.
    """
    changes = changed_contacts(
        campaign_id, lines, by=by, reason=reason, as_of=as_of, definitions=definitions, ledger=ledger
    )
    if changes:
        ledger.set_contacts([one.becomes for one in changes])
    return changes


def completed(line: ContactLine, campaign_id: str, *, as_of: datetime, ledger: Ledger) -> ContactLine:
    """Return a line for one unit and role, with what it leaves out as it is registered now; of senders nothing."""
    for known in ledger.contacts(campaign_id, as_of=as_of):
        if (known.unit, known.role) == (line.unit, line.role) and line.role != SENDER:
            return replace(
                line,
                name=line.name or known.name,
                address=line.address or known.address,
                phone=line.phone or known.phone,
            )
    return line


def _contact(entry: ContactEntry, campaign: Campaign, *, by: str, reason: str, as_of: datetime) -> Contact:
    return Contact(
        campaign=campaign.id,
        unit=entry.unit,
        role=entry.role,
        name=entry.name,
        address=entry.address,
        phone=entry.phone,
        valid_from=as_of,
        by=by.strip(),
        reason=reason.strip(),
    )


def _said(contact: Contact) -> tuple[str, str, str]:
    return (contact.name, contact.address, contact.phone)
