"""The published working days, held to the yearly notices on holidays (tests/data/holidays_2021_2026.csv)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from phaseout.adapters.work_calendar import BadOverrides, published_calendar
from phaseout.domain.calendar import CalendarNotPublished, days_between

TESTS = Path(__file__).parents[1]
OFFICE_TABLE = TESTS.parent / "data" / "calendar" / "overrides.csv"


def notices():
    with (TESTS / "data" / "holidays_2021_2026.csv").open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["day"]): row["is_working_day"] == "yes" for row in csv.DictReader(file)}


@pytest.fixture
def table(tmp_path):
    """A table of the office, written line by line."""

    def write(*lines, head="date,kind,reason"):
        path = tmp_path / "overrides.csv"
        path.write_text("\n".join([head, *lines, ""]), "utf-8")
        return path

    return write


def test_every_day_from_2021_to_2026_is_what_the_notices_say(table):
    calendar = published_calendar(table())
    noticed = notices()
    expected = {day: noticed.get(day, day.weekday() < 5) for day in days_between(date(2021, 1, 1), date(2026, 12, 31))}

    assert len(noticed) == 220
    assert {day: calendar.is_working_day(day) for day in expected} == expected


def test_the_office_s_own_table_can_be_read():
    assert published_calendar(OFFICE_TABLE).years >= set(range(2004, 2027))


def test_a_year_without_a_notice_is_a_named_error_that_says_what_to_do(table):
    calendar = published_calendar(table())

    with pytest.raises(CalendarNotPublished, match=r"2027.*overrides\.csv"):
        calendar.is_working_day(date(2027, 1, 4))
    with pytest.raises(CalendarNotPublished, match="2003"):
        calendar.before(date(2004, 1, 1))


def test_the_office_may_overrule_a_notice(table):
    calendar = published_calendar(
        table("2022-08-12,day_off,台风停工", "2022-06-03,working_day,值班", "2022-07-30,working_day,调休")
    )

    assert not calendar.is_working_day(date(2022, 8, 12))
    assert calendar.is_working_day(date(2022, 6, 3))
    assert calendar.is_working_day(date(2022, 7, 30))


def test_a_later_year_with_an_entry_is_planned_on_weekdays_and_the_entries(table):
    calendar = published_calendar(table("2027-01-01,day_off,元旦", "2027-01-02,working_day,调休"))

    assert not calendar.is_working_day(date(2027, 1, 1))
    assert calendar.is_working_day(date(2027, 1, 2))
    assert calendar.is_working_day(date(2027, 12, 31))
    assert not calendar.is_working_day(date(2027, 1, 3))
    with pytest.raises(CalendarNotPublished, match="2028"):
        calendar.is_working_day(date(2028, 1, 3))


def test_working_days_are_counted_across_the_last_notice(table):
    calendar = published_calendar(table("2027-01-01,day_off,元旦"))

    assert calendar.shift(date(2026, 12, 31), 1) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("2027-1-1,day_off,元旦", r"line 2: '2027-1-1' is no date", id="no date"),
        pytest.param(",day_off,元旦", "line 2: '' is no date", id="empty date"),
        pytest.param("2027-01-01,holiday,元旦", "line 2: 'holiday' is neither", id="unknown kind"),
        pytest.param("2027-01-01", "line 2: '' is neither", id="row cut short"),
        pytest.param("2027-01-01,day_off, ", "line 2: the reason is missing", id="no reason"),
        pytest.param("2028-01-01,day_off,元旦", "line 2: 2028 does not follow 2026", id="a year left out"),
        pytest.param("2003-12-31,day_off,元旦", "line 2: 2003 does not follow 2026", id="before all notices"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused_with_its_line(table, line, problem):
    with pytest.raises(BadOverrides, match=problem):
        published_calendar(table(line))


def test_a_day_that_is_entered_twice_is_refused(table):
    with pytest.raises(BadOverrides, match="line 3: 2022-08-12 is entered twice"):
        published_calendar(table("2022-08-12,day_off,台风", "2022-08-12,working_day,复工"))


def test_a_table_with_other_columns_is_refused(table):
    with pytest.raises(BadOverrides, match="line 1: the columns must be date,kind,reason"):
        published_calendar(table(head="day,kind,reason"))


def test_a_table_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadOverrides, match="not there"):
        published_calendar(tmp_path / "missing.csv")


def test_a_table_saved_by_excel_with_a_byte_order_mark_can_be_read(tmp_path):
    path = tmp_path / "overrides.csv"
    path.write_bytes("﻿date,kind,reason\r\n2022-08-12,day_off,台风\r\n".encode())

    assert not published_calendar(path).is_working_day(date(2022, 8, 12))
