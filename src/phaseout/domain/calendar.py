"""Working days (工作日) and the days that due rules name."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from phaseout.errors import OperatorError

# Every date of a campaign is a day in China, wherever the machine stands.
CHINA = ZoneInfo("Asia/Shanghai")

ONE_DAY = timedelta(days=1)
SATURDAY = 5  # as date.weekday() counts


class CalendarNotPublished(OperatorError):
    """A day of a year is asked for that the calendar does not hold, not even provisionally."""

    def __init__(self, *, year: int) -> None:
        self.year = year
        super().__init__(f"the year {year} is not in the calendar of working days")


class DayOff(StrEnum):
    """Why offices are closed on a day (非工作日)."""

    STATUTORY_HOLIDAY = "statutory_holiday"  # 法定节假日, with the days that its notice adds to it
    WEEKEND = "weekend"  # 休息日: a plain Saturday or Sunday
    OFFICE = "day_off"  # 临时停工: by the office's own table, beside the notice of a year; dates move as for a holiday


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of a run of whole years, from the published holiday notices.

    *working_days* is every working day of *years* in order, make-up days (调休上班日) included. The holidays of
    *provisional_years* are not published yet: they are planned on weekdays, and anew when the notice is there.
    *office_days_off* are not in the notice of their year: a typhoon, a closed building.
    """

    years: frozenset[int]
    working_days: tuple[date, ...]
    holidays: frozenset[date] = frozenset()  # that fall on a Saturday or Sunday too
    provisional_years: frozenset[int] = frozenset()
    office_days_off: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Say whether offices are open on *day*.

        Raises:
            CalendarNotPublished: the year of *day* is not in the calendar.
        """
        self._require(day)
        position = bisect_right(self.working_days, day)
        return position > 0 and self.working_days[position - 1] == day

    def day_off(self, day: date) -> DayOff | None:
        """Say why *day* is a day off; None for a working day."""
        if self.is_working_day(day):
            return None
        if day in self.office_days_off:
            return DayOff.OFFICE
        # Any other weekday is off only by a notice.
        is_holiday = day in self.holidays or day.weekday() < SATURDAY
        return DayOff.STATUTORY_HOLIDAY if is_holiday else DayOff.WEEKEND

    def is_provisional(self, day: date) -> bool:
        """Say whether *day* lies in a year whose holidays are not published yet."""
        return day.year in self.provisional_years

    def before(self, day: date) -> date:
        """Return the last working day before *day*."""
        return self.shift(day, -1)

    def on_or_before(self, day: date) -> date:
        """Return *day* if it is a working day, else the last one before it."""
        return day if self.is_working_day(day) else self.before(day)

    def on_or_after(self, day: date) -> date:
        """Return *day* if it is a working day, else the first one after it."""
        return day if self.is_working_day(day) else self.shift(day, 1)

    def shift(self, day: date, count: int) -> date:
        """Return the working day *count* working days after (before, if negative) *day*."""
        self._require(day)
        if count == 0:
            return day
        days = self.working_days
        target = bisect_right(days, day) + count - 1 if count > 0 else bisect_left(days, day) + count
        if not 0 <= target < len(self.working_days):
            raise CalendarNotPublished(year=max(self.years) + 1 if count > 0 else min(self.years) - 1)
        return days[target]

    def count(self, after: date, until: date) -> int:
        """Count the working days in (*after*, *until*]; negative when *until* comes first."""
        self._require(after)
        self._require(until)
        return bisect_right(self.working_days, until) - bisect_right(self.working_days, after)

    def days_late(self, due: date, day: date) -> int:
        """Return the working days that *day* lies past *due* (逾期天数); zero or negative up to *due*.

        Whatever comes after the due date is late: a day off counts as the working day that follows it.
        """
        if day <= due:
            return self.count(due, day)
        return self.count(due, self.on_or_after(day))

    def _require(self, day: date) -> None:
        if day.year not in self.years:
            raise CalendarNotPublished(year=day.year)


def day_in_china(instant: datetime) -> date:
    """Return the calendar day on which *instant* falls in China."""
    return instant.astimezone(CHINA).date()


def clipped(year: int, month: int, day: int) -> date:
    """Return *day* of the month, or the month's last day where it is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_after(day: date, count: int) -> date:
    """Return the same day *count* months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return clipped(year, month + 1, day.day)


def period_of(day: date) -> str:
    """Return the reporting period (报告期) of a day, such as ``2022-09``."""
    return f"{day.year:04d}-{day.month:02d}"


def month_of(period: str) -> tuple[int, int]:
    """Return year and month of a period such as ``2022-09``."""
    year, month = period.split("-")
    return int(year), int(month)


def next_month(period: str) -> str:
    """Return the period that follows *period*."""
    year, month = month_of(period)
    return period_of(date(year + month // 12, month % 12 + 1, 1))


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield the periods from *first* to *last*, both included."""
    period = first
    while period <= last:
        yield period
        period = next_month(period)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from *first* to *last*, both included."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
