"""What a unit reads about one place of its workbook."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from phaseout.adapters.definitions.rules import load_rules
from phaseout.domain.finding import Rule, Severity
from phaseout.domain.finding_text import describe, mask, say
from phaseout.domain.submission import Breach
from tests.form_samples import FORMS, ROOT, SURVEY, only_breach, read, sheet, survey, survey_row

RULES = load_rules(ROOT / "expectations" / "reading.yaml")
RULE = Rule(
    id="SUM-901",
    severity=Severity.ERROR,
    title="数量核对",
    message="{enterprise_name}的数量为“{found}”，应为{expected}",
    expected="不超过{limit}",
    remedy="请核对后更正",
    basis="虚构",
    field="equip_count",
)


def test_a_finding_says_where_what_and_what_to_do():
    reading = read(survey(survey_row(equip_count=2.5)))
    finding = describe(only_breach(reading), RULES["READ-005"], SURVEY, reading, "表2.xlsx")

    assert (finding.file, finding.sheet, finding.row, finding.cell) == ("表2.xlsx", "Sheet1", 6, "N6")
    assert (finding.field, finding.field_label) == ("equip_count", "主要工艺装备/数量（台、套）")
    assert finding.message == "填写的“2.5”不是整数"
    assert (finding.found, finding.expected) == ("2.5", "整数")
    assert finding.remedy == "请核对数量，按整数填写"


def test_a_rule_across_rows_may_quote_what_its_statement_found():
    reading = read(survey(survey_row()))
    breach = Breach("SUM-901", "Sheet1", 6, None, {"found": 5, "limit": Decimal("3.50"), "enterprise_name": "甲"})
    finding = describe(breach, RULE, SURVEY, reading, "表2.xlsx")

    assert finding.message == "甲的数量为“5”，应为不超过3.5"
    assert finding.cell == "N6"


def test_what_a_breach_does_not_tell_leaves_no_hole():
    finding = describe(Breach("SUM-901", None, None, None, {}), RULE, SURVEY, read(survey(survey_row())), "x")

    assert finding.message == "空的数量为“空”，应为不超过空"
    assert (finding.cell, finding.found) == (None, None)


def test_a_finding_about_the_head_names_its_cell_with_or_without_a_sheet():
    reading = read(survey(survey_row()))
    rule = replace(RULE, field="filled_on")

    for where in ("Sheet1", None):
        assert describe(Breach("SUM-901", where, 6, None, {}), rule, SURVEY, reading, "x").cell == "G3"


def test_the_value_of_a_personal_field_is_masked():
    form = FORMS["contact"]
    reading = read(sheet([[form.title]], [[f"{f.group or ''}{f.label}" for f in form.columns]], [["南京市", "某局"]]))
    rule = replace(RULE, message="手机号码“{found}”有误，联系人为{contact_name}", field="mobile")
    breach = Breach("CON-901", "Sheet1", 3, "mobile", {"found": "13800000001", "contact_name": "张虚构"})
    finding = describe(breach, rule, form, reading, "x")

    assert finding.message == "手机号码“138****0001”有误，联系人为张**"
    assert finding.found == "138****0001"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13800000001", "138****0001"),
        ("025-00000000", "025****0000"),
        ("张虚构", "张**"),
        ("王", "王*"),
        ("lianxi@nanjing.example", "l***@nanjing.example"),
        ("12345", "1****"),
        ("", ""),
    ],
)
def test_a_mask_leaves_only_enough_to_find_the_entry(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (None, "空"),
        (True, "是"),
        (date(2022, 7, 5), "2022年7月5日"),
        (Decimal("12.5000"), "12.5"),
        (Decimal("1E+3"), "1000"),
        (3.201021990010113e17, "3.20102199001011e+17"),
        (5.0, "5"),
        (" 甲\n乙 ", "甲 乙"),
        ("长" * 80, "长" * 59 + "…"),
    ],
    ids=str,
)
def test_facts_are_said_as_officials_write_them(fact, said):
    assert say(fact) == said


def test_every_rule_of_reading_that_the_code_names_is_written_down():
    modules = (ROOT / "src" / "phaseout" / "domain").glob("*.py")
    named = {word for path in modules for word in path.read_text("utf-8").split('"') if word.startswith("READ-")}

    assert named == set(RULES)
