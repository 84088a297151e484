"""The working days (工作日) of all years with a holiday notice, and the office's own entries for the others."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from phaseout.domain.calendar import SATURDAY, WorkCalendar, days_between
from phaseout.errors import UsageError

WORKING_DAY = "working_day"
DAY_OFF = "day_off"
COLUMNS = ["date", "kind", "reason"]
YEARS_AHEAD = 10  # for which days are planned though no notice is out
EVERY_NOTICE = ((1, 1), (5, 1), (10, 1))  # New Year's Day, Labour Day and National Day are off in every year


class BadOverrides(UsageError):
    """The office's table of working days and days off cannot be used."""

    def __init__(self, *, path: Path, line: int, problem: str) -> None:
        self.path = path
        self.line = line
        self.problem = problem
        super().__init__(f"{path}, line {line}: {problem}")


@dataclass(frozen=True, slots=True)
class _Override:
    day: date
    is_working_day: bool


def published_calendar(overrides: Path, office: Path | None = None) -> WorkCalendar:
    """Return the calendar of the published holiday notices, changed by our table and then by the office's own copy.

    The years after the last notice are provisional: weekdays are working days but for the entries. A year is not
    provisional any more when the entries hold the holidays that fall on the same day every year.

    Raises:
        BadOverrides: our table is missing, or one has an entry that cannot be meant.
    """
    # Large tables: imported by those who need a calendar.
    from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415 - see above

    noticed = {day.year for day in holidays}
    years = frozenset(range(min(noticed), max(noticed) + YEARS_AHEAD + 1))
    tables = [overrides, office] if office is not None and office.exists() else [overrides]
    own = {override.day: override.is_working_day for table in tables for override in _read(table, years=years)}

    def is_working_day(day: date) -> bool:
        if day in own:
            return own[day]
        return day in workdays or (day.weekday() < SATURDAY and day not in holidays)

    days = days_between(date(min(years), 1, 1), date(max(years), 12, 31))
    days_off = {day for day, is_worked in own.items() if not is_worked}
    return WorkCalendar(
        years=years,
        working_days=tuple(filter(is_working_day, days)),
        holidays=frozenset(day for day in {*holidays, *days_off} if not own.get(day)),
        office_days_off=frozenset(day for day in days_off if day.year in noticed and day not in holidays),
        provisional_years=frozenset(year for year in years - noticed if not _is_entered(year, days_off)),
    )


def _is_entered(year: int, days_off: Collection[date]) -> bool:
    """Say whether the office has entered a year's notice: one day alone is not yet the notice."""
    return all(date(year, month, day) in days_off for month, day in EVERY_NOTICE)


def _read(path: Path, *, years: Collection[int]) -> Iterator[_Override]:
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except FileNotFoundError as error:
        raise BadOverrides(path=path, line=1, problem="the file is not there") from error
    seen: set[date] = set()
    with file:
        rows = csv.DictReader(file)
        if rows.fieldnames != COLUMNS:
            raise BadOverrides(path=path, line=1, problem=f"the columns must be {','.join(COLUMNS)}")
        for row in rows:
            override = _override(row, path=path, line=rows.line_num)
            if override.day.year not in years:
                problem = f"{override.day} is before or after the years {min(years)} to {max(years)}"
                raise BadOverrides(path=path, line=rows.line_num, problem=problem)
            if override.day in seen:
                raise BadOverrides(path=path, line=rows.line_num, problem=f"{override.day} is entered twice")
            seen.add(override.day)
            yield override


def _override(row: dict[str, str], *, path: Path, line: int) -> _Override:
    try:
        day = date.fromisoformat((row["date"] or "").strip())
    except ValueError as error:
        raise BadOverrides(path=path, line=line, problem=f"{row['date']!r} is no date like 2027-02-06") from error
    kind = (row["kind"] or "").strip()
    if kind not in {WORKING_DAY, DAY_OFF}:
        raise BadOverrides(path=path, line=line, problem=f"{kind!r} is neither {WORKING_DAY} nor {DAY_OFF}")
    if not (row["reason"] or "").strip():
        raise BadOverrides(path=path, line=line, problem="the reason is missing")
    return _Override(day, is_working_day=kind == WORKING_DAY)
