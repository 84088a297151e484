"""The check figure (校验码): equal content, equal figure; what is changed shows."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.check_figure import ALPHABET, check_figure
from phaseout.domain.form import in_year
from phaseout.domain.submission import FormRow, Reading
from phaseout.settings import PROJECT

FORM = in_year(FileDefinitions(PROJECT).forms(), 2022)["survey_summary"]
SCOPE = ("320500", "ferroalloy", "")
FURNACE = {"seq": 1, "equip_name": "矿热炉", "capacity": Decimal("5.5"), "checked_on": date(2022, 7, 15)}
MIXER = {"seq": 2, "equip_name": "混料机", "equip_count": 3, "is_outdated": False, "remark": None}


def reading(*rows):
    found = tuple(FormRow("Sheet1", number, values) for number, values in enumerate(rows, start=7))
    return Reading("survey_summary", "2022", {}, found, (), {}, {}, is_zero=not rows, breaches=())


def figure(*rows, scope=SCOPE):
    return check_figure(reading(*rows), FORM, scope=scope)


def test_the_figure_is_the_same_wherever_and_whenever_it_is_computed():
    assert figure(FURNACE, MIXER) == "W4H9-RPXE"


def test_it_is_short_and_none_of_its_signs_is_taken_for_another():
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", figure(FURNACE))
    assert not set("0OQD1ILZ2S5B8U") & set(ALPHABET)


@pytest.mark.parametrize(
    "same",
    [
        pytest.param((MIXER, FURNACE), id="rows in another order"),
        pytest.param((FURNACE | {"capacity": Decimal("5.50")}, MIXER), id="a number written with more places"),
        pytest.param((FURNACE | {"checked_by": "吴示例"}, MIXER), id="a person's name"),
        pytest.param((FURNACE | {"remark": None}, MIXER), id="a field left out"),
    ],
)
def test_what_means_the_same_has_the_same_figure(same):
    assert figure(*same) == figure(FURNACE, MIXER)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((FURNACE,), id="a row less"),
        pytest.param((FURNACE, MIXER, MIXER), id="a row twice"),
        pytest.param((FURNACE | {"capacity": Decimal("5.6")}, MIXER), id="another number"),
        pytest.param((FURNACE, MIXER | {"is_outdated": True}), id="another judgement"),
        pytest.param((FURNACE, MIXER | {"remark": "拟拆除"}), id="a remark"),
        pytest.param((), id="a zero report"),
    ],
)
def test_what_differs_has_another_figure(other):
    assert figure(*other) != figure(FURNACE, MIXER)


def test_zero_reports_of_two_industries_differ():
    assert figure(scope=("320500", "paper", "")) != figure()


def test_sheet_and_place_do_not_matter():
    moved = replace(reading(FURNACE), rows=(FormRow("表2", 40, FURNACE),))

    assert check_figure(moved, FORM, scope=SCOPE) == figure(FURNACE)
