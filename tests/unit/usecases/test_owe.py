"""Owing (立项): what is owed only as things stand, such as December's 表3 while items are open."""

from datetime import date

import pytest

from phaseout.domain.obligation import Standing
from tests.unit.usecases.papers import CAMPAIGN, DISMANTLED, FURNACE, SUZHOU, progress, survey

DECEMBER = f"{CAMPAIGN}/{SUZHOU}/monthly_progress/progress/2022-12"
OTHER = {**FURNACE, "equip_model": "HTK-B"}
NOVEMBER = {"as_of": date(2022, 11, 30), "filled_on": date(2022, 11, 29)}


def december(office):
    return [o.id for o in office.ledger.obligations(CAMPAIGN) if o.period == "2022-12"]


@pytest.fixture
def surveyed(small_office):
    """Return an office in which Suzhou has two furnaces to close, one of each model."""
    small_office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({}, OTHER)))
    return small_office


@pytest.mark.parametrize(
    ("reported", "owed"),
    [
        pytest.param([{**DISMANTLED}, {**OTHER, **DISMANTLED}], [], id="all closed: nothing is owed"),
        pytest.param([{**DISMANTLED}, OTHER], [DECEMBER], id="one item open: December is owed"),
        pytest.param([{}, OTHER], [DECEMBER], id="nothing begun: December is owed"),
        pytest.param(None, [DECEMBER], id="no progress form: the survey tells"),
    ],
)
def test_a_december_form_is_owed_only_with_open_items(surveyed, reported, owed):
    if reported:
        surveyed.receive("2022-11-29 10:00", SUZHOU, ("表3.xlsx", progress(*reported, **NOVEMBER)))

    assert surveyed.owe("2022-12-23 09:00") == len(owed)
    assert december(surveyed) == owed


def test_a_returned_progress_form_tells_nothing(surveyed):
    bad = progress({**DISMANTLED}, {**OTHER, **DISMANTLED, "completed_on": None}, **NOVEMBER)
    surveyed.receive("2022-11-29 10:00", SUZHOU, ("表3.xlsx", bad))

    assert surveyed.owe("2022-12-23 09:00") == 1


def test_a_unit_that_has_nothing_outdated_owes_no_december_form(small_office):
    small_office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey()))

    assert small_office.owe("2022-12-23 09:00") == 0


@pytest.mark.parametrize(
    ("day", "new"),
    [
        pytest.param("2022-12-22", 0, id="before the window opens"),
        pytest.param("2022-12-23", 1, id="on the day it opens"),
        pytest.param("2023-01-13", 1, id="on the day it closes, after an outage"),
        pytest.param("2023-01-14", 0, id="after it has closed"),
    ],
)
def test_a_conditional_form_is_owed_only_inside_its_window(surveyed, day, new):
    assert surveyed.owe(f"{day} 09:00") == new


def test_owing_twice_adds_nothing(surveyed):
    surveyed.owe("2022-12-23 09:00")

    assert surveyed.owe("2022-12-26 09:00") == 0


def test_what_is_owed_now_is_asked_for_and_may_be_filed(surveyed):
    surveyed.owe("2022-12-23 09:00")
    surveyed.remind("2022-12-23 09:00")

    assert "2022年12月" in surveyed.text(surveyed.unprompted()[0])

    finished = progress({**DISMANTLED}, {**OTHER, **DISMANTLED}, as_of=date(2022, 12, 30), filled_on=date(2022, 12, 29))
    surveyed.receive("2022-12-29 10:00", SUZHOU, ("表3.xlsx", finished))
    view = surveyed.view(DECEMBER.removeprefix(f"{CAMPAIGN}/"), "2022-12-29 11:00")
    assert view.standing is Standing.ACCEPTED


def test_the_december_form_itself_does_not_undo_that_it_is_owed(surveyed):
    surveyed.owe("2022-12-23 09:00")
    finished = progress({**DISMANTLED}, {**OTHER, **DISMANTLED}, as_of=date(2022, 12, 30), filled_on=date(2022, 12, 29))
    surveyed.receive("2022-12-29 10:00", SUZHOU, ("表3.xlsx", finished))

    assert surveyed.owe("2022-12-30 09:00") == 0
    assert december(surveyed) == [DECEMBER]
