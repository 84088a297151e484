"""The ladder (催报梯级): which line each unit's letter of a day holds, from where its obligations stand.

Nothing is queued ahead: the answer follows from standing, calendar and the items written so far, as of a day.
So a second run finds nothing to add, and a run after an outage writes the rung that is right now, once.

An obligation climbs from its due date, a returned one from its correction date. Each extension, each new plan and each
returned version starts a climb (攀升) of its own, at the bottom.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import CountedIn, Hardness, Rung
from phaseout.domain.letter import LetterItem, LetterKind
from phaseout.domain.obligation import Obligation, Standing, StandingView
from phaseout.domain.paper import file_of

# The request (报送提示函) that opens a window stands before the ladder's first rung. It is written once for an
# obligation, whatever becomes of its dates: its item belongs to no climb.
REQUEST_ORDER = 0
URGENCY = {LetterKind.REQUEST: 0, LetterKind.REMINDER: 1, LetterKind.OVERDUE: 2}
# A unit that mends a returned file hears the day before and after; it was told the date with the return.
FIRST_RUNG_OF_A_CORRECTION = -1
NO_RUNG = -1


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
        # What concerns enterprises is told to those above the unit: never without a person, whatever the data say.
        return self.rung is not None and (self.rung.release or self.obligation.hardness is Hardness.GOAL)


@dataclass(frozen=True, slots=True)
class Planned:
    """The lines of one letter to one unit, or about it."""

    unit: str
    kind: LetterKind
    lines: tuple[Line, ...]
    release: bool

    @property
    def by_urgency(self) -> tuple[Obligation, ...]:
        """The obligations that it speaks of, the most urgent last: the later kind, then the earlier day."""
        ordered = sorted(self.lines, key=lambda line: (URGENCY.get(line.letter, len(URGENCY)), -line.due.toordinal()))
        return tuple(line.obligation for line in ordered)


def rung_day(rung: Rung, due: date, *, grace: int, calendar: WorkCalendar) -> date:
    """Return the day from which a rung is reached.

    In the grace (宽限期) after the date that is climbed from, a unit is reminded and nothing else.
    """
    if rung.counted_in is CountedIn.CALENDAR_DAYS:
        day = due + timedelta(days=rung.days_late)
    else:
        day = calendar.shift(due, rung.days_late)
    return day if rung.letter == LetterKind.REMINDER else max(day, calendar.shift(due, grace + 1))


def rung_to_send(
    ladder: Sequence[Rung], *, due: date, today: date, last_order: int, calendar: WorkCalendar, grace: int = 0
) -> Rung | None:
    """Return the highest rung reached but not yet sent."""
    # Only the highest: after an outage a unit gets one letter, not a backlog.
    reached = [rung for rung in ladder if rung_day(rung, due, grace=grace, calendar=calendar) <= today]
    rung = max(reached, key=lambda r: r.order, default=None)
    return rung if rung and rung.order > last_order else None


def climb_of(obligation: Obligation, view: StandingView) -> int:
    """Return the number of an obligation's present climb (攀升): it only grows."""
    return obligation.moves + (view.versions if view.standing is Standing.RETURNED else 0)


def plan_letters(
    owed: Sequence[tuple[Obligation, StandingView]],
    *,
    ladder: Sequence[Rung],
    written: Collection[LetterItem],
    calendar: WorkCalendar,
    today: date,
    grace: Mapping[str, int] | None = None,
    enterprise_ladder: Sequence[Rung] = (),
) -> tuple[Planned, ...]:
    """Return the unprompted letters of *today*: at most one digest a unit, and the drafts of rungs with release.

    *grace* is the grace of milestones that have one; *enterprise_ladder* is climbed by goals that were not met.
    """
    if not calendar.is_working_day(today):
        return ()
    routine, notices = _tracks(ladder, written)
    goals = {one.id for one, _ in owed if one.hardness is Hardness.GOAL} if enterprise_ladder else ()
    _, climbed = _last_orders(
        (item for item in written if item.obligation in goals), {r.order for r in enterprise_ladder}
    )
    enterprises = Track(tuple(enterprise_ladder), climbed)
    day = Day(today, calendar, grace or {})
    on_file = {one.id for one, view in owed if view.accepted_at and day_in_china(view.accepted_at) < today}
    lines = []
    for obligation, view in owed:
        if not (view.is_owed and obligation.opens <= today <= obligation.closes):
            continue
        # Paper is printed from the file that was accepted, and the receipt of that day asks for it.
        if obligation.is_paper and file_of(obligation.id) not in on_file:
            continue
        tracks = (enterprises,) if obligation.hardness is Hardness.GOAL else (routine, notices)
        lines += [line for track in tracks if (line := line_due(obligation, view, track=track, day=day))]
    return tuple(_letters(lines))


@dataclass(frozen=True, slots=True)
class Day:
    """The day on which letters are planned; how late a date is on it is counted once."""

    today: date
    calendar: WorkCalendar
    grace: Mapping[str, int]
    _late: dict[date, int] = field(default_factory=dict)

    def days_late(self, due: date) -> int:
        """Return the days that the day lies past *due*."""
        if due not in self._late:
            self._late[due] = self.calendar.days_late(due, self.today)
        return self._late[due]


@dataclass(frozen=True, slots=True)
class Track:
    """Rungs that are climbed by themselves, and how far each obligation has come on them in each climb."""

    rungs: tuple[Rung, ...]
    last: Mapping[tuple[str, int], int]
    asked: Collection[str] | None = None  # the obligations that were requested; none: it does not begin with that
    _reached: dict[tuple[date, bool, bool, int], Rung | None] = field(default_factory=dict)

    def reached(self, obligation: Obligation, due: date, *, is_correction: bool, day: Day) -> Rung | None:
        """Return the highest rung that is reached from *due*; many obligations share the answer."""
        is_soft, grace = obligation.hardness is Hardness.SOFT, day.grace.get(obligation.milestone, 0)
        key = (due, is_soft, is_correction, grace)
        if key not in self._reached:
            rungs = _rungs_for(self.rungs, is_soft=is_soft, is_correction=is_correction)
            self._reached[key] = rung_to_send(
                rungs, due=due, today=day.today, last_order=NO_RUNG, calendar=day.calendar, grace=grace
            )
        return self._reached[key]


def _tracks(ladder: Sequence[Rung], written: Iterable[LetterItem]) -> tuple[Track, Track]:
    """Part what leaves by itself from what waits for a person: a draft must not stand for the letter to the unit."""
    notices = tuple(rung for rung in ladder if rung.release)
    routine = tuple(rung for rung in ladder if not rung.release)
    orders = {rung.order for rung in notices}
    told, drafted = _last_orders(written, orders)
    return Track(routine, told, asked={obligation for obligation, _ in told}), Track(notices, drafted)


Orders = dict[tuple[str, int], int]


def _last_orders(written: Iterable[LetterItem], drafts: Collection[int]) -> tuple[Orders, Orders]:
    """Return the last rung of each obligation and climb, of those that leave by themselves and of *drafts*."""
    told: Orders = {}
    drafted: Orders = {}
    for item in written:  # of a large campaign some hundred thousand
        rung = item.rung
        last = drafted if rung in drafts else told
        key = (item.obligation, item.version)
        if rung > last.get(key, NO_RUNG):
            last[key] = rung
    return told, drafted


def line_due(obligation: Obligation, view: StandingView, *, track: Track, day: Day) -> Line | None:
    """Return what today's letter of a track says of one obligation that is owed, if anything."""
    if not _has_rungs(obligation):
        return None
    climb = climb_of(obligation, view)
    due, is_correction = view.correction_due or obligation.due, view.standing is Standing.RETURNED
    reached = track.reached(obligation, due, is_correction=is_correction, day=day)
    last_order = max(track.last.get((obligation.id, climb), NO_RUNG), REQUEST_ORDER)
    rung = reached if reached and reached.order > last_order else None
    is_new = track.asked is not None and obligation.id not in track.asked
    is_request = is_new and not (is_correction or obligation.is_paper)
    if rung is None and not is_request:
        return None
    letter = LetterKind(rung.letter) if rung else LetterKind.REQUEST
    items = [LetterItem(obligation.id, REQUEST_ORDER, 0)] if is_request else []
    items += [LetterItem(obligation.id, rung.order, climb)] if rung else []
    return Line(
        obligation=obligation,
        view=view,
        letter=LetterKind.REQUEST if is_request and letter is LetterKind.REMINDER else letter,
        rung=rung,
        due=due,
        days_late=day.days_late(due),
        items=tuple(items),
    )


def _has_rungs(obligation: Obligation) -> bool:
    """Say whether anything is ever written: about a form that is wanted by a day, or a goal to be met by one."""
    if obligation.hardness is Hardness.GOAL:
        return True
    return obligation.form is not None and obligation.hardness in {Hardness.HARD, Hardness.SOFT}


def _rungs_for(rungs: Sequence[Rung], *, is_soft: bool, is_correction: bool) -> list[Rung]:
    climbed = [rung for rung in rungs if not is_correction or rung.days_late >= FIRST_RUNG_OF_A_CORRECTION]
    if is_soft:  # 原则上: reminded, never escalated
        return [rung for rung in climbed if rung.letter == LetterKind.REMINDER]
    return climbed


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
