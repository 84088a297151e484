"""Simulate (模拟): the letters that each unit would get by day, before a campaign is opened; nothing is kept or sent.

Units that owe the same get the same: one of them is led through the days, by the planner that writes the real letters.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from phaseout.domain.calendar import CHINA, DayOff, WorkCalendar
from phaseout.domain.campaign import Campaign, Condition, Unit
from phaseout.domain.day_letters import letters_of_day
from phaseout.domain.escalation import Planned
from phaseout.domain.letter import LetterItem, LetterKind
from phaseout.domain.obligation import Obligation, Standing, StandingView, due_date, obligations_of, standings
from phaseout.errors import UsageError

MORNING = time(9)  # when letters are written; the files of the day arrive later
MET = StandingView(Standing.ACCEPTED, "", None, None, 0, 1, 0, None)


class NotLate(UsageError):
    """A unit is to be late by no day at all."""

    def __init__(self, *, days: int) -> None:
        self.days = days
        super().__init__(f"late by {days} working days is not late: give one or more")


class Behaviour(StrEnum):
    """When a unit files what it owes."""

    ON_TIME = "on_time"  # on the last working day that is in time
    LATE = "late"  # some working days after each due date
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class SimulatedLetter:
    """One letter that a unit would get."""

    unit: str
    behaviour: Behaviour
    day: date
    letter: LetterKind
    about: tuple[tuple[str, str | None], ...]  # milestone and period, each once
    lines: int  # how many obligations it speaks of
    release: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """A day of the campaign on which offices are closed, and what happens instead."""

    milestone: str
    period: str | None
    occasion: str  # opens, due
    day: date
    cause: DayOff
    due: date
    heard_on: date  # the working day on which the unit hears: of the request, or of the last reminder


@dataclass(frozen=True, slots=True)
class BusyDay:
    """How many letters of all units fall on one day, if all behave alike."""

    day: date
    behaviour: Behaviour
    letters: int
    drafts: int  # of these wait for release


@dataclass(frozen=True, slots=True)
class Simulation:
    """What would come of a campaign."""

    letters: tuple[SimulatedLetter, ...]
    clashes: tuple[Clash, ...]
    provisional_years: tuple[int, ...]  # whose holidays are not published: planned on weekdays

    @property
    def busy_days(self) -> tuple[BusyDay, ...]:
        """The days with letters, the busiest first."""
        letters = Counter((one.day, one.behaviour) for one in self.letters)
        drafts = Counter((one.day, one.behaviour) for one in self.letters if one.release)
        days = [BusyDay(day, behaviour, count, drafts[day, behaviour]) for (day, behaviour), count in letters.items()]
        return tuple(sorted(days, key=lambda one: (-one.letters, one.day, one.behaviour)))


def simulate(
    campaign: Campaign,
    *,
    calendar: WorkCalendar,
    units: Collection[str] = (),
    behaviours: Sequence[Behaviour] = tuple(Behaviour),
    late_by: int = 5,
) -> Simulation:
    """Return the letters of a whole campaign, for some units or for all.

    Raises:
        UnknownUnit: the campaign has no such unit.
        NotLate: *late_by* is less than one working day.
    """
    if late_by < 1:
        raise NotLate(days=late_by)
    wanted = [campaign.unit(code) for code in units] or campaign.units
    letters = [
        replace(letter, unit=unit.code)
        for behaviour in behaviours
        for alike in _alike(campaign, wanted, behaviour, calendar=calendar)
        for letter in _letters(campaign, alike[0][1], behaviour, calendar=calendar, late_by=late_by)
        for unit, _ in alike
    ]
    position = {unit.code: place for place, unit in enumerate(campaign.units)}
    letters.sort(key=lambda one: (position[one.unit], tuple(Behaviour).index(one.behaviour), one.day, one.release))
    return Simulation(tuple(letters), tuple(_clashes(campaign, calendar)), _provisional_years(campaign, calendar))


def _alike(
    campaign: Campaign, units: Iterable[Unit], behaviour: Behaviour, *, calendar: WorkCalendar
) -> list[list[tuple[Unit, Sequence[Obligation]]]]:
    """Return the units with what they owe, those together that owe the same."""
    groups: dict[tuple[Obligation, ...], list[tuple[Unit, Sequence[Obligation]]]] = {}
    for unit in units:
        owed = _owed(campaign, unit, behaviour, calendar=calendar)
        nobodys = tuple(replace(one, id=one.id.replace(f"/{unit.code}/", "/", 1), unit="") for one in owed)
        groups.setdefault(nobodys, []).append((unit, owed))
    return list(groups.values())


def _owed(campaign: Campaign, unit: Unit, behaviour: Behaviour, *, calendar: WorkCalendar) -> tuple[Obligation, ...]:
    """Return what a unit would owe.

    Who is late is taken to have equipment open at the end of the year. Of who never files nothing is known: nobody can
    say that it has any, so it is not asked for more in December, and no enterprise of it can be named.
    """
    conditions = {Condition.ALWAYS} | ({Condition.OPEN_ITEMS} if behaviour is Behaviour.LATE else set())
    return tuple(
        obligation
        for milestone in campaign.milestones
        for term in milestone.terms
        if term.condition in conditions
        for obligation in obligations_of(campaign, unit, milestone, term, calendar=calendar)
        if obligation.form is not None or behaviour is not Behaviour.NEVER
    )


def _letters(
    campaign: Campaign, owed: Sequence[Obligation], behaviour: Behaviour, *, calendar: WorkCalendar, late_by: int
) -> Iterator[SimulatedLetter]:
    """Lead one unit through the days, with what it has filed and what was written to it in memory alone."""
    filed = _filings(owed, behaviour, calendar=calendar, late_by=late_by)
    written: set[LetterItem] = set()
    for today in _working_days(owed, calendar):
        views = _views(campaign, owed, filed, calendar=calendar, today=today)
        for plan in letters_of_day(campaign, views, written=written, calendar=calendar, today=today):
            written.update(item for line in plan.lines for item in line.items)
            yield _letter(plan, behaviour, today)
        arrived = [one for one in owed if filed.get(one.id) == today <= one.closes]
        if answered := [one for one in arrived if one.form is not None and not one.is_paper]:
            yield SimulatedLetter(
                "", behaviour, today, LetterKind.RECEIPT, _about(answered), len(answered), release=False
            )


def _views(
    campaign: Campaign,
    owed: Sequence[Obligation],
    filed: Mapping[str, date],
    *,
    calendar: WorkCalendar,
    today: date,
) -> list[tuple[Obligation, StandingView]]:
    """Return what the unit could still be told of: what is open now, or, once nothing is, all that it has met."""
    if owed and all(one.id in filed and filed[one.id] < today for one in owed):
        return [(one, MET) for one in owed]
    current = [one for one in owed if one.opens <= today <= min(one.closes, filed.get(one.id, one.closes))]
    views = standings(
        current,
        {},
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=datetime.combine(today, MORNING, CHINA),
    )
    return [(one, views[one.id]) for one in current]


def _filings(
    owed: Sequence[Obligation], behaviour: Behaviour, *, calendar: WorkCalendar, late_by: int
) -> Mapping[str, date]:
    """Return the day on which each obligation is met."""
    if behaviour is Behaviour.NEVER:
        return {}
    if behaviour is Behaviour.LATE:
        return {one.id: calendar.shift(one.due, late_by) for one in owed}
    return {one.id: max(calendar.on_or_before(one.due), calendar.on_or_after(one.opens)) for one in owed}


def _working_days(owed: Sequence[Obligation], calendar: WorkCalendar) -> Iterator[date]:
    if not owed:
        return
    day, last = calendar.on_or_after(min(one.opens for one in owed)), max(one.closes for one in owed)
    while day <= last:
        yield day
        day = calendar.shift(day, 1)


def _letter(plan: Planned, behaviour: Behaviour, today: date) -> SimulatedLetter:
    about = [line.obligation for line in plan.lines]
    return SimulatedLetter("", behaviour, today, plan.kind, _about(about), len(about), release=plan.release)


def _about(obligations: Sequence[Obligation]) -> tuple[tuple[str, str | None], ...]:
    return tuple(dict.fromkeys((one.milestone, one.period) for one in obligations))


def _clashes(campaign: Campaign, calendar: WorkCalendar) -> Iterator[Clash]:
    for milestone in campaign.milestones:
        for term in milestone.terms if milestone.is_owed else ():
            due, _ = due_date(milestone, term, calendar=calendar)
            if milestone.forms and (cause := calendar.day_off(term.opens)):
                heard_on = calendar.on_or_after(term.opens)
                yield Clash(milestone.id, term.period, "opens", term.opens, cause, due, heard_on)
            if cause := calendar.day_off(term.nominal_due):
                heard_on = calendar.before(due)
                yield Clash(milestone.id, term.period, "due", term.nominal_due, cause, due, heard_on)


def _provisional_years(campaign: Campaign, calendar: WorkCalendar) -> tuple[int, ...]:
    terms = [term for milestone in campaign.milestones for term in milestone.terms]
    days = [day for term in terms for day in (term.opens, term.nominal_due, term.closes)]
    return tuple(sorted({day.year for day in days if calendar.is_provisional(day)}))
