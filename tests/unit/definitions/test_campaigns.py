"""A campaign's folder as data: forms, days, units, ladders; what cannot be is shown by file and line."""

import shutil
from datetime import date

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.definitions.campaigns import load_campaign
from phaseout.adapters.definitions.yaml_data import BadDefinition
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import DayOff
from phaseout.domain.campaign import CalendarPolicy, CountedIn, Extent, FormsToCome
from phaseout.domain.evidence import EvidencePhase
from phaseout.domain.obligation import due_date, plan_obligations
from phaseout.settings import PROJECT
from phaseout.usecases.assess.checking import parameters

CAMPAIGN = "jiangsu-2022"
CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
KEPT = "kept_forms: [enterprise_card]"
PHASES = "evidence_phases: []"
EXTENT = "extent: {longitude: [116.3, 122.0], latitude: [30.7, 35.2]}"
CONTACT_DUE = "    due: {rule: fixed, date: 2022-06-03}\n"
CONTACT_WINDOW = "    window: {opens: 2022-05-20, closes: 2023-01-13}\n    stock: [consolidate]\n"
INVENTORY = "    forms: [inventory_statement]\n"
CLOSURE_WINDOW = "window: {opens: 2022-08-12, closes: 2022-12-31}"
COORDINATION = "coordination_body: {name: 淘汰落后产能工作协调机构, mailbox: xietiao@gxt-jiangsu.example}"
LAST_RUNG = "  - {days_late: 7, letter: criticism, audience: [all_units], release: true}"
WUXI = "mailbox: gxj@wuxi.example, leader_mailbox: lingdao@wuxi.example, industries: taihu"


@pytest.fixture(scope="module")
def forms():
    return FileDefinitions(PROJECT).forms()


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(PROJECT / "data" / "campaigns" / CAMPAIGN, tmp_path / CAMPAIGN)
    return tmp_path / CAMPAIGN


def changed(folder, old, new, *, file="campaign.yaml"):
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_campaign_hands_down_the_card_and_knows_where_its_enterprises_lie(folder, forms):
    campaign = load_campaign(folder, forms=forms)

    assert campaign.kept_forms == ("enterprise_card",)
    assert campaign.extent == Extent(longitude=(116.3, 122.0), latitude=(30.7, 35.2))
    asked = parameters(campaign)
    assert (asked["longitude_least"], asked["latitude_most"]) == (116.3, 35.2)


def test_a_campaign_may_want_pictures_of_phases_or_none(folder, forms):
    assert load_campaign(folder, forms=forms).evidence_phases == ()
    changed(folder, PHASES, "evidence_phases: [before, after]")
    assert load_campaign(folder, forms=forms).evidence_phases == (EvidencePhase.BEFORE, EvidencePhase.AFTER)


def test_a_campaign_may_hand_down_nothing_and_lie_anywhere(folder, forms):
    changed(folder, KEPT, "")
    changed(folder, EXTENT, "")
    campaign = load_campaign(folder, forms=forms)

    assert (campaign.kept_forms, campaign.extent) == ((), None)
    assert parameters(campaign)["longitude_least"] is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(KEPT, "kept_forms: [no_such_form]", "there is no form no_such_form", id="no form"),
        pytest.param(KEPT, "kept_forms: [survey_summary]", "survey_summary is owed at a milestone", id="an owed form"),
        pytest.param(EXTENT, "extent: {longitude: [122, 116], latitude: [30.7, 35.2]}", "least", id="turned round"),
        pytest.param(EXTENT, "extent: {longitude: [116.3, 122.0]}", "latitude", id="half an extent"),
        pytest.param(PHASES, "evidence_phases: [before, later]", "evidence_phases", id="no phase"),
        pytest.param(PHASES, "evidence_phases: [after, after]", "after stands twice", id="a phase twice"),
    ],
)
def test_what_cannot_be_is_refused_by_line(folder, forms, old, new, words):
    line = changed(folder, old, new)

    with pytest.raises(BadDefinition, match=words) as wrong:
        load_campaign(folder, forms=forms)

    assert wrong.value.line == line


def test_a_day_off_goes_by_its_cause_if_the_campaign_says_so(folder, forms):
    changed(folder, CONTACT_DUE, CONTACT_DUE + "    calendar_policy: {statutory_holiday: defer, weekend: keep}\n")
    milestone = load_campaign(folder, forms=forms).milestone("contact_list")

    assert (milestone.calendar_policy, milestone.weekend_policy) == (CalendarPolicy.DEFER, CalendarPolicy.KEEP)


def test_one_word_is_the_policy_of_both_causes(folder, forms):
    changed(folder, CONTACT_DUE, CONTACT_DUE + "    calendar_policy: advance\n")
    milestone = load_campaign(folder, forms=forms).milestone("contact_list")

    assert {milestone.policy_for(cause) for cause in DayOff} == {CalendarPolicy.ADVANCE}


def test_the_last_working_day_of_each_month_is_data(folder, forms):
    due = "{rule: monthly, day: 30, first: 2022-08, last: 2022-11}"
    changed(folder, due, "{rule: last_working_day, first: 2022-08, last: 2022-11}")
    milestone = load_campaign(folder, forms=forms).milestone("monthly_progress")
    days = {term.period: due_date(milestone, term, calendar=CALENDAR)[0] for term in milestone.terms}

    assert days["2022-08"] == date(2022, 8, 31)
    assert days["2022-10"] == date(2022, 10, 31)
    assert days["2022-11"] == date(2022, 11, 30)


def test_grace_and_rungs_in_calendar_days_are_data(folder, forms):
    changed(folder, CONTACT_DUE, CONTACT_DUE + "    grace: 2\n")
    changed(folder, LAST_RUNG, LAST_RUNG.replace("release", "counted_in: calendar_days, release"))
    campaign = load_campaign(folder, forms=forms)

    assert [one.grace for one in campaign.milestones[:2]] == [2, 0]
    assert [rung.counted_in for rung in campaign.ladder[-2:]] == [CountedIn.WORKING_DAYS, CountedIn.CALENDAR_DAYS]


ADDED = '  - {key: casting, name: 铸造, group: added, gbt4754: ["3391"], industry_office: null}\n'


def test_an_industry_that_a_city_adds_becomes_an_obligation_like_the_others(folder, forms):
    whole = plan_obligations(load_campaign(folder, forms=forms), calendar=CALENDAR)
    with (folder / "industries.yaml").open("a", encoding="utf-8") as file:
        file.write(ADDED)
    changed(folder, WUXI, WUXI + ", added_industries: [casting]", file="units.yaml")

    planned = plan_obligations(load_campaign(folder, forms=forms), calendar=CALENDAR)

    new = [one for one in planned if one.id not in {known.id for known in whole} and not one.is_paper]
    assert [(one.unit, one.milestone, one.form, one.industry) for one in new] == [
        ("320200", "summary", "survey_summary", "casting")
    ]
    assert new[0].due == date(2022, 8, 12)


def test_an_industry_is_added_from_its_own_group_alone(folder, forms):
    line = changed(folder, WUXI, WUXI + ", added_industries: [paper]", file="units.yaml")

    with pytest.raises(BadDefinition, match="has no paper in its group added") as wrong:
        load_campaign(folder, forms=forms)

    assert wrong.value.line == line


def test_a_form_to_come_may_be_asked_for_and_keeps_the_campaign_from_being_opened(folder, forms):
    changed(folder, INVENTORY, "    forms: [statement_to_come]\n")
    changed(folder, KEPT, KEPT + "\nforms_to_come: [statement_to_come]")
    campaign = load_campaign(folder, forms=forms)

    assert {one.form for one in plan_obligations(campaign, calendar=CALENDAR)} >= {"statement_to_come"}
    with pytest.raises(FormsToCome, match="statement_to_come"):
        campaign.require_forms()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(CLOSURE_WINDOW, "window: {opens: 2022-12-01}", "the due date lies outside", id="opens too late"),
        pytest.param(CLOSURE_WINDOW, "window: {closes: 2022-11-29}", "the due date lies outside", id="closes too soon"),
        pytest.param(CLOSURE_WINDOW, "owed_by: [village]", "village is no kind of unit", id="no kind"),
        pytest.param(CLOSURE_WINDOW, "owed_by: ['320201']", "320201 is no kind of unit", id="no unit's code"),
        pytest.param(CLOSURE_WINDOW, "within: closing", "no other milestone closing", id="no milestone"),
        pytest.param(CLOSURE_WINDOW, "after: closure", "no other milestone closure", id="after itself"),
        pytest.param(PHASES, "forms_to_come: [contact]", "contact is there", id="a form that is there"),
        pytest.param(PHASES, "forms_to_come: [nobody]", "no milestone asks for nobody", id="a form nobody wants"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_line(folder, forms, old, new, words):
    line = changed(folder, old, new)

    with pytest.raises(BadDefinition, match=words) as wrong:
        load_campaign(folder, forms=forms)

    assert wrong.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(CONTACT_DUE, "", "every other milestone has one", id="no due date"),
        pytest.param(
            "    hardness: goal\n", "    hardness: open\n", "an open act has no due date", id="a dated open act"
        ),
        pytest.param("    forms: [contact]\n", "", "only a goal, an open act and history", id="nothing to file"),
        pytest.param(CONTACT_WINDOW, "    window: {opens_day: 20}\n", "each month", id="a day of no month"),
        pytest.param(CONTACT_WINDOW, "    owed_by: [park]\n", "no unit owes it", id="owed by nobody"),
        pytest.param(COORDINATION, "", "the campaign names none", id="a rung to a body that is not there"),
        pytest.param(
            CONTACT_DUE + CONTACT_WINDOW, "    due: {rule: yearly, month: 6}\n", "a validity", id="yearly without years"
        ),
        pytest.param(
            CONTACT_DUE + CONTACT_WINDOW,
            "    due: {rule: last_working_day, first: 2022-06, last: 2022-06}\n    calendar_policy: keep\n",
            "nothing to a calendar policy",
            id="a policy for the last working day",
        ),
        pytest.param("name: 装备工业处, ", "name: 装备处, ", "no industry office 装备工业处", id="tables for no desk"),
    ],
)
def test_a_campaign_that_contradicts_itself_is_refused(folder, forms, old, new, words):
    changed(folder, old, new)

    with pytest.raises(BadDefinition, match=words):
        load_campaign(folder, forms=forms)
