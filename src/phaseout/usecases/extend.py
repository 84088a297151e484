"""Extend (延期): a named person grants one unit a later due date."""

from collections.abc import Callable
from datetime import date, datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.decision import Decision
from phaseout.domain.letter import Letter
from phaseout.domain.obligation import PAPER, Obligation, UnknownObligation
from phaseout.errors import UsageError
from phaseout.ports import Ledger


class NobodyGrants(UsageError):
    """An extension needs the name of the person who decides, and the reason."""

    def __init__(self) -> None:
        super().__init__("say who decides and why: --by NAME --reason TEXT")


class NoExtension(UsageError):
    """The day granted is none to which a due date can be extended."""

    def __init__(self, obligation: Obligation, *, due: date) -> None:
        self.due = due
        super().__init__(
            f"{obligation.id} cannot be extended to {due}: "
            f"it is due on {obligation.due} and closes on {obligation.closes}; name a day after the one, by the other"
        )


class DayGoneBy(NoExtension):
    """The day granted lies behind: whoever has not filed by then would be late at once."""

    def __init__(self, obligation: Obligation, *, due: date, today: date) -> None:
        super().__init__(obligation, due=due)
        self.args = (f"{obligation.id} cannot be extended to {due}: that day has gone by; name one from {today} on",)


class NothingToExtend(NoExtension):
    """Nothing is waited for that could come later."""

    def __init__(self, obligation: Obligation, *, due: date, reason: str) -> None:
        super().__init__(obligation, due=due)
        self.args = (f"{obligation.id} cannot be extended: {reason}",)


Tell = Callable[[Obligation, date], Letter]  # writes to the unit, from the obligation as it is and the day it had


def extend(
    obligation: str,
    due: date,
    *,
    by: str,
    reason: str,
    as_of: datetime,
    ledger: Ledger,
    letter: Tell | None = None,
) -> bool:
    """Record that an obligation is due later, within its window, its paper too, and tell the unit.

    *letter* writes to it, from the obligation as it is now and the day that it was due before. False if that day was
    granted before.

    Raises:
        NobodyGrants: no name or no reason was given.
        UnknownObligation: no open campaign has such an obligation.
        NothingToExtend: it is a goal, or exempt, or met.
        NoExtension: the day is not after the present due date, or after the close date.
        DayGoneBy: the day lies behind.
    """
    if not by.strip() or not reason.strip():
        raise NobodyGrants
    known = {one.id: one for campaign in ledger.open_campaigns() for one in ledger.obligations(campaign)}
    owed = known.get(obligation)
    if owed is None:
        raise UnknownObligation(obligation=obligation)
    paper = known.get(obligation + PAPER)
    paper = paper if paper is not None and paper.is_paper else None
    _require_waited_for(owed, paper, due=due, ledger=ledger)
    granted = [one.due for one in ledger.extensions(owed.campaign) if one.obligation == obligation]
    if granted and due == owed.due == granted[-1]:
        planned = {one.id: one.due for one in ledger.planned(owed.campaign)}
        before = granted[-2] if len(granted) > 1 else planned[obligation]
        _tell(owed, before, ledger, letter)  # in case that the run that granted it died before; else nothing is new
        return False
    if not owed.due < due <= owed.closes:
        raise NoExtension(owed, due=due)
    today = day_in_china(as_of)
    if due < today:
        raise DayGoneBy(owed, due=due, today=today)
    ledger.extend(obligation, due, by=by.strip(), reason=reason.strip(), as_of=as_of)
    if paper is not None and paper.due < due:  # nobody prints what he need not have filed yet
        ledger.extend(paper.id, due, by=by.strip(), reason=reason.strip(), as_of=as_of)
    extended = next(one for one in ledger.obligations(owed.campaign) if one.id == obligation)
    _tell(extended, owed.due, ledger, letter)
    return True


def _tell(extended: Obligation, before: date, ledger: Ledger, letter: Tell | None) -> None:
    if letter is not None:  # its key keeps it from being told twice
        ledger.queue([letter(extended, before)])


def _require_waited_for(owed: Obligation, paper: Obligation | None, *, due: date, ledger: Ledger) -> None:
    if owed.form is None:
        opens = f"`phaseout campaign open {owed.campaign} --by NAME --reason TEXT`"
        reason = f"nothing is filed for it; its day is the notice's: change it in the campaign's data, then {opens}"
        raise NothingToExtend(owed, due=due, reason=reason)
    if owed.exempt is not None:
        again = f"`phaseout waive --withdraw {owed.id} --by NAME --reason TEXT`"
        raise NothingToExtend(owed, due=due, reason=f"its unit is exempt from it; {again} lets it be owed again")
    if any(one.decision is Decision.ACCEPTED for one in ledger.submitted(owed.campaign).get(owed.id, ())):
        instead = f"; what may be outstanding is its paper: extend {paper.id}" if paper else ""
        raise NothingToExtend(owed, due=due, reason=f"it is met: what was filed for it is accepted{instead}")
