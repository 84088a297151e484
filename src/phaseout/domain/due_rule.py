"""Due rules (截止规则): how a notice names the day by which something is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import TypeAlias

from phaseout.domain.calendar import clipped, month_of, months_between


class TenDayPeriod(IntEnum):
    """A third of a month (旬); the value is its last day, 31 standing for the month's end."""

    FIRST = 10  # 上旬
    MIDDLE = 20  # 中旬
    LAST = 31  # 下旬


@dataclass(frozen=True, slots=True)
class FixedDate:
    """On one written day."""

    day: date

    def due_days(self) -> Iterator[tuple[str | None, date]]:
        """Yield period and day."""
        yield None, self.day


@dataclass(frozen=True, slots=True)
class Monthly:
    """On day N of each month from *first* to *last*; a shorter month ends on its last day."""

    day_of_month: int
    first: str
    last: str

    def due_days(self) -> Iterator[tuple[str | None, date]]:
        """Yield each period with its day."""
        for period in months_between(self.first, self.last):
            yield period, clipped(*month_of(period), self.day_of_month)


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """By the end of a month (月底前)."""

    period: str

    def due_days(self) -> Iterator[tuple[str | None, date]]:
        """Yield the month's last day."""
        yield None, clipped(*month_of(self.period), 31)


@dataclass(frozen=True, slots=True)
class WithinTenDays:
    """Within a third of a month (中旬前): due by its last day."""

    period: str
    third: TenDayPeriod

    def due_days(self) -> Iterator[tuple[str | None, date]]:
        """Yield the last day of the third."""
        yield None, clipped(*month_of(self.period), self.third)


DueRule: TypeAlias = FixedDate | Monthly | MonthEnd | WithinTenDays
