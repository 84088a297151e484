"""Due rules (截止规则): how a notice names the day by which something is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from phaseout.domain.calendar import ONE_DAY, clipped, month_of, months_between


class DueDay(NamedTuple):
    """One day that a notice names, for a period if it comes again; *warns_from* where its words are not sharp."""

    period: str | None
    day: date
    warns_from: date | None = None


class TenDayPeriod(IntEnum):
    """A third of a month (旬); the value is its last day, 31 standing for the month's end."""

    FIRST = 10  # 上旬
    MIDDLE = 20  # 中旬
    LAST = 31  # 下旬


_FIRST_DAY = {TenDayPeriod.FIRST: 1, TenDayPeriod.MIDDLE: 11, TenDayPeriod.LAST: 21}


@dataclass(frozen=True, slots=True)
class FixedDate:
    """On one written day."""

    day: date

    def due_days(self) -> Iterator[DueDay]:
        """Yield the day."""
        yield DueDay(None, self.day)


@dataclass(frozen=True, slots=True)
class Monthly:
    """On day N of each month from *first* to *last*; a shorter month ends on its last day."""

    day_of_month: int
    first: str
    last: str

    def due_days(self) -> Iterator[DueDay]:
        """Yield each month with its day."""
        for period in months_between(self.first, self.last):
            yield DueDay(period, clipped(*month_of(period), self.day_of_month))


@dataclass(frozen=True, slots=True)
class LastWorkingDay:
    """On the last working day of each month from *first* to *last*.

    Nominally that is the month's end. Which day it is in fact the calendar says, by advancing it whatever the cause.
    """

    first: str
    last: str

    def due_days(self) -> Iterator[DueDay]:
        """Yield each month with its last day."""
        yield from Monthly(31, self.first, self.last).due_days()


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """By the end of a month (月底前)."""

    period: str

    def due_days(self) -> Iterator[DueDay]:
        """Yield the month's last day."""
        yield DueDay(None, clipped(*month_of(self.period), 31))


@dataclass(frozen=True, slots=True)
class YearEnd:
    """By the end of a year (年底前)."""

    year: int

    def due_days(self) -> Iterator[DueDay]:
        """Yield the year's last day."""
        yield DueDay(None, date(self.year, 12, 31))


@dataclass(frozen=True, slots=True)
class WithinTenDays:
    """Within a third of a month (中旬前): due by its last day.

    The words could mean the day before the third begins as well, so from that day on it is warned.
    """

    period: str
    third: TenDayPeriod

    def due_days(self) -> Iterator[DueDay]:
        """Yield the last day of the third."""
        year, month = month_of(self.period)
        begins = date(year, month, _FIRST_DAY[self.third])
        yield DueDay(None, clipped(year, month, self.third), begins - ONE_DAY)


@dataclass(frozen=True, slots=True)
class Yearly:
    """Each year on day N of a month, or at the month's end, from *first* to *last*, both included."""

    month: int
    day_of_month: int  # 31 stands for the month's end
    first: date
    last: date

    def due_days(self) -> Iterator[DueDay]:
        """Yield each year with its day."""
        for year in range(self.first.year, self.last.year + 1):
            day = clipped(year, self.month, self.day_of_month)
            if self.first <= day <= self.last:
                yield DueDay(f"{year:04d}", day)


DueRule: TypeAlias = FixedDate | Monthly | LastWorkingDay | MonthEnd | YearEnd | WithinTenDays | Yearly
