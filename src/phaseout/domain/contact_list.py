"""A list of contacts (联系人名单) that the office registers: each line is checked before any counts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from phaseout.domain.campaign import Campaign, Unit
from phaseout.domain.intake import is_unit

# As the office writes them, and as the ledger keeps them.
ROLES = {"联系人": "contact", "单位邮箱": "unit_mailbox", "分管领导": "leader", "发件人": "sender"}
_SEVERAL = "sender"  # a unit may have several addresses from which it may send

# What every mail system takes, and nothing that could end a header line or begin another address.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?=[A-Za-z0-9.-]{{1,253}}$){_LABEL}(\.{_LABEL})+", re.ASCII
)
_BETWEEN = re.compile(r"[；;、/,，\n]")
_PHONE = re.compile(r"[+()（）0-9 ,，、转-]{0,60}")
_MOST_NAME = 60


def first_address(text: str) -> str | None:
    """Return the first address of a cell that may hold several, if it is one that a letter can go to."""
    first = next((part for part in ("".join(one.split()) for one in _BETWEEN.split(text)) if part), "")
    return first if _ADDRESS.fullmatch(first) else None


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A line as it was written."""

    line: int
    unit: str
    role: str
    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """A line as it is understood."""

    line: int
    unit: str  # its code
    role: str
    name: str
    address: str
    phone: str

    @property
    def place(self) -> tuple[str, str, str]:
        """What one contact at a time holds; of senders there may be several."""
        return (self.unit, self.role, self.address.lower() if self.role == _SEVERAL else "")


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that cannot be registered, and why."""

    line: int
    reason: str


def understood(
    lines: Sequence[ContactLine], campaign: Campaign, *, owners: Mapping[str, str]
) -> tuple[list[ContactEntry], list[WrongLine]]:
    """Return the lines as they are understood, and what is wrong with the others.

    *owners* are the units to which addresses belong by now, by address: one address speaks for one unit.
    """
    entries, wrong = [], []
    places: dict[tuple[str, str, str], int] = {}
    owned = {address.lower(): unit for address, unit in owners.items()}
    for line in lines:
        unit = _unit(line.unit, campaign)
        entry = _entry(line, unit) if unit else None
        faults = list(_faults(line, unit, campaign))
        if entry and entry.role and not faults:
            faults += _doubled(entry, places, owned)
            places.setdefault(entry.place, line.line)
            owned.setdefault(entry.address.lower(), entry.unit)
        if faults or entry is None:
            wrong.append(WrongLine(line.line, "; ".join(faults)))
        else:
            entries.append(entry)
    return entries, wrong


def _entry(line: ContactLine, unit: Unit) -> ContactEntry:
    role = ROLES.get(line.role, line.role)
    return ContactEntry(line.line, unit.code, role, line.name or unit.body, line.address, line.phone)


def _unit(written: str, campaign: Campaign) -> Unit | None:
    return next((unit for unit in campaign.units if written == unit.code or is_unit(written, unit)), None)


def code_of(written: str, campaign: Campaign) -> str:
    """Return the code of the unit that is meant by its code or name; what means none as it is written."""
    unit = _unit(written, campaign)
    return unit.code if unit else written


def _faults(line: ContactLine, unit: Unit | None, campaign: Campaign) -> Iterator[str]:
    if unit is None:
        yield f"填报单位 {line.unit!r} is none of {campaign.id}"
    if line.role not in ROLES and line.role not in ROLES.values():
        yield f"角色 {line.role!r} is none of {'、'.join(ROLES)}"
    if not _ADDRESS.fullmatch(line.address):
        yield f"邮箱 {line.address!r} is no address" + ("" if line.address else "; every contact needs one")
    if not _PHONE.fullmatch(line.phone):
        yield f"电话 {line.phone!r} is no telephone number"
    if len(line.name) > _MOST_NAME or not line.name.isprintable():
        yield f"姓名 {line.name!r} is no name"


def _doubled(
    entry: ContactEntry, places: Mapping[tuple[str, str, str], int], owned: Mapping[str, str]
) -> Iterator[str]:
    if entry.place in places:
        yield f"line {places[entry.place]} names the same unit and role"
    if owned.get(entry.address.lower(), entry.unit) != entry.unit:
        yield f"邮箱 {entry.address!r} belongs to the unit {owned[entry.address.lower()]}"
