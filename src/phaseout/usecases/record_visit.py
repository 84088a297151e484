"""Record a visit (调研督导): where somebody of a higher level looked, on which day, and what was found."""

from datetime import date, datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.visit import Visit
from phaseout.errors import UsageError
from phaseout.ports import Definitions, Ledger


class NobodyRecords(UsageError):
    """A visit is recorded by a named person, with a reason."""

    def __init__(self) -> None:
        super().__init__("say who records it and why: --by NAME --reason TEXT")


class NoVisit(UsageError):
    """What is to be recorded is no visit."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"this is no visit: {reason}")


def record_visit(
    campaign_id: str,
    unit: str,
    *,
    day: date,
    place: str,
    finding: str,
    visited_by: str,
    by: str,
    reason: str,
    as_of: datetime,
    definitions: Definitions,
    ledger: Ledger,
) -> bool:
    """Record a visit; False if it is there already.

    Raises:
        NobodyRecords: no name or no reason was given.
        UnknownUnit: the campaign has no such unit.
        NoVisit: it names no place or no visitor, or a day to come.
    """
    if not by.strip() or not reason.strip():
        raise NobodyRecords
    if not place.strip() or not visited_by.strip():
        raise NoVisit(reason="name the place and who was there")
    if day > day_in_china(as_of):
        raise NoVisit(reason=f"{day} is still to come")
    known = definitions.campaign(campaign_id).unit(unit)
    visit = Visit(
        campaign=campaign_id,
        unit=known.code,
        day=day,
        place=place.strip(),
        finding=finding.strip(),
        visited_by=visited_by.strip(),
        by=by.strip(),
        reason=reason.strip(),
        at=as_of,
    )
    return ledger.record_visit(visit)
