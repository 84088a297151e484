"""The campaign's year (全年日程): why a due date moved, when units hear, and how a month lies on the page."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.campaign import CalendarPolicy
from phaseout.domain.campaign_year import MOST_MONTHS, months_of_year, own_days_of, runs_of, turns_of, why_moved
from phaseout.settings import PROJECT

CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
CAMPAIGN = FileDefinitions(PROJECT).campaign("jiangsu-2022")
TODAY = date(2022, 10, 11)


def with_policy(policy):
    milestones = tuple(replace(one, calendar_policy=policy, weekend_policy=None) for one in CAMPAIGN.milestones)
    return replace(CAMPAIGN, milestones=milestones)


def turn(title, campaign=CAMPAIGN, days=()):
    return next(one for one in turns_of(campaign, days, calendar=CALENDAR) if one.title == title)


def months(campaign=CAMPAIGN, own=(), today=TODAY):
    turns = turns_of(campaign, (), calendar=CALENDAR)
    return {one.period: one for one in months_of_year(campaign, turns, own, calendar=CALENDAR, today=today)}


def squares(month):
    return {day.day: day for week in month.weeks for day in week if day is not None}


@pytest.mark.parametrize(
    ("nominal", "due", "expected"),
    [
        pytest.param(date(2022, 8, 30), date(2022, 8, 30), "与文件规定一致", id="a working day"),
        pytest.param(date(2022, 10, 30), date(2022, 10, 30), "当日为休息日，按规定不顺延", id="kept on a Sunday"),
        pytest.param(date(2022, 10, 30), date(2022, 10, 31), "遇休息日顺延", id="deferred"),
        pytest.param(date(2022, 10, 5), date(2022, 9, 30), "遇法定节假日提前", id="advanced"),
        pytest.param(date(2022, 8, 30), date(2022, 9, 5), "由主办处室另行顺延", id="moved by the office"),
    ],
)
def test_a_due_date_says_how_it_follows_from_the_notice(nominal, due, expected):
    assert why_moved(nominal, due, calendar=CALENDAR) == expected


@pytest.mark.parametrize(
    ("policy", "due"),
    [
        pytest.param(CalendarPolicy.KEEP, date(2022, 10, 30), id="kept"),
        pytest.param(CalendarPolicy.ADVANCE, date(2022, 10, 28), id="advanced"),
        pytest.param(CalendarPolicy.DEFER, date(2022, 10, 31), id="deferred"),
    ],
)
def test_a_turn_has_both_days(policy, due):
    moved = turn("关停淘汰进展月报（10月）", with_policy(policy))

    assert (moved.nominal, moved.due) == (date(2022, 10, 30), due)


def test_what_the_marts_say_goes_before_the_plan():
    days = [
        {"milestone": "final_list", "period": None, "due_date": date(2022, 12, 20), "close_date": date(2023, 1, 31)}
    ]
    moved = turn("完成淘汰清单及核查验收表", days=[days[0] | {"units": 13}])

    assert (moved.due, moved.closes, moved.units) == (date(2022, 12, 20), date(2023, 1, 31), 13)
    assert moved.why == "由主办处室另行顺延"


def test_units_hear_within_the_window_and_on_working_days_only():
    october = turn("关停淘汰进展月报（10月）")

    # The rung of seven working days before lies ahead of the window.
    assert [one.day for one in october.reminders] == [date(2022, 10, 26), date(2022, 10, 28)]
    assert [(one.day, one.word, one.waits_for_release) for one in october.chases] == [
        (date(2022, 10, 31), "逾期催报函", False),
        (date(2022, 11, 2), "督办函", True),
        (date(2022, 11, 8), "通报批评", True),
    ]


def test_what_is_due_in_principle_only_is_never_chased_and_a_goal_is_nobodys_reminder():
    assert turn("企业排查完成情况").chases == ()
    assert turn("落后生产工艺装备关停淘汰到期").reminders == ()


def test_a_conditional_turn_shows_once_somebody_owes_it():
    days = [
        {
            "milestone": "monthly_progress",
            "period": "2022-12",
            "due_date": date(2022, 12, 30),
            "close_date": date(2023, 1, 13),
            "units": 3,
        }
    ]

    assert "关停淘汰进展月报（12月）" not in {one.title for one in turns_of(CAMPAIGN, (), calendar=CALENDAR)}
    assert turn("关停淘汰进展月报（12月）", days=days).is_conditional


def test_a_month_lies_in_weeks_from_monday():
    weeks = months()["2022-10"].weeks

    assert [day and day.day.day for day in weeks[0]] == [None, None, None, None, None, 1, 2]
    assert [day and day.day.day for day in weeks[-1]] == [31, None, None, None, None, None, None]


@pytest.mark.parametrize(
    ("day", "is_working", "mark"),
    [
        pytest.param(date(2022, 10, 7), False, "休", id="a Friday of the National Day"),
        pytest.param(date(2022, 10, 8), True, "班", id="a Saturday that works"),
        pytest.param(date(2022, 10, 15), False, None, id="a plain Saturday"),
        pytest.param(date(2022, 10, 10), True, None, id="a plain Monday"),
    ],
)
def test_a_square_marks_what_the_weekday_does_not_tell(day, is_working, mark):
    square = squares(months()["2022-10"])[day]

    assert square.is_working is is_working
    assert (square.mark and square.mark[0]) == mark


def test_days_off_are_told_in_runs():
    marked = [day for month in months().values() for day in month.days_off]

    assert (date(2022, 10, 1), date(2022, 10, 7), "节假日") in list(runs_of(marked))
    assert (date(2022, 10, 8), date(2022, 10, 9), "调休上班") in list(runs_of(marked))
    assert (date(2022, 12, 31), date(2023, 1, 2), "节假日") in list(runs_of(marked))


def test_units_with_one_own_day_share_a_line():
    row = {"milestone": "summary", "period": None, "common_due_date": date(2022, 8, 12), "forms": 2, "accepted": 0}
    rows = [row | {"unit_name": name, "due_date": date(2022, 8, 19)} for name in ("苏州市", "无锡市")]
    month = months(own=own_days_of(CAMPAIGN, rows))["2022-08"]

    assert "own" in squares(month)[date(2022, 8, 19)].kinds
    assert (date(2022, 8, 19), "own", "另定截止：企业生产工艺装备情况调查汇总（苏州市等2个单位）") in month.events


def test_of_many_years_only_the_months_with_something_on_are_shown():
    shown = months(FileDefinitions(PROJECT).campaign("jiangyin-2022"))

    assert len(shown) < 75
    assert "2022-10" in shown  # today
    assert "2024-01" not in shown
    assert len(months()) == 9 <= MOST_MONTHS
