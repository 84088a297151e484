"""Explanations (情况说明): beside which finding one stands, and when it has expired."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.domain.explanation import (
    Explanation,
    ExplanationState,
    Remembered,
    Subject,
    explained_finding,
    state_of,
    subjects,
)
from phaseout.domain.finding import Finding, Rule, Severity
from phaseout.domain.item import Scope, is_part_of, item_key, item_of
from phaseout.domain.submission import FormRow
from tests.form_samples import SURVEY

RULE = Rule("SUM-123", Severity.WARNING, "产量与产能相称", "产量{found}", "", "请核对", "", statement="output <= 1.2")
VERSIONS = {"SUM-123": "v1", "SUM-124": "v1"}
SCOPE = Scope("jiangsu-2022", "320500", "survey_summary", "ferroalloy")
PLACE = (SCOPE, "SUM-123", "矿热炉", "50")


def finding(**changes):
    return Finding(
        **{
            "rule": "SUM-123",
            "severity": Severity.WARNING,
            "title": "产量与产能相称",
            "message": "产量50",
            "remedy": "请核对",
            "file": "表2.xlsx",
            "sheet": "Sheet1",
            "row": 7,
            "cell": "I7",
            "found": "50",
            "item": "矿热炉",
        }
        | changes
    )


def written(text="属实", **changes):
    return Explanation(**{"rule": "SUM-123", "sheet": "Sheet1", "cell": "I7", "row": None, "text": text} | changes)


def test_an_explanation_stands_beside_the_finding_of_its_place():
    other = finding(cell="I8", row=8)

    assert explained_finding(written(), [other, finding()]) == finding()


@pytest.mark.parametrize(
    ("explanation", "asked"),
    [
        pytest.param(written(cell="I9"), finding(), id="another cell"),
        pytest.param(written(rule="SUM-124"), finding(), id="another rule"),
        pytest.param(written(cell=None, row=8), finding(cell=None), id="another row"),
    ],
)
def test_beside_anything_else_it_stands_alone(explanation, asked):
    assert explained_finding(explanation, [asked]) is None


def test_a_sheet_that_the_copy_had_to_rename_is_found_by_the_place():
    assert explained_finding(written(sheet="一 二"), [finding(sheet="一/二")]) == finding(sheet="一/二")


def test_of_two_sheets_with_that_place_the_named_one_is_meant():
    first, second = finding(sheet="甲"), finding(sheet="乙")

    assert explained_finding(written(sheet="乙"), [first, second]) == second
    assert explained_finding(written(sheet="丙"), [first, second]) is None


def test_of_a_finding_about_the_form_as_a_whole_there_is_no_place():
    whole = finding(sheet=None, row=None, cell=None)

    assert explained_finding(written(sheet=None, cell=None), [whole]) == whole


def test_what_was_asked_before_tells_about_which_value():
    joined = subjects([written()], [[finding(found="50")], [finding(found="60")]], VERSIONS)

    assert joined == [(Subject("SUM-123", "v1", "矿热炉", "50"), "属实")]


def test_what_nobody_asked_is_left_out():
    assert subjects([written(), written(rule="SUM-999")], [[finding(cell="I8")]], VERSIONS) == []


def test_a_finding_without_a_value_is_known_by_its_message():
    assert finding(found=None).value == "产量50"


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        pytest.param({"remedy": "请核实"}, True, id="the remedy"),
        pytest.param({"title": "产量"}, True, id="the title"),
        pytest.param({"severity": Severity.ERROR}, False, id="the severity"),
        pytest.param({"message": "产量为{found}"}, False, id="the message"),
        pytest.param({"statement": "output <= 1.5"}, False, id="what it checks"),
    ],
)
def test_a_rule_is_another_version_when_it_asks_or_says_something_else(changes, is_same):
    assert (replace(RULE, **changes).version == RULE.version) is is_same


@pytest.mark.parametrize(
    ("version", "found", "waived", "state"),
    [
        pytest.param("v1", {PLACE}, set(), ExplanationState.VALID, id="as it was"),
        pytest.param("v2", {PLACE}, set(), ExplanationState.EXPIRED, id="another rule"),
        pytest.param("v1", {(*PLACE[:3], "60")}, set(), ExplanationState.EXPIRED, id="another value"),
        pytest.param("v1", set(), set(), ExplanationState.EXPIRED, id="mended"),
        pytest.param("v1", {PLACE}, {PLACE}, ExplanationState.WAIVED, id="let pass"),
    ],
)
def test_an_explanation_counts_until_value_or_rule_changes(version, found, waived, state):
    subject = Subject("SUM-123", "v1", "矿热炉", "50")
    remembered = Remembered(SCOPE, subject, "属实", "…#2", "d", date(2022, 8, 9))

    assert state_of(remembered, versions={"SUM-123": version}, found=found, waived=waived) is state


FORM = replace(SURVEY, item_key=("uscc", "equip_count"))


def test_an_item_is_named_by_the_values_of_its_key():
    assert item_key(FORM, {"uscc": "91X", "equip_count": None}) == "91X／—"


def test_a_key_that_is_too_long_is_cut_and_stays_its_own():
    first, second = (item_key(FORM, {"uscc": "甲" * 60, "equip_count": n}) for n in (1, 2))
    long = [item_key(replace(FORM, item_key=("uscc",) * 9), {"uscc": "甲" * 50 + end}) for end in "乙丙"]

    assert first != second
    assert [len(key) for key in long] == [209, 209]
    assert long[0] != long[1]


@pytest.mark.parametrize(
    ("row", "field", "item"),
    [
        pytest.param(FormRow("s", 7, {"uscc": "91X", "equip_count": 2}), "uscc", "91X／2", id="a row's item"),
        pytest.param(None, "filled_on", "filled_on", id="a field of the head"),
        pytest.param(None, None, "", id="the form as a whole"),
    ],
)
def test_a_finding_speaks_of_an_item_a_field_or_the_form(row, field, item):
    assert item_of(FORM, row, field) == item


@pytest.mark.parametrize(
    ("wanted", "is_part"),
    [
        pytest.param("91X／炉", True, id="the item"),
        pytest.param("91X", True, id="its enterprise"),
        pytest.param("91X／", True, id="its enterprise, with the stroke"),
        pytest.param("91", False, id="a piece of a word"),
        pytest.param("炉", False, id="not from the beginning"),
    ],
)
def test_leave_for_the_first_parts_of_a_key_is_leave_for_the_item(wanted, is_part):
    assert is_part_of(wanted, "91X／炉") is is_part
