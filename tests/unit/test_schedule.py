"""On which days the flows of Jiangsu 2022 run (流程日程), as its data says."""

from collections import Counter
from datetime import date

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.calendar import days_between
from phaseout.domain.campaign import Hardness
from phaseout.domain.schedule import Occasion, flow_days, flows_on, yearly_schedules
from phaseout.settings import PROJECT


@pytest.fixture(scope="module")
def campaign():
    return FileDefinitions(PROJECT).campaign("jiangsu-2022")


@pytest.mark.parametrize(
    ("milestone", "occasion", "days"),
    [
        pytest.param("contact_list", Occasion.OPENS, [date(2022, 5, 20)], id="contact list asked for on 05-20"),
        pytest.param("contact_list", Occasion.DUE, [date(2022, 6, 3)], id="contact list due on 06-03"),
        pytest.param("contact_list", Occasion.AFTER, [date(2022, 6, 4)], id="contact list counted on 06-04"),
        pytest.param("inventory", Occasion.OPENS, [date(2022, 6, 6)], id="inventory asked for on 06-06"),
        pytest.param("inventory", Occasion.DUE, [date(2022, 7, 30)], id="inventory due on 07-30, a Saturday"),
        pytest.param("inventory", Occasion.AFTER, [date(2022, 7, 31)], id="inventory counted on 07-31"),
        pytest.param("summary", Occasion.OPENS, [date(2022, 7, 25)], id="summary asked for on 07-25"),
        pytest.param("summary", Occasion.DUE, [date(2022, 8, 12)], id="summary due on 08-12"),
        pytest.param("summary", Occasion.AFTER, [date(2022, 8, 13)], id="summary counted on 08-13"),
        pytest.param(
            "monthly_progress",
            Occasion.OPENS,
            [date(2022, 8, 23), date(2022, 9, 23), date(2022, 10, 23), date(2022, 11, 23), date(2022, 12, 23)],
            id="progress asked for a week before",
        ),
        pytest.param(
            "monthly_progress",
            Occasion.DUE,
            [date(2022, 8, 30), date(2022, 9, 30), date(2022, 10, 30), date(2022, 11, 30), date(2022, 12, 30)],
            id="progress due on the 30th, December's too where items are open",
        ),
        pytest.param(
            "monthly_progress",
            Occasion.AFTER,
            [date(2022, 8, 31), date(2022, 10, 1), date(2022, 10, 31), date(2022, 12, 1), date(2022, 12, 31)],
            id="progress counted the day after, be it the 31st or the 1st",
        ),
        pytest.param("closure", Occasion.OPENS, [], id="a goal asks for no form, so nothing opens"),
        pytest.param("closure", Occasion.DUE, [date(2022, 11, 30)], id="closures due on 11-30"),
        pytest.param("closure", Occasion.AFTER, [date(2022, 12, 1)], id="closures counted on 12-01"),
        pytest.param("final_list", Occasion.OPENS, [date(2022, 12, 1)], id="final list asked for on 12-01"),
        pytest.param("final_list", Occasion.DUE, [date(2022, 12, 15)], id="final list due on 12-15"),
        pytest.param("final_list", Occasion.AFTER, [date(2022, 12, 16)], id="final list counted on 12-16"),
    ],
)
def test_a_milestone_runs_when_it_opens_is_due_and_has_ended(campaign, milestone, occasion, days):
    known = campaign.milestone(milestone)

    assert [one.day for one in flow_days(known) if one.occasion is occasion] == days


@pytest.mark.parametrize(
    ("day", "milestones"),
    [
        pytest.param(date(2022, 5, 19), (), id="nothing before the campaign"),
        pytest.param(date(2022, 5, 20), ("contact_list",), id="the first day"),
        pytest.param(date(2022, 8, 12), ("summary",), id="one milestone due"),
        pytest.param(date(2022, 8, 15), (), id="an ordinary Monday"),
        pytest.param(date(2022, 11, 30), ("monthly_progress", "closure"), id="two due on one day"),
        pytest.param(date(2022, 12, 1), ("monthly_progress", "closure", "final_list"), id="two ended, one opens"),
        pytest.param(date(2023, 8, 12), (), id="not the year after"),
    ],
)
def test_a_day_names_the_milestones_that_run(campaign, day, milestones):
    assert flows_on(campaign, day) == milestones


@pytest.mark.parametrize(
    ("milestone", "crons"),
    [
        pytest.param(
            "contact_list",
            {
                "contact-list-opens": "0 9 20 5 *",
                "contact-list-due": "0 9 3 6 *",
                "contact-list-after": "0 9 4 6 *",
            },
            id="one day an occasion",
        ),
        pytest.param(
            "monthly_progress",
            {
                "monthly-progress-opens": "0 9 23 8-12 *",
                "monthly-progress-due": "0 9 30 8-12 *",
                "monthly-progress-after-1": "0 9 1 10,12 *",
                "monthly-progress-after-31": "0 9 31 8,10,12 *",
            },
            id="days of one occasion share a schedule where they can",
        ),
        pytest.param(
            "closure", {"closure-due": "0 9 30 11 *", "closure-after": "0 9 1 12 *"}, id="nothing announces a goal"
        ),
    ],
)
def test_the_days_come_again_each_year_as_cron(campaign, milestone, crons):
    schedules = yearly_schedules(campaign.milestone(milestone))

    assert {schedule.slug: schedule.cron for schedule in schedules} == crons


def test_the_schedules_of_a_campaign_name_its_flow_days_and_no_others(campaign):
    for milestone in campaign.milestones:
        expected = {(one.day.month, one.day.day) for one in flow_days(milestone)}

        scheduled = {
            (month, schedule.day_of_month) for schedule in yearly_schedules(milestone) for month in schedule.months
        }

        assert scheduled == expected


def test_an_act_without_a_date_has_no_flow_day(campaign):
    acts = [milestone for milestone in campaign.milestones if milestone.hardness is Hardness.OPEN]

    assert len(acts) == 5
    assert [list(flow_days(act)) + list(yearly_schedules(act)) for act in acts] == [[]] * 5


def test_history_has_no_flow_day():
    campaign = FileDefinitions(PROJECT).campaign("chaisang-2022")
    past = [milestone for milestone in campaign.milestones if milestone.hardness is Hardness.INFO]

    assert [milestone.id for milestone in past] == ["scheme", "publicity"]
    assert [one for milestone in past for one in flow_days(milestone)] == []


def test_no_two_schedules_of_a_campaign_have_one_slug(campaign):
    slugs = Counter(schedule.slug for milestone in campaign.milestones for schedule in yearly_schedules(milestone))

    assert [slug for slug, count in slugs.items() if count > 1] == []


def test_every_flow_day_of_the_year_is_found_by_its_day(campaign):
    found = {(day, name) for day in days_between(campaign.opens, campaign.closes) for name in flows_on(campaign, day)}

    assert found == {(one.day, one.milestone) for milestone in campaign.milestones for one in flow_days(milestone)}
