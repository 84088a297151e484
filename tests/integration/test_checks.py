from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest

from phaseout.adapters.duckdb_warehouse.staging import stage_rows
from phaseout.adapters.gx_checker import GxChecker
from phaseout.adapters.gx_checker.checker import BadExpectation
from phaseout.domain.finding import Rule, Severity
from phaseout.ports import RuleDidNotRun
from tests.warehouse_rows import FORMS, PARAMETERS, SUITES, workbook

ROW_RULES = [
    pytest.param(form, entry, id=entry.rule.id)
    for form, suite in SUITES.items()
    for entry in suite
    if entry.expectation
]
PREFIXES = {
    "contact": "CON",
    "inventory_statement": "INV",
    "enterprise_card": "CARD",
    "survey_summary": "SUM",
    "progress": "PROG",
    "inspection": "INSP",
    "completed_list": "FIN",
}
NAMES_OF_FIELDS = {"column", "first", "second"}


@dataclass(frozen=True)
class Entry:
    rule: Rule
    expectation: dict[str, object] | None


def entry(kind, **kwargs):
    rule = Rule(id="SUM-199", severity=Severity.NOTE, title="", message="", expected="", remedy="", basis="")
    return Entry(rule, {"type": kind, "kwargs": kwargs})


def breached(form, *rows, checker, parameters=PARAMETERS):
    """Return the ids of the rules that each bare row breaks: it holds nothing but its own values."""
    frame = stage_rows(FORMS[form], [workbook(form, rows, base={})]).frame
    found = checker.check(form, frame, parameters=parameters)
    return [{rule for row, rule in found if row == position} for position in range(len(rows))]


@pytest.fixture(scope="module")
def checker():
    return GxChecker(SUITES)


@pytest.fixture(scope="module")
def examples(checker):
    """Check all examples of a form in one run: what a passing and a failing example of each rule breaks."""
    told = {}
    for form, suite in SUITES.items():
        entries = [entry for entry in suite if entry.expectation]
        rows = [example for entry in entries for example in (entry.passing, entry.failing)]
        found = breached(form, *rows, checker=checker)
        for position, checked in enumerate(entries):
            told[checked.rule.id] = (found[2 * position], found[2 * position + 1])
    return told


@pytest.mark.parametrize(("form", "checked"), ROW_RULES)
def test_a_rule_lets_its_passing_example_pass_and_finds_its_failing_one(examples, form, checked):
    passing, failing = examples[checked.rule.id]

    assert checked.passing
    assert checked.rule.id not in passing
    assert checked.rule.id in failing


@pytest.mark.parametrize(("form", "checked"), ROW_RULES)
def test_a_rule_speaks_of_fields_that_the_form_has(form, checked):
    fields = {field.name for field in FORMS[form].fields}
    kwargs = checked.expectation["kwargs"]
    named = {kwargs[name] for name in NAMES_OF_FIELDS & kwargs.keys()}
    named |= set(kwargs.get("columns", ())) | set(kwargs.get("when", {}))

    assert named | {checked.rule.field} <= fields
    facts = dict.fromkeys(fields, "") | {"found": "", "expected": ""}
    assert checked.rule.message.format(**facts)


def test_every_rule_has_words_a_basis_and_an_id_of_its_own():
    rules = [(form, entry.rule) for form, suite in SUITES.items() for entry in suite]

    assert len({rule.id for _, rule in rules}) == len(rules)
    for form, rule in rules:
        prefix, number = rule.id.split("-")
        assert prefix == PREFIXES[form]
        assert number[0] in "13"
        assert all((rule.title, rule.message, rule.expected, rule.remedy, rule.basis))


def test_a_rule_is_checked_in_one_way_which_its_number_tells():
    for suite in SUITES.values():
        for checked in suite:
            is_row_rule = checked.rule.id.split("-")[1].startswith("1")
            assert is_row_rule is (checked.expectation is not None)
            assert is_row_rule is (checked.sql is None)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",
        "914403001922038216",
        "91320281MA1TE5T18Y",
        "913201000000000192",
        "92320500MA2DEM084G",
        "913213227ABCDEF2XR",
        "12320300466000002R",
    ],
)
def test_a_valid_credit_code_passes(checker, code):
    assert "SUM-101" not in breached("survey_summary", {"uscc": code}, checker=checker)[0]


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y4A", "91350100M000100Y4", "9135010OM000100Y43", "91320281MA1TE5T1I3", "91320281AM1TE5T18Y"],
    ids=["check character", "17 characters", "letter O", "letter I", "two characters swapped"],
)
def test_an_invalid_credit_code_is_found(checker, code):
    assert "SUM-101" in breached("survey_summary", {"uscc": code}, checker=checker)[0]


@pytest.mark.parametrize(
    ("field", "number"),
    [
        ("mobile", "13800000001"),
        ("mobile", "138-0000-0001"),
        ("mobile", "+86 13800000001"),
        ("mobile", "13800000001；13900000002"),
        ("office_phone", "025-83000001"),
        ("office_phone", "0510-83000001-8001"),
        ("office_phone", "02583000001"),
        ("office_phone", "（025）83000001"),
    ],
)
def test_a_telephone_number_passes_as_people_write_it(checker, field, number):
    assert not {"CON-112", "CON-113"} & breached("contact", {field: number}, checker=checker)[0]


@pytest.mark.parametrize(
    ("rule", "field", "number"),
    [
        ("CON-112", "mobile", "1380000001"),
        ("CON-112", "mobile", "12800000001"),
        ("CON-113", "office_phone", "83000001"),
        ("CON-113", "office_phone", "025-8300"),
        ("CON-112", "mobile", "13800000001；1390"),
    ],
)
def test_a_telephone_number_that_cannot_be_reached_is_found(checker, rule, field, number):
    assert rule in breached("contact", {field: number}, checker=checker)[0]


def test_a_date_of_the_campaign_is_a_parameter(checker):
    late = {"is_outdated": True, "plan_date": "2022-12-01"}

    assert "SUM-145" in breached("survey_summary", late, checker=checker)[0]
    later = {**PARAMETERS, "closures_due": date(2022, 12, 31)}
    assert "SUM-145" not in breached("survey_summary", late, checker=checker, parameters=later)[0]


def test_a_rule_about_a_day_that_the_campaign_does_not_have_is_left_out(checker):
    without = {**PARAMETERS, "closures_due": None}

    found = breached(
        "survey_summary", {"is_outdated": True, "plan_date": "2030-01-01"}, checker=checker, parameters=without
    )
    assert "SUM-145" not in found[0]


def test_breaches_carry_the_row_ids_of_the_frame(checker):
    frame = stage_rows(FORMS["survey_summary"], [workbook("survey_summary", [{}, {"equip_count": 0}])]).frame
    frame.index = pd.Index([70, 71], name="row_id")

    found = checker.check("survey_summary", frame, parameters=PARAMETERS)
    assert (71, "SUM-121") in found
    assert (70, "SUM-121") not in found


def test_no_rows_break_no_rule(checker):
    frame = stage_rows(FORMS["survey_summary"], [workbook("survey_summary", [])]).frame

    assert checker.check("survey_summary", frame, parameters=PARAMETERS) == []


def test_a_stock_column_expectation_works_beside_our_own():
    checker = GxChecker(
        {"survey_summary": [entry("expect_column_values_to_be_between", column="equip_count", min_value=3)]}
    )

    assert breached("survey_summary", {"equip_count": 2}, {"equip_count": 3}, checker=checker) == [{"SUM-199"}, set()]


@pytest.mark.parametrize(
    "broken",
    [
        entry("expect_column_to_be_filled", column="no_such_column"),
        entry("expect_column_values_to_not_be_null", column="no_such_column"),
        entry("expect_column_to_be_within", column="plan_date", most={"$PARAMETER": "no_such_day"}),
        entry("expect_column_mean_to_be_between", column="equip_count", min_value=100),
    ],
    ids=["our own on a missing column", "a stock one on a missing column", "a missing parameter", "a rule on a table"],
)
def test_a_rule_that_could_not_run_stops_the_check_and_is_no_finding(broken):
    checker = GxChecker({"survey_summary": [broken]})

    with pytest.raises(RuleDidNotRun, match="SUM-199"):
        breached("survey_summary", {"equip_count": 2}, checker=checker)


@pytest.mark.parametrize(
    "wrong",
    [
        entry("expect_columns_to_be_wonderful", column="uscc"),
        entry("expect_column_to_be_filled", colum="uscc"),
        entry("expect_column_to_be_filled"),
    ],
    ids=["an unknown type", "a misspelt argument", "a missing argument"],
)
def test_a_rule_that_cannot_be_built_is_refused_by_name(wrong):
    checker = GxChecker({"survey_summary": [wrong]})

    with pytest.raises(BadExpectation, match="SUM-199"):
        breached("survey_summary", {"equip_count": 2}, checker=checker)


def test_two_frames_of_one_form_do_not_mix(checker):
    good, bad = {"equip_count": 1}, {"equip_count": 0}

    told = [breached("survey_summary", row, checker=checker)[0] for row in (good, bad, good)]
    assert ["SUM-121" in rules for rules in told] == [False, True, False]


def test_what_one_row_says_for_others_it_says_for_later_rows_of_its_own_submission_alone(checker):
    firm = {"uscc": "91320281MA1TE5T18Y", "product": "硅锰合金"}
    books = [
        workbook("survey_summary", [{**firm, "capacity": None}, {**firm, "capacity": "5.5"}, firm], base={}),
        workbook("survey_summary", [firm], base={}, version=2),
    ]
    frame = stage_rows(FORMS["survey_summary"], books).frame

    found = checker.check("survey_summary", frame, parameters=PARAMETERS)
    assert [row for row, rule in found if rule == "SUM-111"] == [0, 3]
