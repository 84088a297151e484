"""The calendars and obligations of five campaigns, held to tables typed from their texts (tests/data)."""

import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Audience, CalendarPolicy, Condition, Hardness, LadderInWords, UnitKind
from phaseout.domain.obligation import Standing, plan_obligations, standings
from phaseout.settings import PROJECT

DATA = Path(__file__).parents[2] / "data"
DEFINITIONS = FileDefinitions(PROJECT)
CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
FACTS = {"jiangsu-2022": ("J", 11), "jiangyin-2022": ("Y", 7), "chaisang-2022": ("C", 7), "jiangmen-2021": ("M", 8)}
FACTS |= {"luojiang-2023": ("L", 5)}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def table(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OBLIGATIONS = table("obligations_of_five_campaigns.csv")
DAYS = table("due_dates_of_five_campaigns.csv")
MILESTONES = {(row["campaign"], row["fact"]): row["milestone"] for row in OBLIGATIONS}


def named(*columns):
    return lambda row: " ".join(row[column] for column in columns)


def filings(campaign, milestone=None):
    """Return what is owed in files: what goes on paper beside them is another matter."""
    planned = plan_obligations(DEFINITIONS.campaign(campaign), calendar=CALENDAR)
    return [one for one in planned if not one.is_paper and milestone in {None, one.milestone}]


def milestone_of(row):
    return DEFINITIONS.campaign(row["campaign"]).milestone(MILESTONES[row["campaign"], row["fact"]])


def test_the_tables_name_every_obligation_of_the_texts():
    expected = {
        (campaign, f"{letter}{number}") for campaign, (letter, last) in FACTS.items() for number in range(1, last + 1)
    }

    assert {(row["campaign"], row["fact"]) for row in OBLIGATIONS} == expected


@pytest.mark.parametrize("campaign", FACTS)
def test_a_campaign_has_the_milestones_of_its_text_and_no_others(campaign):
    milestones = Counter(milestone.id for milestone in DEFINITIONS.campaign(campaign).milestones)

    assert milestones == Counter(row["milestone"] for row in OBLIGATIONS if row["campaign"] == campaign)


@pytest.mark.parametrize("row", OBLIGATIONS, ids=named("campaign", "fact"))
def test_each_obligation_is_due_on_its_days_as_hard_as_its_text_says(row):
    milestone = milestone_of(row)

    assert (milestone.basis, milestone.hardness) == (row["clause"], Hardness(row["kind"]))
    assert [term.nominal_due.isoformat() for term in milestone.terms] == row["due"].split()


@pytest.mark.parametrize("row", OBLIGATIONS, ids=named("campaign", "fact"))
def test_each_obligation_makes_as_many_rows_as_there_are_bodies_forms_and_periods_to_owe_it(row):
    owed = filings(row["campaign"], row["milestone"])

    assert len(owed) == int(row["rows"])
    assert {one.nominal_due.isoformat() for one in owed} <= set(row["due"].split())
    assert {one.hardness for one in owed} <= {Hardness(row["kind"])}


@pytest.mark.parametrize("row", DAYS, ids=named("campaign", "fact", "role", "date"))
def test_each_date_of_the_texts_is_a_day_of_its_campaign(row):
    campaign, day = DEFINITIONS.campaign(row["campaign"]), date.fromisoformat(row["date"])
    if row["role"] == "validity":
        assert day in {campaign.validity.first, campaign.validity.last}
        return
    terms = milestone_of(row).terms
    found = {
        "due": {term.nominal_due for term in terms if term.condition is Condition.ALWAYS},
        "condition": {term.nominal_due for term in terms if term.condition is not Condition.ALWAYS},
        "warning": {term.warns_from for term in terms},
    }[row["role"]]

    assert day in found


def test_no_campaign_has_a_day_that_its_text_does_not():
    written = {(row["campaign"], row["fact"], row["date"]) for row in DAYS}
    planned = {
        (campaign, fact, day.isoformat())
        for (campaign, fact), name in MILESTONES.items()
        for term in DEFINITIONS.campaign(campaign).milestone(name).terms
        for day in (term.nominal_due, term.warns_from)
        if day
    }

    assert planned <= written


@pytest.mark.parametrize("row", DAYS, ids=named("campaign", "fact", "role", "date"))
def test_the_calendar_knows_the_day_and_its_neighbours(row):
    day = date.fromisoformat(row["date"])

    assert WEEKDAYS[day.weekday()] == row["weekday"]
    assert (CALENDAR.day_off(day) or "") == row["day_off"]
    assert CALENDAR.is_provisional(day) is (row["on_or_before"] == "")
    if not CALENDAR.is_provisional(day):
        assert CALENDAR.on_or_before(day).isoformat() == row["on_or_before"]
        assert CALENDAR.on_or_after(day).isoformat() == row["on_or_after"]


@pytest.mark.parametrize("campaign", FACTS)
def test_the_date_stays_as_written_and_the_reminder_comes_on_the_working_day_before_it(campaign):
    for one in filings(campaign):
        assert (one.due, one.due_policy) == (one.nominal_due, CalendarPolicy.KEEP)
        assert one.reminder_date < one.due
        assert CALENDAR.is_working_day(one.reminder_date)
        assert CALENDAR.count(one.reminder_date, one.due) == int(CALENDAR.is_working_day(one.due))


def test_jiangsu_waits_for_thirteen_contact_forms_and_completed_lists_and_for_every_summary_and_month():
    forms = Counter(one.form for one in filings("jiangsu-2022"))

    assert (forms["contact"], forms["progress"], forms["completed_list"]) == (13, 52, 13)
    assert forms["survey_summary"] >= 103


@pytest.mark.parametrize(
    ("campaign", "milestone", "owed_by"),
    [
        pytest.param("jiangyin-2022", "closure_plan", {UnitKind.TOWNSHIP: 16, UnitKind.PARK: 2}, id="18 镇街园区"),
        pytest.param("jiangyin-2022", "reward_work", {UnitKind.OFFICE: 1}, id="市淘汰办 itself"),
        pytest.param("chaisang-2022", "self_survey", {UnitKind.BUREAU: 8}, id="departments, no township"),
        pytest.param("chaisang-2022", "catalogue_cleared", {UnitKind.BUREAU: 4}, id="four departments by name"),
        pytest.param("jiangmen-2021", "lawful_closures", {UnitKind.BUREAU: 4}, id="bureaux alone"),
        pytest.param("jiangmen-2021", "year_summary", {UnitKind.COUNTY: 7, UnitKind.BUREAU: 4}, id="all eleven"),
        pytest.param("luojiang-2023", "township_plan", {UnitKind.TOWNSHIP: 6}, id="six townships"),
        pytest.param("luojiang-2023", "district_summary", {UnitKind.OFFICE: 1}, id="区工信局 itself"),
    ],
)
def test_bodies_of_different_kinds_owe_what_is_theirs(campaign, milestone, owed_by):
    known = DEFINITIONS.campaign(campaign)
    units = {one.unit for one in filings(campaign, milestone)}

    assert Counter(known.unit(unit).kind for unit in units) == owed_by


@pytest.mark.parametrize("name", ["城东街道", "江苏江阴靖江工业园区"])
def test_who_may_report_and_is_not_chased_owes_nothing(name):
    campaign = DEFINITIONS.campaign("jiangyin-2022")
    (unit,) = (unit for unit in campaign.units if unit.name == name)

    assert not unit.is_chased
    assert [one for one in filings(campaign.id) if one.unit == unit.code] == []


def test_the_plan_of_2027_lies_inside_the_validity_and_an_inspection_after_it_goes_to_review():
    campaign = DEFINITIONS.campaign("jiangyin-2022")

    assert campaign.milestone("closure_plan").terms[-1].nominal_due <= campaign.validity.last
    (review,) = (term for term in campaign.milestone("closure_inspection").terms if term.condition is Condition.REVIEW)
    assert (review.period, review.nominal_due) == ("2027", date(2027, 11, 30))
    assert "2027" not in {one.period for one in filings(campaign.id, "closure_inspection")}


def test_goals_without_progress_forms_say_that_nobody_can_tell():
    campaign = DEFINITIONS.campaign("chaisang-2022")
    owed = filings(campaign.id, "all_cleared")
    (view,) = standings(
        owed, {}, calendar=CALENDAR, correction_working_days=3, as_of=datetime(2024, 1, 5, 9, tzinfo=CHINA)
    ).values()

    assert (view.standing, view.reason) == (Standing.LATE, "未报送进展，无法判定")


def test_jiangmen_sends_up_with_approval_and_copies():
    campaign = DEFINITIONS.campaign("jiangmen-2021")

    assert campaign.milestone("city_summary").wording.approval == "市政府同意"
    assert len(campaign.milestone("district_plans").wording.copies_to) == 4
    assert campaign.milestone("city_summary").after == "year_summary"


@pytest.mark.parametrize(
    ("campaign", "line", "months", "extension"),
    [
        pytest.param("luojiang-2023", "energy", 6, 3, id="能耗 6个月, 可延长3个月"),
        pytest.param("luojiang-2023", "quality", 6, 0, id="质量 6个月"),
        pytest.param("luojiang-2023", "environment", None, 0, id="环保 not said"),
        pytest.param("luojiang-2023", "safety", None, 0, id="安全 set by the order"),
        pytest.param("chaisang-2022", "energy", None, 0, id="能耗 规定时间"),
        pytest.param("chaisang-2022", "quality", None, 0, id="质量 限期"),
    ],
)
def test_the_rectification_windows_are_those_of_the_text(campaign, line, months, extension):
    (window,) = (one for one in DEFINITIONS.campaign(campaign).windows if one.id == line)

    assert (window.months, window.extension_months) == (months, extension)


@pytest.mark.parametrize("campaign", [name for name in FACTS if name != "jiangsu-2022"])
def test_where_a_text_has_no_rungs_the_usual_ones_remind_and_nothing_waits_for_release(campaign):
    ladder = DEFINITIONS.campaign(campaign).ladder

    assert [(rung.days_late, rung.letter) for rung in ladder] == [
        (-7, "reminder"),
        (-3, "reminder"),
        (-1, "reminder"),
        (1, "overdue"),
    ]
    assert not any(rung.release for rung in ladder)


def test_jiangsu_turns_to_the_coordination_body_for_enterprises_and_its_desks_are_known():
    campaign = DEFINITIONS.campaign("jiangsu-2022")
    (rung,) = campaign.enterprise_ladder

    assert (rung.days_late, rung.audience, rung.release) == (3, (Audience.COORDINATION_BODY,), True)
    assert campaign.coordination_body.mailbox.endswith(".example")
    assert {one.industry_office for one in campaign.industries} - {None} == {
        one.name for one in campaign.industry_offices
    }
    assert all(isinstance(ladder, LadderInWords) for ladder in campaign.ladders)


@pytest.mark.parametrize("campaign", FACTS)
def test_all_addresses_are_invented(campaign):
    known = DEFINITIONS.campaign(campaign)
    bodies = [known.office, known.coordination_body, *known.industry_offices, *known.units]

    assert all(body.mailbox.endswith(".example") for body in bodies if body)
    assert all(unit.leader_mailbox.endswith(".example") for unit in known.units)
