"""Acting as the office (扮演经办人): in a replay the paper of what was accepted comes in, days later."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.domain.calendar import day_in_china, days_between
from phaseout.domain.invented.habits import Part
from phaseout.domain.invented.year import invent_year
from phaseout.domain.obligation import Standing
from phaseout.usecases.act_as_office import act_as_office
from tests.unit.usecases.office import at, calendar
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, survey_of

PAPER = "320500/summary/survey_summary/ferroalloy/paper"
ACCEPTED = date(2022, 8, 10)


@pytest.fixture
def office(small_office):
    small_office.receive("2022-08-10 10:00", SUZHOU, ("表2.xlsx", survey_of({"铁合金": [{}], "造纸": [{}]})))
    return small_office


def year_of(office, part):
    """Return an invented year in which every city plays the same part."""
    campaign = office.definitions.campaign(CAMPAIGN)
    year = invent_year(campaign, office.definitions.forms(), calendar=calendar(), seed=1)
    plans = (replace(plan, habit=replace(plan.habit, part=part)) for plan in year.plans)
    return replace(year, plans=tuple(plans))


def walk(office, part, *, last=date(2022, 9, 30)):
    """Let the days pass; return on which days how much was registered."""
    year = year_of(office, part)
    campaign = office.definitions.campaign(CAMPAIGN)
    registered = {}
    for day in days_between(ACCEPTED, last):
        as_of = at(f"{day} 08:00")
        count = act_as_office(year, campaign, day, seed=1, as_of=as_of, calendar=calendar(), ledger=office.ledger)
        registered |= {day: count} if count else {}
    return registered


def test_a_units_copies_come_in_one_envelope_working_days_after_acceptance(office):
    ((day, count),) = walk(office, Part.VERY_LATE).items()

    assert count == 2
    assert 1 <= calendar().count(ACCEPTED, day) <= 5
    assert calendar().is_working_day(day)
    assert office.view(PAPER, "2022-10-01 09:00").standing is Standing.ACCEPTED
    assert day_in_china(office.view(PAPER, "2022-10-01 09:00").arrived_at) == day


def test_a_unit_that_gets_things_wrong_seals_its_copies_later(office):
    first, second = walk(office, Part.WRONG)

    assert office.view(PAPER, f"{first} 09:00").standing is Standing.HELD
    assert office.view(PAPER, f"{second} 09:00").standing is Standing.ACCEPTED


def test_a_unit_that_never_sends_its_contacts_sends_no_paper_either(office):
    assert walk(office, Part.NO_CONTACTS) == {}
    assert office.view(PAPER, "2022-10-01 09:00").standing is Standing.LATE
