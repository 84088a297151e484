"""How an invented enterprise's closure (关停) goes from month to month."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from phaseout.domain.calendar import WorkCalendar

SEALED = "封存"
_DISMANTLED = "拆除"
WHOLE_CLOSURE = "整体关停"
_SHORTEST_CLOSURE = 8  # days
_REASONS = ("职工安置", "资产抵押", "债权债务", "企业抵触")


@dataclass(frozen=True, slots=True)
class Course:
    """The day of each step of one enterprise's closure; None for a step that it never takes."""

    measure: str
    plan_date: date
    stopped_on: date
    cut_off_on: date  # water and power
    power_unit_removed_on: date | None
    begun_on: date | None  # dismantling; what is sealed is not dismantled
    completed_on: date | None
    inspected_on: date | None
    open_reason: str | None = None

    @property
    def is_sealed(self) -> bool:
        """Say whether the equipment is sealed (封存) instead of dismantled."""
        return self.measure == SEALED

    def status_on(self, day: date) -> str:
        """Return the closure status (关停进度) as of the end of *day*."""
        return [status for status, reached in self._steps() if _is_reached(reached, day)][-1]

    def is_closed_on(self, day: date) -> bool:
        """Say whether the equipment is gone or sealed as of the end of *day*."""
        return _is_reached(self.completed_on, day)

    def is_inspected_on(self, day: date) -> bool:
        """Say whether the county has inspected the closure by the end of *day*."""
        return _is_reached(self.inspected_on, day)

    def _steps(self) -> tuple[tuple[str, date | None], ...]:
        first = (
            ("未启动", date.min),
            ("已停产", self.stopped_on),
            ("已断水断电", self.cut_off_on),
            ("已拆动力", self.power_unit_removed_on),
        )
        if self.is_sealed:  # stays sealed when inspected: it is counted apart
            return (*first, ("已封存", self.completed_on))
        return (*first, ("拆除中", self.begun_on), ("已拆除", self.completed_on), ("已验收", self.inspected_on))


@dataclass(frozen=True, slots=True)
class Agenda:
    """The days that bound a unit's work in the enterprises.

    *reports* are the days up to which its progress forms tell, in order; no closure is completed in the
    months of *idle*.
    """

    surveyed_from: date
    surveyed_until: date
    reports: tuple[tuple[str, date], ...]  # period, day
    december: tuple[str, date] | None  # the report that only units with open items owe
    idle: frozenset[str]
    listed_on: date  # when it files the final list
    closures_due: date

    def told_by(self, period: str) -> date:
        """Return the day up to which the progress form of a period tells."""
        return dict(self._all())[period]

    def told_before(self, period: str) -> date | None:
        """Return the day up to which the progress form before a period's told."""
        earlier = [day for other, day in self._all() if other < period]
        return earlier[-1] if earlier else None

    @property
    def last_report(self) -> date:
        """Return the day up to which the last ordinary progress form tells."""
        return self.reports[-1][1]

    def _all(self) -> tuple[tuple[str, date], ...]:
        return (*self.reports, self.december) if self.december else self.reports


def invent_course(
    agenda: Agenda, chance: Random, *, checked_on: date, may_close_whole: bool, calendar: WorkCalendar
) -> Course:
    """Return a closure that begins after the site check (现场核查) and is completed in time."""
    months = [month for month, (period, _) in enumerate(agenda.reports) if period not in agenda.idle]
    month = chance.choices(months, weights=[1 + place for place in months])[0]
    until = agenda.reports[month][1]
    after = agenda.reports[month - 1][1] if month else until - timedelta(days=14)
    completed_on = after + timedelta(days=chance.randint(1, (until - after).days))
    span = min(chance.randint(12, 36), max(_SHORTEST_CLOSURE, (completed_on - checked_on).days - 1))
    stopped_on = completed_on - timedelta(days=span)
    measure = chance.choices((_DISMANTLED, SEALED, WHOLE_CLOSURE), weights=(6, 2, 2 if may_close_whole else 0))[0]
    inspected_on = calendar.on_or_after(completed_on + timedelta(days=chance.randint(2, 9)))
    return Course(
        measure=measure,
        plan_date=min(_month_end(completed_on), agenda.closures_due),
        stopped_on=stopped_on,
        cut_off_on=stopped_on + timedelta(days=span // 4),
        power_unit_removed_on=stopped_on + timedelta(days=span // 2),
        begun_on=None if measure == SEALED else stopped_on + timedelta(days=span * 3 // 4),
        completed_on=completed_on,
        inspected_on=min(inspected_on, calendar.before(agenda.listed_on)),
    )


def invent_stubborn_course(agenda: Agenda, chance: Random, *, closes_in_december: bool) -> Course:
    """Return a closure that misses the last day for closures."""
    stopped_on = agenda.closures_due - timedelta(days=chance.randint(50, 75))
    step = timedelta(days=4)
    begun_on = agenda.closures_due + step * 2 if closes_in_december else None
    return Course(
        measure=_DISMANTLED,
        plan_date=agenda.closures_due,
        stopped_on=stopped_on,
        cut_off_on=stopped_on + step * 4,
        power_unit_removed_on=agenda.closures_due + timedelta(days=1) if closes_in_december else None,
        begun_on=begun_on,
        completed_on=begun_on + step * 3 if begun_on else None,  # when the final list is filed already
        inspected_on=None,
        open_reason=chance.choice(_REASONS),
    )


def _is_reached(step: date | None, day: date) -> bool:
    return step is not None and step <= day


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
