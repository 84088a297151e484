"""Working days (工作日) and day arithmetic, on the real year 2022 and its neighbours."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import (
    CHINA,
    CalendarNotPublished,
    clipped,
    day_in_china,
    days_between,
    month_of,
    months_after,
    months_between,
    next_month,
    period_of,
)


@pytest.fixture(scope="module")
def calendar(tmp_path_factory):
    table: Path = tmp_path_factory.mktemp("calendar") / "overrides.csv"
    table.write_text("date,kind,reason\n", "utf-8")
    return published_calendar(table)


@pytest.mark.parametrize(
    ("day", "is_working_day"),
    [
        pytest.param(date(2022, 6, 2), True, id="a Thursday"),
        pytest.param(date(2022, 6, 3), False, id="Dragon Boat Festival, a Friday"),
        pytest.param(date(2022, 7, 30), False, id="a Saturday"),
        pytest.param(date(2022, 10, 30), False, id="a Sunday"),
        pytest.param(date(2022, 10, 8), True, id="a Saturday that is worked"),
        pytest.param(date(2022, 10, 9), True, id="a Sunday that is worked"),
        pytest.param(date(2022, 10, 7), False, id="a Friday of the National Day week"),
        pytest.param(date(2022, 11, 30), True, id="the last day for closures, a Wednesday"),
    ],
)
def test_working_days_follow_the_notices_not_the_week(calendar, day, is_working_day):
    assert calendar.is_working_day(day) is is_working_day


@pytest.mark.parametrize(
    ("day", "before", "on_or_before", "on_or_after"),
    [
        pytest.param(date(2022, 6, 3), date(2022, 6, 2), date(2022, 6, 2), date(2022, 6, 6), id="a holiday"),
        pytest.param(date(2022, 7, 30), date(2022, 7, 29), date(2022, 7, 29), date(2022, 8, 1), id="a Saturday"),
        pytest.param(date(2022, 8, 12), date(2022, 8, 11), date(2022, 8, 12), date(2022, 8, 12), id="a working day"),
        pytest.param(date(2022, 8, 15), date(2022, 8, 12), date(2022, 8, 15), date(2022, 8, 15), id="a Monday"),
        pytest.param(date(2022, 10, 10), date(2022, 10, 9), date(2022, 10, 10), date(2022, 10, 10), id="after make-up"),
        pytest.param(date(2022, 10, 8), date(2022, 9, 30), date(2022, 10, 8), date(2022, 10, 8), id="a make-up day"),
        pytest.param(date(2022, 1, 1), date(2021, 12, 31), date(2021, 12, 31), date(2022, 1, 4), id="New Year's Day"),
    ],
)
def test_the_working_days_around_a_day(calendar, day, before, on_or_before, on_or_after):
    assert calendar.before(day) == before
    assert calendar.on_or_before(day) == on_or_before
    assert calendar.on_or_after(day) == on_or_after


@pytest.mark.parametrize(
    ("day", "count", "target"),
    [
        pytest.param(date(2022, 8, 12), 0, date(2022, 8, 12), id="none"),
        pytest.param(date(2022, 7, 30), 0, date(2022, 7, 30), id="none from a day off"),
        pytest.param(date(2022, 8, 12), 3, date(2022, 8, 17), id="three over a weekend"),
        pytest.param(date(2022, 9, 29), 3, date(2022, 10, 9), id="three over the National Day week"),
        pytest.param(date(2022, 10, 1), 1, date(2022, 10, 8), id="one from a holiday"),
        pytest.param(date(2022, 8, 15), -1, date(2022, 8, 12), id="one back over a weekend"),
        pytest.param(date(2022, 10, 30), -1, date(2022, 10, 28), id="one back from a day off"),
        pytest.param(date(2022, 10, 30), -6, date(2022, 10, 21), id="six back from a day off"),
        pytest.param(date(2021, 12, 31), 1, date(2022, 1, 4), id="into the next year"),
    ],
)
def test_shifting_counts_working_days_alone(calendar, day, count, target):
    assert calendar.shift(day, count) == target


@pytest.mark.parametrize(
    ("due", "day", "days_late"),
    [
        pytest.param(date(2022, 8, 12), date(2022, 8, 12), 0, id="on the due day"),
        pytest.param(date(2022, 8, 12), date(2022, 8, 11), -1, id="a working day early"),
        pytest.param(date(2022, 8, 15), date(2022, 8, 13), -1, id="the weekend before a Monday"),
        pytest.param(date(2022, 8, 12), date(2022, 8, 13), 1, id="the Saturday after a Friday"),
        pytest.param(date(2022, 8, 12), date(2022, 8, 14), 1, id="the Sunday after a Friday"),
        pytest.param(date(2022, 8, 12), date(2022, 8, 15), 1, id="the Monday after a Friday"),
        pytest.param(date(2022, 8, 12), date(2022, 8, 16), 2, id="the Tuesday after a Friday"),
        pytest.param(date(2022, 8, 12), date(2022, 8, 20), 6, id="the Saturday a week later counts as its Monday"),
        pytest.param(date(2022, 10, 30), date(2022, 10, 30), 0, id="on a due day that is a Sunday"),
        pytest.param(date(2022, 10, 30), date(2022, 10, 31), 1, id="the Monday after a Sunday"),
        pytest.param(date(2022, 7, 30), date(2022, 7, 31), 1, id="the Sunday after a Saturday"),
        pytest.param(date(2022, 7, 30), date(2022, 8, 1), 1, id="the Monday after a Saturday"),
        pytest.param(date(2022, 9, 30), date(2022, 10, 5), 1, id="within the National Day week"),
        pytest.param(date(2022, 9, 30), date(2022, 10, 8), 1, id="the make-up day after it"),
        pytest.param(date(2022, 9, 30), date(2022, 10, 9), 2, id="the second make-up day after it"),
        pytest.param(date(2022, 6, 3), date(2022, 6, 2), 0, id="before a due day that is a holiday"),
        pytest.param(date(2022, 6, 3), date(2022, 6, 6), 1, id="after a due day that is a holiday"),
    ],
)
def test_days_late_are_working_days_and_whatever_is_after_the_due_day_is_late(calendar, due, day, days_late):
    assert calendar.days_late(due, day) == days_late


@pytest.mark.parametrize(
    ("after", "until", "count"),
    [
        pytest.param(date(2022, 8, 12), date(2022, 8, 12), 0, id="the same day"),
        pytest.param(date(2022, 8, 12), date(2022, 8, 19), 5, id="a week"),
        pytest.param(date(2022, 8, 19), date(2022, 8, 12), -5, id="a week back"),
        pytest.param(date(2022, 9, 30), date(2022, 10, 7), 0, id="the National Day week"),
        pytest.param(date(2021, 12, 31), date(2022, 12, 31), 249, id="the year 2022"),
    ],
)
def test_working_days_are_counted_from_the_day_after(calendar, after, until, count):
    assert calendar.count(after, until) == count


def test_asking_beyond_the_years_of_the_calendar_is_an_error_not_a_guess(calendar):
    with pytest.raises(CalendarNotPublished, match="2037"):
        calendar.shift(date(2036, 12, 31), 1)
    with pytest.raises(CalendarNotPublished, match="2037"):
        calendar.shift(date(2034, 1, 2), 900)
    with pytest.raises(CalendarNotPublished, match="2003"):
        calendar.shift(date(2004, 1, 2), -1)
    with pytest.raises(CalendarNotPublished, match="2037"):
        calendar.days_late(date(2036, 12, 31), date(2037, 1, 5))


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        pytest.param(date(2023, 7, 20), 6, date(2024, 1, 20), id="into the next year"),
        pytest.param(date(2023, 8, 31), 6, date(2024, 2, 29), id="to the end of February in a leap year"),
        pytest.param(date(2022, 8, 31), 6, date(2023, 2, 28), id="to the end of February"),
        pytest.param(date(2023, 8, 31), 9, date(2024, 5, 31), id="from the same start, not from the clipped day"),
        pytest.param(date(2024, 2, 29), 12, date(2025, 2, 28), id="a year after 29 February"),
        pytest.param(date(2023, 12, 31), 0, date(2023, 12, 31), id="none"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, count, later):
    assert months_after(day, count) == later


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2022, 8, 12, 15, 59, 59, tzinfo=UTC), date(2022, 8, 12)),
        (datetime(2022, 8, 12, 16, 0, tzinfo=UTC), date(2022, 8, 13)),
        (datetime(2022, 8, 12, 23, 59, 59, tzinfo=CHINA), date(2022, 8, 12)),
    ],
    ids=["a second to midnight", "midnight in China", "China's own time"],
)
def test_a_day_is_a_day_in_china(instant, day):
    assert day_in_china(instant) == day


@pytest.mark.parametrize(
    ("year", "month", "day", "clip"),
    [
        pytest.param(2022, 9, 30, date(2022, 9, 30), id="September has a 30th"),
        pytest.param(2022, 2, 30, date(2022, 2, 28), id="February has not"),
        pytest.param(2024, 2, 30, date(2024, 2, 29), id="a leap year"),
        pytest.param(2022, 11, 31, date(2022, 11, 30), id="November has no 31st"),
    ],
)
def test_a_day_that_a_month_has_not_is_its_last(year, month, day, clip):
    assert clipped(year, month, day) == clip


def test_a_period_is_a_month(calendar):
    assert period_of(date(2022, 8, 30)) == "2022-08"
    assert month_of("2022-08") == (2022, 8)
    assert next_month("2022-08") == "2022-09"
    assert next_month("2022-12") == "2023-01"
    assert list(months_between("2022-11", "2023-02")) == ["2022-11", "2022-12", "2023-01", "2023-02"]
    assert list(months_between("2022-12", "2022-11")) == []


def test_days_between_two_days_include_both():
    assert list(days_between(date(2022, 2, 27), date(2022, 3, 1))) == [
        date(2022, 2, 27),
        date(2022, 2, 28),
        date(2022, 3, 1),
    ]
