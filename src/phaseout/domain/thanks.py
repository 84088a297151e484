"""The end of a unit's campaign (办结): all that it owed is met and nothing is to come; it is told so, once."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.escalation import Line, Planned
from phaseout.domain.letter import LetterItem, LetterKind
from phaseout.domain.obligation import Obligation, Standing, StandingView

# Above every rung: each obligation that the letter closes has one item of it.
THANKS_ORDER = 1000

Owed = Sequence[tuple[Obligation, StandingView]]


def plan_thanks(
    owed: Iterable[tuple[Obligation, StandingView]],
    *,
    written: Collection[LetterItem],
    calendar: WorkCalendar,
    today: date,
) -> tuple[Planned, ...]:
    """Return the thanks-and-closing letters (致谢及办结函) of *today*."""
    if not calendar.is_working_day(today):
        return ()
    thanked = {item.obligation for item in written if item.rung == THANKS_ORDER}
    units: dict[str, list[tuple[Obligation, StandingView]]] = {}
    for one, view in owed:
        units.setdefault(one.unit, []).append((one, view))
    return tuple(
        _letter(unit, own, calendar=calendar, today=today)
        for unit, own in sorted(units.items(), key=lambda pair: pair[0])
        if is_done(own, today=today) and not any(one.id in thanked for one, _ in own)
    )


def is_done(own: Owed, *, today: date) -> bool:
    """Say whether a unit has met all it owed, its last due date has passed and its campaign is not long over."""
    if not all(view.standing is Standing.ACCEPTED or view.exempt is not None for _, view in own):
        return False
    return max(one.due for one, _ in own) < today <= max(one.closes for one, _ in own)


def _letter(unit: str, own: Owed, *, calendar: WorkCalendar, today: date) -> Planned:
    lines = tuple(_line(one, view, calendar=calendar, today=today) for one, view in own)
    return Planned(unit, LetterKind.THANKS, lines, release=False)


def _line(one: Obligation, view: StandingView, *, calendar: WorkCalendar, today: date) -> Line:
    items = (LetterItem(one.id, THANKS_ORDER, 0),)
    return Line(one, view, LetterKind.THANKS, None, one.due, calendar.days_late(one.due, today), items)
