"""How a notice names the day by which something is due (截止规则), and what a day off makes of it (顺延规则)."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.campaign import CalendarPolicy
from phaseout.domain.due_rule import FixedDate, MonthEnd, Monthly, TenDayPeriod, WithinTenDays
from phaseout.domain.obligation import obligations_of
from phaseout.settings import PROJECT

CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
CAMPAIGN = FileDefinitions(PROJECT).campaign("jiangsu-2022")


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
        pytest.param(MonthEnd("2022-06"), [(None, date(2022, 6, 30))], id="6月底前"),
        pytest.param(MonthEnd("2024-02"), [(None, date(2024, 2, 29))], id="2月底前 in a leap year"),
        pytest.param(WithinTenDays("2022-11", TenDayPeriod.FIRST), [(None, date(2022, 11, 10))], id="11月上旬"),
        pytest.param(WithinTenDays("2022-11", TenDayPeriod.MIDDLE), [(None, date(2022, 11, 20))], id="11月中旬"),
        pytest.param(WithinTenDays("2022-11", TenDayPeriod.LAST), [(None, date(2022, 11, 30))], id="11月下旬"),
    ],
)
def test_a_notice_names_its_days(rule, days):
    assert list(rule.due_days()) == days


@pytest.mark.parametrize(
    ("policy", "nominal", "due"),
    [
        pytest.param(CalendarPolicy.KEEP, date(2022, 10, 1), date(2022, 10, 1), id="kept on a holiday"),
        pytest.param(CalendarPolicy.ADVANCE, date(2022, 10, 1), date(2022, 9, 30), id="before the National Day week"),
        pytest.param(CalendarPolicy.DEFER, date(2022, 10, 1), date(2022, 10, 8), id="to the make-up Saturday after it"),
        pytest.param(CalendarPolicy.ADVANCE, date(2022, 8, 12), date(2022, 8, 12), id="a working day is not advanced"),
        pytest.param(CalendarPolicy.DEFER, date(2022, 8, 12), date(2022, 8, 12), id="a working day is not deferred"),
    ],
)
def test_a_day_off_is_kept_advanced_or_deferred_as_the_campaign_says(policy, nominal, due):
    milestone = replace(CAMPAIGN.milestone("contact_list"), calendar_policy=policy)
    term = replace(milestone.terms[0], nominal_due=nominal)

    (obligation,) = obligations_of(CAMPAIGN, CAMPAIGN.units[0], milestone, term, calendar=CALENDAR)

    assert (obligation.nominal_due, obligation.due, obligation.due_policy) == (nominal, due, policy)
    assert obligation.reminder_date == CALENDAR.before(due)
