"""Extend (延期): a named person grants one unit a later due date."""

from collections.abc import Callable
from datetime import date, datetime

from phaseout.domain.letter import Letter
from phaseout.domain.obligation import Obligation, UnknownObligation
from phaseout.errors import UsageError
from phaseout.ports import Ledger


class NobodyGrants(UsageError):
    """An extension needs the name of the person who decides."""

    def __init__(self) -> None:
        super().__init__("say who decides: --by NAME")


class NoExtension(UsageError):
    """The day granted is none to which a due date can be extended."""

    def __init__(self, obligation: Obligation, *, due: date) -> None:
        self.due = due
        super().__init__(
            f"{obligation.id} cannot be extended to {due}: "
            f"it is due on {obligation.due} and closes on {obligation.closes}; name a day after the one, by the other"
        )


def extend(
    obligation: str,
    due: date,
    *,
    by: str,
    reason: str,
    as_of: datetime,
    ledger: Ledger,
    letter: Callable[[Obligation, date], Letter] | None = None,
) -> None:
    """Record that an obligation is due later, within its window, and tell the unit.

    *letter* writes to it, from the obligation as it is now and the day that it was due before.

    Raises:
        NobodyGrants: no name was given.
        UnknownObligation: no open campaign has such an obligation.
        NoExtension: the day is not after the present due date, or after the close date.
    """
    if not by.strip():
        raise NobodyGrants
    owed = {one.id: one for campaign in ledger.open_campaigns() for one in ledger.obligations(campaign)}.get(obligation)
    if owed is None:
        raise UnknownObligation(obligation=obligation)
    if not owed.due < due <= owed.closes:
        raise NoExtension(owed, due=due)
    ledger.extend(obligation, due, by=by.strip(), reason=reason, as_of=as_of)
    if letter is not None:
        extended = next(one for one in ledger.obligations(owed.campaign) if one.id == obligation)
        ledger.queue([letter(extended, owed.due)])
