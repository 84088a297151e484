"""The ladder (催报梯级): which line each unit's letter of a day holds, from where its obligations stand.

Nothing is queued ahead: the answer follows from standing, calendar and the items written so far, as of a day.
So a second run finds nothing to add, and a run after an outage writes the rung that is right now, once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Hardness, Rung
from phaseout.domain.letter import LetterItem, LetterKind
from phaseout.domain.obligation import Obligation, Standing, StandingView

# The request (报送提示函) that opens a window stands before the ladder's first rung.
REQUEST_ORDER = 0
URGENCY = {LetterKind.REQUEST: 0, LetterKind.REMINDER: 1, LetterKind.OVERDUE: 2}
# A unit that mends a returned file hears the day before and after; it was told the date with the return.
FIRST_RUNG_OF_A_CORRECTION = -1


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation in a letter: what the letter says of it, and the items that it settles."""

    obligation: Obligation
    view: StandingView
    letter: LetterKind
    rung: Rung | None  # none: the request alone
    due: date  # the due date, or the correction date of a returned submission
    days_late: int
    items: tuple[LetterItem, ...]

    @property
    def waits_for_release(self) -> bool:
        """Say whether a named person must release what this line is part of."""
        return self.rung is not None and self.rung.release


@dataclass(frozen=True, slots=True)
class Planned:
    """The lines of one letter to one unit."""

    unit: str
    kind: LetterKind
    lines: tuple[Line, ...]
    release: bool


def rung_to_send(
    ladder: Sequence[Rung], *, due: date, today: date, last_order: int, calendar: WorkCalendar
) -> Rung | None:
    """Return the highest rung reached but not yet sent."""
    # Only the highest: after an outage a unit gets one letter, not a backlog.
    reached = [rung for rung in ladder if calendar.shift(due, rung.days_late) <= today]
    rung = max(reached, key=lambda r: r.order, default=None)
    return rung if rung and rung.order > last_order else None


def plan_letters(
    owed: Sequence[tuple[Obligation, StandingView]],
    *,
    ladder: Sequence[Rung],
    written: Collection[LetterItem],
    calendar: WorkCalendar,
    today: date,
) -> tuple[Planned, ...]:
    """Return the unprompted letters of *today*: at most one digest a unit, and the drafts of rungs with release."""
    if not calendar.is_working_day(today):
        return ()
    lines = [
        line
        for track in _tracks(ladder, written)
        for obligation, view in owed
        if (line := line_due(obligation, view, track=track, calendar=calendar, today=today))
    ]
    return tuple(_letters(lines))


@dataclass(frozen=True, slots=True)
class Track:
    """Rungs that are climbed by themselves, and how far each obligation and version has come on them."""

    rungs: tuple[Rung, ...]
    last: Mapping[tuple[str, int], int]
    asks: bool  # whether it begins with the request


def _tracks(ladder: Sequence[Rung], written: Collection[LetterItem]) -> tuple[Track, Track]:
    """Part what leaves by itself from what waits for a person: a draft must not stand for the letter to the unit."""
    notices = tuple(rung for rung in ladder if rung.release)
    orders = {rung.order for rung in notices}
    return (
        Track(
            rungs=tuple(rung for rung in ladder if not rung.release),
            last=_last_orders(item for item in written if item.rung not in orders),
            asks=True,
        ),
        Track(rungs=notices, last=_last_orders(item for item in written if item.rung in orders), asks=False),
    )


def line_due(
    obligation: Obligation, view: StandingView, *, track: Track, calendar: WorkCalendar, today: date
) -> Line | None:
    """Return what today's letter of a track says of one obligation, if anything."""
    if not view.is_owed or not obligation.opens <= today <= obligation.closes or obligation.form is None:
        return None
    version = view.versions if view.standing is Standing.RETURNED else 0
    due = view.correction_due or obligation.due
    last_order = track.last.get((obligation.id, version), -1)
    rung = rung_to_send(
        _rungs_for(track.rungs, obligation, version=version),
        due=due,
        today=today,
        last_order=max(last_order, REQUEST_ORDER),
        calendar=calendar,
    )
    is_request = track.asks and version == 0 and last_order < REQUEST_ORDER
    if rung is None and not is_request:
        return None
    orders = ([REQUEST_ORDER] if is_request else []) + ([rung.order] if rung else [])
    letter = LetterKind(rung.letter) if rung else LetterKind.REQUEST
    return Line(
        obligation=obligation,
        view=view,
        letter=LetterKind.REQUEST if is_request and letter is LetterKind.REMINDER else letter,
        rung=rung,
        due=due,
        days_late=calendar.days_late(due, today),
        items=tuple(LetterItem(obligation.id, order, version) for order in orders),
    )


def _last_orders(written: Iterable[LetterItem]) -> dict[tuple[str, int], int]:
    last: dict[tuple[str, int], int] = {}
    for item in written:
        key = (item.obligation, item.version)
        last[key] = max(last.get(key, -1), item.rung)
    return last


def _rungs_for(ladder: Sequence[Rung], obligation: Obligation, *, version: int) -> list[Rung]:
    rungs = [rung for rung in ladder if version == 0 or rung.days_late >= FIRST_RUNG_OF_A_CORRECTION]
    if obligation.hardness is Hardness.SOFT:  # 原则上: reminded, never escalated
        return [rung for rung in rungs if rung.letter == LetterKind.REMINDER]
    return rungs


def _letters(lines: list[Line]) -> Iterator[Planned]:
    """Gather lines into one digest a unit, and one draft a unit and kind of notice."""
    for unit, of_unit in groupby(
        sorted(lines, key=lambda line: line.obligation.unit), lambda line: line.obligation.unit
    ):
        own = list(of_unit)
        digest = tuple(line for line in own if not line.waits_for_release)
        if digest:
            kind = max((line.letter for line in digest), key=URGENCY.__getitem__)
            yield Planned(unit, kind, digest, release=False)
        drafts = [line for line in own if line.waits_for_release]
        for kind in sorted({line.letter for line in drafts}):
            yield Planned(unit, kind, tuple(line for line in drafts if line.letter is kind), release=True)
