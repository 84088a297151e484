"""Each rule of reading by two workbooks: one that breaks it, at a known place, and a near one that does not."""

import re
from datetime import date

import pytest

from phaseout.adapters.definitions.rules import load_rules
from phaseout.domain.campaign import Unit
from phaseout.domain.dividing import divide, held_to
from phaseout.domain.finding_text import describe
from phaseout.domain.reading import read_form
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import Workbook
from tests.form_samples import FORMS, HEAD, ROOT, SURVEY, TITLE, header, read, sheet, survey, survey_row

RULES = load_rules(ROOT / "expectations" / "reading.yaml")
PROGRESS, INSPECTION = FORMS["progress"], FORMS["inspection"]
ZERO = [["零报告"]]
NANJING = Unit(
    code="320100",
    name="南京市",
    short_name="南京",
    body="南京市工业和信息化局",
    aliases=("南京市工信局",),
    mailbox="gxj@nanjing.example",
    leader_mailbox="lingdao@nanjing.example",
    industries=("ferroalloy", "paper"),
    counties=(),
)
NO_ENTERPRISE = dict.fromkeys(
    ("city", "county", "enterprise_name", "uscc", "product", "capacity", "capacity_unit", "output", "process"), ""
)
OTHER_ENTERPRISE = {"enterprise_name": "南京另一铁合金有限公司", "uscc": "91320115MA1XXXXX1B"}


def rows(**cells):
    """Return a survey summary of one row."""
    return [survey(survey_row(**cells))]


def without(name):
    place = [field.name for field in SURVEY.columns].index(name)
    kept = [[cell for at, cell in enumerate(row) if at != place] for row in [*header(), survey_row()]]
    return [sheet(TITLE, HEAD, kept)]


def with_column(label, value):
    upper, lower = header()
    return [sheet(TITLE, HEAD, [[*upper, label], lower, [*survey_row(), value]])]


def progress(rate):
    return [sheet([[PROGRESS.title], ["填报单位：", "南京市", "完成率：", rate]], header(PROGRESS), ZERO)]


def table(industry, *lines):
    return sheet(TITLE, [["填报单位：", "南京市", "行业：", industry]], header(), lines, name=industry)


def card(form, name, *head):
    return sheet([[form.title], *head], header(form), ZERO, name=name)


def renamed(label):
    return [
        sheet(
            TITLE,
            HEAD,
            [[label if cell == "统一社会信用代码" else cell for cell in header()[0]], header()[1], survey_row()],
        )
    ]


# Rule: what breaks it, what does not, and where the breach is found (row, field) with what it tells.
EXAMPLES = {
    "READ-001": (without("uscc"), without("commissioned"), (5, "uscc"), {"found": "统一社会信用代码"}),
    "READ-002": (
        [survey(survey_row(capacity=""), error_cells={"G6"})],
        [survey(survey_row(capacity=2.0), error_cells={"G2"})],
        (6, "capacity"),
        {},
    ),
    "READ-003": (
        [survey(survey_row(output=""), uncached_cells={"I6"})],
        [survey(survey_row(output=1.5))],
        (6, "output"),
        {},
    ),
    "READ-004": (rows(uscc=9.1320115e17), rows(uscc=123456789012345.0), (6, "uscc"), {}),
    "READ-005": (rows(equip_count=2.5), rows(equip_count=2.0), (6, "equip_count"), {"found": 2.5}),
    "READ-006": (rows(equip_count="20余"), rows(equip_count="20"), (6, "equip_count"), {"found": "20余"}),
    "READ-007": (
        rows(checked_on="2022年7月"),
        rows(checked_on="2022年7月15日"),
        (6, "checked_on"),
        {"found": "2022年7月"},
    ),
    "READ-008": (
        rows(commissioned="90年代"),
        rows(commissioned="1990年6月"),
        (6, "commissioned"),
        {"found": "90年代"},
    ),
    "READ-009": (rows(measure="搬迁"), rows(measure="封存"), (6, "measure"), {"found": "搬迁"}),
    "READ-010": (rows(is_outdated="待定"), rows(is_outdated="否"), (6, "is_outdated"), {"found": "待定"}),
    "READ-011": ([survey()], [survey(["零报告"])], (None, None), {}),
    "READ-012": (
        [survey(survey_row(seq="例"), survey_row())],
        [survey(survey_row(enterprise_name="南京示例铁合金有限公司"))],
        (6, None),
        {},
    ),
    "READ-013": (
        [survey(survey_row()), survey(survey_row(), name="续表", is_hidden=True)],
        [survey(survey_row()), survey(survey_row(), name="续表")],
        (None, None),
        {"found": "续表"},
    ),
    "READ-014": (
        [survey(survey_row(), survey_row(**NO_ENTERPRISE, seq=""))],
        [survey(survey_row(), survey_row(**OTHER_ENTERPRISE, seq=2.0))],
        (7, None),
        {"found": "南京虚构铁合金有限公司"},
    ),
    "READ-015": ([survey(survey_row(), ["零报告"])], [survey(survey_row())], (None, None), {"found": "零报告"}),
    "READ-016": (with_column("联系镇街", "某镇"), with_column("", ""), (5, None), {"found": "联系镇街"}),
    "READ-017": (with_column("处置方式", "封存"), rows(), (5, None), {"found": "处置方式"}),
    "READ-018": (progress(0.855), progress(85.5), (2, "stated_rate"), {"found": 0.855}),
    "READ-019": (rows(equip_count="2台"), rows(equip_count="2"), (6, "equip_count"), {"found": "2台"}),
    "READ-020": (rows(capacity=1 / 3), rows(capacity=0.3333), (6, "capacity"), {}),
    "READ-021": (
        rows(equip_model=date(2022, 7, 1)),
        rows(equip_model="7-1"),
        (6, "equip_model"),
        {"found": date(2022, 7, 1)},
    ),
    "READ-022": (
        [survey(survey_row()), sheet([["照片"]], name="照片")],
        [survey(survey_row()), sheet([["填表说明"]], name="说明")],
        (None, None),
        {"found": "照片"},
    ),
    "READ-023": (
        [survey(["一、江宁区"], survey_row())],
        [survey(survey_row(), ["注：无"])],
        (6, None),
        {"found": "一、江宁区"},
    ),
    "READ-024": (
        [survey(survey_row(), ["填报日期：2022年8月2日"])],
        [survey(survey_row(), ["填报日期：2022年8月1日"])],
        (7, "filled_on"),
        {},
    ),
    "READ-025": (
        [table("铁合金", [""]), table("造纸", survey_row())],
        [table("铁合金", ["零报告"]), table("造纸", survey_row())],
        (None, None),
        {"found": "铁合金", "sheet": "铁合金"},
    ),
    "READ-026": (
        [card(INSPECTION, "甲", ["填报单位：", "南京市"]), card(INSPECTION, "乙", ["填报单位：", "苏州市"])],
        [card(INSPECTION, "甲", ["填报单位：", "南京市"]), card(INSPECTION, "乙", ["填报单位：", "南京市工信局"])],
        (None, "reporting_unit"),
        {"found": "苏州市"},
    ),
    "READ-027": (
        [card(PROGRESS, "甲", ["截至：", "2022年8月31日"]), card(PROGRESS, "乙", ["截至：", "2022年9月1日"])],
        [card(PROGRESS, "甲", ["截至：", "2022年8月1日"]), card(PROGRESS, "乙", ["截至：", "2022年8月31日"])],
        (None, "as_of_date"),
        {"found": date(2022, 9, 1)},
    ),
    "READ-028": (renamed("统一社会信用编码"), renamed("社会信用代码"), (5, "uscc"), {"nearest": "统一社会信用编码"}),
    "READ-030": (
        Workbook((survey(survey_row(checked_on=43296.0)),), is_1904=True),
        Workbook((survey(survey_row(checked_on=date(2022, 7, 15))),), is_1904=True),
        (6, "checked_on"),
        {"found": 43296.0},
    ),
    "READ-031": (rows(commissioned="1982年"), rows(commissioned="1982年3月"), (6, "commissioned"), {"found": "1982年"}),
    "READ-029": (
        [survey(survey_row(), survey_row(seq=2.0, equip_model="9000"), hidden_rows=frozenset({7}))],
        [survey(survey_row(), hidden_rows=frozenset({8}))],
        (7, None),
        {"found": 1},
    ),
}


def reading_of(example):
    if isinstance(example, Workbook):
        return read_form(example, recognise(example, FORMS))
    return read(*example)


def breaches(rule, example):
    reading = reading_of(example)
    form = FORMS[reading.form]
    parts = [held_to(part, form, NANJING) for part in divide(reading, form)]
    return [breach for part in parts for breach in part.breaches if breach.rule == rule]


def test_every_rule_of_reading_has_its_two_examples():
    assert set(EXAMPLES) == set(RULES)


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_a_rule_of_reading_finds_its_failing_example_at_the_right_place(rule):
    failing, _, place, facts = EXAMPLES[rule]

    (found,) = breaches(rule, failing)
    assert (found.row, found.field) == place
    assert {name: found.facts[name] for name in facts} == facts


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_a_rule_of_reading_is_silent_about_its_passing_example(rule):
    assert breaches(rule, EXAMPLES[rule][1]) == []


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_a_message_of_reading_has_no_hole(rule):
    reading = reading_of(EXAMPLES[rule][0])
    (breach,) = breaches(rule, EXAMPLES[rule][0])
    quoted = set(re.findall(r"{(\w+)}", RULES[rule].message + RULES[rule].remedy))

    assert quoted - {"expected"} <= breach.facts.keys()
    assert "{" not in describe(breach, RULES[rule], FORMS[reading.form], reading, "表.xlsx").message
