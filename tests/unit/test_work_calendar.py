"""The published working days, held to the yearly notices on holidays (tests/data/holidays_2021_2026.csv)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from phaseout.adapters.work_calendar import BadOverrides, published_calendar
from phaseout.domain.calendar import CalendarNotPublished, DayOff, days_between

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


def test_years_without_a_notice_are_planned_on_weekdays_and_said_to_be(table):
    calendar = published_calendar(table())

    assert calendar.provisional_years == frozenset(range(2027, 2037))
    assert calendar.is_provisional(date(2027, 1, 1))
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_working_day(date(2027, 10, 1))  # a Friday of which no notice speaks yet
    assert not calendar.is_working_day(date(2027, 10, 2))


def test_a_year_that_nobody_plans_for_is_a_named_error(table):
    calendar = published_calendar(table())

    with pytest.raises(CalendarNotPublished, match="2037"):
        calendar.is_working_day(date(2037, 1, 5))
    with pytest.raises(CalendarNotPublished, match="2003"):
        calendar.before(date(2004, 1, 1))


@pytest.mark.parametrize(
    ("day", "cause"),
    [
        pytest.param(date(2022, 6, 3), DayOff.STATUTORY_HOLIDAY, id="Dragon Boat Festival, a Friday"),
        pytest.param(date(2022, 9, 10), DayOff.STATUTORY_HOLIDAY, id="Mid-autumn Festival, a Saturday"),
        pytest.param(date(2023, 12, 31), DayOff.STATUTORY_HOLIDAY, id="a Sunday of the New Year's holiday"),
        pytest.param(date(2022, 10, 6), DayOff.STATUTORY_HOLIDAY, id="a Thursday off in lieu"),
        pytest.param(date(2022, 7, 30), DayOff.WEEKEND, id="a plain Saturday"),
        pytest.param(date(2022, 10, 30), DayOff.WEEKEND, id="a plain Sunday"),
        pytest.param(date(2022, 10, 8), None, id="a Saturday that is worked"),
        pytest.param(date(2022, 8, 12), None, id="a Friday"),
        pytest.param(date(2027, 10, 31), DayOff.WEEKEND, id="a Sunday of a year without a notice"),
    ],
)
def test_a_day_off_is_a_statutory_holiday_or_a_plain_weekend(table, day, cause):
    assert published_calendar(table()).day_off(day) is cause


def test_a_day_off_that_the_office_enters_is_a_holiday_and_one_that_it_works_is_none(table):
    calendar = published_calendar(table("2027-02-06,day_off,春节", "2022-06-04,working_day,值班"))

    assert calendar.day_off(date(2027, 2, 6)) is DayOff.STATUTORY_HOLIDAY
    assert calendar.day_off(date(2022, 6, 4)) is None


def test_the_office_may_overrule_a_notice(table):
    calendar = published_calendar(
        table("2022-08-12,day_off,台风停工", "2022-06-03,working_day,值班", "2022-07-30,working_day,调休")
    )

    assert not calendar.is_working_day(date(2022, 8, 12))
    assert calendar.day_off(date(2022, 8, 12)) is DayOff.OFFICE
    assert calendar.is_working_day(date(2022, 6, 3))
    assert calendar.is_working_day(date(2022, 7, 30))


def test_a_later_year_with_an_entry_is_planned_on_weekdays_and_the_entries(table):
    calendar = published_calendar(table("2027-01-01,day_off,元旦", "2027-01-02,working_day,调休"))

    assert not calendar.is_working_day(date(2027, 1, 1))
    assert calendar.is_working_day(date(2027, 1, 2))
    assert calendar.is_working_day(date(2027, 12, 31))
    assert not calendar.is_working_day(date(2027, 1, 3))
    assert calendar.is_working_day(date(2028, 1, 3))


def test_one_entry_is_no_notice_and_the_holidays_of_every_year_together_are(table):
    new_year, labour_day, national_day = (
        "2027-01-01,day_off,元旦",
        "2027-05-01,day_off,劳动节",
        "2027-10-01,day_off,国庆节",
    )

    assert 2027 in published_calendar(table(new_year)).provisional_years
    assert 2027 in published_calendar(table(new_year, labour_day)).provisional_years
    entered = published_calendar(table(new_year, labour_day, national_day))
    assert 2027 not in entered.provisional_years
    assert 2028 in entered.provisional_years


def test_the_entries_of_the_office_s_own_copy_win(table, tmp_path):
    ours = table("2022-08-12,day_off,台风", "2022-08-15,day_off,台风")
    office = tmp_path / "calendar" / "overrides.csv"
    office.parent.mkdir()
    office.write_text("date,kind,reason\n2022-08-12,working_day,复工\n2022-08-16,day_off,停电\n", "utf-8")

    calendar = published_calendar(ours, office)

    assert calendar.is_working_day(date(2022, 8, 12))
    assert not calendar.is_working_day(date(2022, 8, 15))
    assert not calendar.is_working_day(date(2022, 8, 16))


def test_an_office_without_a_copy_of_its_own_takes_ours(table, tmp_path):
    calendar = published_calendar(table("2022-08-12,day_off,台风"), tmp_path / "none.csv")

    assert not calendar.is_working_day(date(2022, 8, 12))


def test_a_wrong_line_of_the_office_s_copy_is_named_by_its_own_file(table, tmp_path):
    office = tmp_path / "own.csv"
    office.write_text("date,kind,reason\n2027-1-1,day_off,元旦\n", "utf-8")

    with pytest.raises(BadOverrides, match=r"own\.csv, line 2"):
        published_calendar(table(), office)


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
        pytest.param("2037-01-01,day_off,元旦", "line 2: 2037-01-01 is before or after", id="too far ahead"),
        pytest.param("2003-12-31,day_off,元旦", "line 2: 2003-12-31 is before or after", id="before all notices"),
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
