"""The working days (工作日) of all years with a holiday notice, and the office's own entries for the others."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from phaseout.domain.calendar import WorkCalendar, days_between
from phaseout.errors import UsageError

WORKING_DAY = "working_day"
DAY_OFF = "day_off"
COLUMNS = ["date", "kind", "reason"]
SATURDAY = 5


class BadOverrides(UsageError):
    """The office's table of working days and days off cannot be used."""

    def __init__(self, *, path: Path, line: int, problem: str) -> None:
        self.path = path
        self.line = line
        self.problem = problem
        super().__init__(f"{path}, line {line}: {problem}")


@dataclass(frozen=True, slots=True)
class _Override:
    line: int
    day: date
    is_working_day: bool


def published_calendar(overrides: Path) -> WorkCalendar:
    """Return the calendar of the published holiday notices, changed by the table of the office.

    A year without a notice is in the calendar from its first entry in the table on: weekdays are working days but for
    the entries. Years follow each other without a gap, or counting across one would be wrong by a year.

    Raises:
        BadOverrides: the table is missing or has an entry that cannot be meant.
    """
    # Large tables: imported by those who need a calendar.
    from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415 - see above

    own = {override.day: override for override in _read(overrides)}
    years = _years({day.year for day in holidays}, own.values(), path=overrides)

    def is_working_day(day: date) -> bool:
        if day in own:
            return own[day].is_working_day
        return day in workdays or (day.weekday() < SATURDAY and day not in holidays)

    days = days_between(date(min(years), 1, 1), date(max(years), 12, 31))
    return WorkCalendar(years=frozenset(years), working_days=tuple(filter(is_working_day, days)))


def _years(published: set[int], overrides: Iterable[_Override], *, path: Path) -> set[int]:
    years = set(published)
    for override in sorted(overrides, key=lambda override: override.day):
        year = override.day.year
        if year not in years and year - 1 not in years:
            raise BadOverrides(
                path=path, line=override.line, problem=f"{year} does not follow {max(years)}; enter the years between"
            )
        years.add(year)
    return years


def _read(path: Path) -> Iterator[_Override]:
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
    return _Override(line, day, is_working_day=kind == WORKING_DAY)
