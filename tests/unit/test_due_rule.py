"""How a notice names the day by which something is due (截止规则), and what a day off makes of it (顺延规则)."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.campaign import CalendarPolicy, Hardness
from phaseout.domain.due_rule import (
    FixedDate,
    LastWorkingDay,
    MonthEnd,
    Monthly,
    TenDayPeriod,
    WithinTenDays,
    YearEnd,
    Yearly,
)
from phaseout.domain.obligation import due_date, obligations_of, plan_obligations
from phaseout.settings import PROJECT

TABLE = PROJECT / "data" / "calendar" / "overrides.csv"
CALENDAR = published_calendar(TABLE)
CAMPAIGN = FileDefinitions(PROJECT).campaign("jiangsu-2022")
KEEP, ADVANCE, DEFER = CalendarPolicy.KEEP, CalendarPolicy.ADVANCE, CalendarPolicy.DEFER
IN_FORCE = {"first": date(2022, 10, 1), "last": date(2027, 9, 30)}


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        pytest.param(FixedDate(date(2022, 8, 12)), [(None, date(2022, 8, 12))], id="8月12日前"),
        pytest.param(
            Monthly(30, first="2022-12", last="2023-02"),
            [
                ("2022-12", date(2022, 12, 30)),
                ("2023-01", date(2023, 1, 30)),
                ("2023-02", date(2023, 2, 28)),
            ],
            id="每月30日前, which February does not have",
        ),
        pytest.param(
            Monthly(29, first="2024-02", last="2024-03"),
            [("2024-02", date(2024, 2, 29)), ("2024-03", date(2024, 3, 29))],
            id="每月29日前 in a leap year",
        ),
        pytest.param(MonthEnd("2022-06"), [(None, date(2022, 6, 30))], id="6月底前"),
        pytest.param(MonthEnd("2022-09"), [(None, date(2022, 9, 30))], id="三季度末"),
        pytest.param(MonthEnd("2024-02"), [(None, date(2024, 2, 29))], id="2月底前 in a leap year"),
        pytest.param(YearEnd(2023), [(None, date(2023, 12, 31))], id="2023年底前"),
        pytest.param(
            Yearly(4, 31, **IN_FORCE),
            [(str(year), date(year, 4, 30)) for year in (2023, 2024, 2025, 2026, 2027)],
            id="每年4月底前, as long as the notice is in force",
        ),
        pytest.param(
            Yearly(11, 31, **IN_FORCE),
            [(str(year), date(year, 11, 30)) for year in (2022, 2023, 2024, 2025, 2026)],
            id="每年11月底前, not after the notice",
        ),
        pytest.param(
            Yearly(2, 29, first=date(2023, 1, 1), last=date(2024, 12, 31)),
            [("2023", date(2023, 2, 28)), ("2024", date(2024, 2, 29))],
            id="每年2月29日, which most years do not have",
        ),
        pytest.param(
            Yearly(10, 1, first=date(2022, 10, 1), last=date(2023, 10, 1)),
            [("2022", date(2022, 10, 1)), ("2023", date(2023, 10, 1))],
            id="the first and the last day in force count",
        ),
    ],
)
def test_a_notice_names_its_days(rule, days):
    assert [(one.period, one.day) for one in rule.due_days()] == days
    assert [one.warns_from for one in rule.due_days()] == [None] * len(days)


@pytest.mark.parametrize(
    ("third", "warns_from", "day"),
    [
        pytest.param(TenDayPeriod.FIRST, date(2022, 10, 31), date(2022, 11, 10), id="11月上旬"),
        pytest.param(TenDayPeriod.MIDDLE, date(2022, 11, 10), date(2022, 11, 20), id="11月中旬前"),
        pytest.param(TenDayPeriod.LAST, date(2022, 11, 20), date(2022, 11, 30), id="11月下旬"),
    ],
)
def test_a_ten_day_period_is_due_at_its_end_and_warned_of_from_before_it_begins(third, warns_from, day):
    assert list(WithinTenDays("2022-11", third).due_days()) == [(None, day, warns_from)]


def test_the_last_ten_days_of_february_end_with_the_month():
    assert [one.day for one in WithinTenDays("2024-02", TenDayPeriod.LAST).due_days()] == [date(2024, 2, 29)]


def milestone_due(day, *, policy=KEEP, weekend_policy=None):
    milestone = replace(CAMPAIGN.milestone("contact_list"), calendar_policy=policy, weekend_policy=weekend_policy)
    return milestone, replace(milestone.terms[0], nominal_due=day)


@pytest.mark.parametrize(
    ("policy", "nominal", "due"),
    [
        pytest.param(KEEP, date(2022, 10, 1), date(2022, 10, 1), id="kept on a holiday"),
        pytest.param(ADVANCE, date(2022, 10, 1), date(2022, 9, 30), id="before the National Day week"),
        pytest.param(DEFER, date(2022, 10, 1), date(2022, 10, 8), id="to the make-up Saturday after it"),
        pytest.param(DEFER, date(2023, 4, 29), date(2023, 5, 4), id="over Labour Day"),
        pytest.param(ADVANCE, date(2023, 4, 30), date(2023, 4, 28), id="before Labour Day"),
        pytest.param(ADVANCE, date(2024, 6, 30), date(2024, 6, 28), id="a quarter's end on a Sunday"),
        pytest.param(DEFER, date(2023, 9, 30), date(2023, 10, 7), id="a quarter's end on a holiday, to a make-up day"),
        pytest.param(DEFER, date(2023, 12, 31), date(2024, 1, 2), id="a year's end on a holiday"),
        pytest.param(KEEP, date(2022, 10, 8), date(2022, 10, 8), id="a make-up Saturday is a working day"),
        pytest.param(DEFER, date(2022, 10, 9), date(2022, 10, 9), id="and so is a make-up Sunday"),
        pytest.param(ADVANCE, date(2022, 8, 12), date(2022, 8, 12), id="a working day is not advanced"),
        pytest.param(DEFER, date(2022, 8, 12), date(2022, 8, 12), id="a working day is not deferred"),
    ],
)
def test_a_day_off_is_kept_advanced_or_deferred_as_the_campaign_says(policy, nominal, due):
    milestone, term = milestone_due(nominal, policy=policy)

    (obligation,) = obligations_of(CAMPAIGN, CAMPAIGN.units[0], milestone, term, calendar=CALENDAR)

    assert (obligation.nominal_due, obligation.due, obligation.due_policy) == (nominal, due, policy)
    assert obligation.reminder_date == CALENDAR.before(due)


@pytest.mark.parametrize(
    ("nominal", "due", "policy"),
    [
        pytest.param(date(2022, 6, 3), date(2022, 6, 6), DEFER, id="Dragon Boat Festival is deferred"),
        pytest.param(date(2022, 9, 10), date(2022, 9, 13), DEFER, id="a holiday on a Saturday is a holiday"),
        pytest.param(date(2022, 7, 30), date(2022, 7, 30), KEEP, id="a plain Saturday is kept"),
        pytest.param(date(2022, 10, 30), date(2022, 10, 30), KEEP, id="a plain Sunday is kept"),
    ],
)
def test_statutory_holidays_and_weekends_may_go_different_ways(nominal, due, policy):
    milestone, term = milestone_due(nominal, policy=DEFER, weekend_policy=KEEP)

    assert due_date(milestone, term, calendar=CALENDAR) == (due, policy)


def test_nothing_closes_before_a_deferred_due_date():
    milestone, term = milestone_due(date(2022, 10, 1), policy=DEFER)
    term = replace(term, closes=date(2022, 10, 3))

    (obligation,) = obligations_of(CAMPAIGN, CAMPAIGN.units[0], milestone, term, calendar=CALENDAR)

    assert obligation.closes == date(2022, 10, 8)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        pytest.param("2022-08", date(2022, 8, 31), id="a Wednesday"),
        pytest.param("2022-07", date(2022, 7, 29), id="the Friday before a weekend"),
        pytest.param("2022-04", date(2022, 4, 29), id="the Friday before Labour Day"),
        pytest.param("2023-09", date(2023, 9, 28), id="the Thursday before Mid-autumn"),
        pytest.param("2024-02", date(2024, 2, 29), id="29 February"),
        pytest.param("2023-12", date(2023, 12, 29), id="the Friday before New Year"),
    ],
)
def test_the_last_working_day_of_a_month_is_its_end_advanced(period, day):
    (end,) = LastWorkingDay(period, period).due_days()
    milestone, term = milestone_due(end.day, policy=ADVANCE)

    assert end.period == period
    assert due_date(milestone, term, calendar=CALENDAR) == (day, ADVANCE)


def test_a_year_whose_holidays_are_published_later_is_planned_anew(tmp_path):
    table = tmp_path / "overrides.csv"
    table.write_text(TABLE.read_text("utf-8") + "2027-10-01,day_off,国庆节\n2027-10-04,day_off,国庆节\n", "utf-8")
    milestone, term = milestone_due(date(2027, 10, 1), policy=DEFER)
    term = replace(term, closes=date(2027, 12, 31))
    campaign = replace(CAMPAIGN, milestones=(replace(milestone, terms=(term,)),))

    before = plan_obligations(campaign, calendar=CALENDAR)
    after = plan_obligations(campaign, calendar=published_calendar(table))

    assert {one.due for one in before} == {date(2027, 10, 1)}
    assert {one.due for one in after} == {date(2027, 10, 5)}
    assert [one.id for one in before] == [one.id for one in after]


@pytest.mark.parametrize("hardness", [Hardness.OPEN, Hardness.INFO])
def test_an_open_act_and_history_are_owed_by_nobody(hardness):
    milestone, term = milestone_due(date(2022, 8, 12))
    milestone = replace(milestone, hardness=hardness)

    assert list(obligations_of(CAMPAIGN, CAMPAIGN.units[0], milestone, term, calendar=CALENDAR)) == []
