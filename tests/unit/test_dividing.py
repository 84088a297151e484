"""A workbook of several industries becomes the report of each; its sheets must name one unit and one month."""

from datetime import date

import pytest

from phaseout.domain.campaign import Unit
from phaseout.domain.dividing import divide, held_to
from tests.form_samples import FORMS, SURVEY, TITLE, breaches_of, header, read, sheet, survey_row, values

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
TOTAL = ["合计", *[""] * 12, 2.0]


def table(industry, *rows, unit="南京市", name=None, **more):
    head = [["填报单位（盖章）：", unit, "行业：", industry]]
    return sheet(TITLE, head, header(), rows, name=name or industry, **more)


def parts_of(*sheets):
    return divide(read(*sheets), SURVEY)


def industries(parts):
    return [part.head["industry"] for part in parts]


def test_a_workbook_of_one_industry_stays_whole():
    reading = read(table("铁合金", survey_row()), table("铁合金", survey_row(), name="续表"))

    assert divide(reading, SURVEY) == (reading,)


def test_sheets_of_two_industries_become_two_reports():
    parts = parts_of(
        table("铁合金", survey_row(), TOTAL), table("造纸", survey_row(seq=1.0, equip_model="1760"), TOTAL)
    )

    assert industries(parts) == ["铁合金", "造纸"]
    assert [values(part, "equip_model") for part in parts] == [["6300"], ["1760"]]
    assert [[total.sheet for total in part.totals] for part in parts] == [["铁合金"], ["造纸"]]
    assert [{place for place, _ in part.columns} for part in parts] == [{"铁合金"}, {"造纸"}]
    assert not any(part.is_zero or part.breaches for part in parts)


def test_tables_of_two_industries_on_one_sheet_become_two_reports():
    paper = [["行业：造纸"]]
    rows = [survey_row(capacity="约2")]
    whole = sheet(
        TITLE,
        [["填报单位：南京市", "", "行业：铁合金", "填报日期：2022年8月1日"]],
        header(),
        [survey_row(), TOTAL, [""]],
        TITLE,
        paper,
        header(),
        [*rows, TOTAL],
    )
    ferroalloy, of_paper = parts_of(whole)

    assert industries((ferroalloy, of_paper)) == ["铁合金", "造纸"]
    assert ferroalloy.breaches == ()
    assert [rule for rule, _, _ in breaches_of(of_paper)] == ["READ-006"]
    assert [len(part.totals) for part in (ferroalloy, of_paper)] == [1, 1]
    assert of_paper.head_cells["Sheet1", "industry"] == "A11"
    assert values(of_paper, "reporting_unit") == ["南京市"]
    assert values(of_paper, "filled_on") == [date(2022, 8, 1)]


def test_a_zero_sheet_among_others_is_the_zero_report_of_its_industry():
    parts = parts_of(table("铁合金", survey_row()), table("造纸", ["零报告"]), table("制革", survey_row()))

    assert industries(parts) == ["铁合金", "造纸", "制革"]
    assert [part.is_zero for part in parts] == [False, True, False]
    assert [len(part.rows) for part in parts] == [1, 0, 1]


def test_a_zero_sheet_beside_rows_of_the_same_industry_contradicts_them():
    (whole,) = parts_of(table("铁合金", survey_row()), table("铁合金", ["零报告"], name="续表"))
    divided, other = parts_of(
        table("铁合金", ["零报告"], name="续表"), table("铁合金", survey_row()), table("造纸", ["零报告"])
    )

    for part in (whole, divided):
        assert not part.is_zero
        assert [(b.rule, b.sheet, b.facts["found"]) for b in part.breaches] == [("READ-015", "续表", "零报告")]
    assert (other.is_zero, other.breaches) == (True, ())


def test_a_sheet_with_a_zero_report_and_rows_is_named_once():
    parts = parts_of(table("铁合金", survey_row(), ["零报告"]), table("铁合金", survey_row(), name="续表"))

    assert [breach.rule for part in parts for breach in part.breaches] == ["READ-015"]


def test_zero_sheets_alone_are_as_many_zero_reports():
    parts = parts_of(table("铁合金", ["零报告"]), table("造纸", ["零报告"]))

    assert [(part.head["industry"], part.is_zero) for part in parts] == [("铁合金", True), ("造纸", True)]


def test_a_blank_sheet_beside_others_is_noted_and_no_report():
    parts = parts_of(table("铁合金", [""]), table("造纸", survey_row()))

    assert industries(parts) == ["造纸"]
    assert [(b.rule, b.sheet, b.facts["found"]) for b in parts[0].breaches] == [("READ-025", "铁合金", "铁合金")]


def test_a_workbook_of_blank_sheets_says_that_it_has_no_rows():
    (part,) = parts_of(table("铁合金", [""]), table("造纸", [""]))

    assert breaches_of(part) == [("READ-011", None, None)]


@pytest.mark.parametrize("other", ["造纸业", "造纸行业", " 造 纸"])
def test_two_spellings_of_an_industry_are_one(other):
    assert len(parts_of(table("造纸", survey_row()), table(other, survey_row(), name="续表"))) == 1


def test_a_sheet_without_an_industry_goes_with_the_one_before_it():
    parts = parts_of(table("铁合金", survey_row()), table("", survey_row(), name="续表"), table("造纸", survey_row()))

    assert [len(part.rows) for part in parts] == [2, 1]


def test_what_is_said_of_a_whole_workbook_is_said_once():
    photos = sheet([["照片"]], name="照片")
    parts = parts_of(table("铁合金", survey_row()), table("造纸", survey_row()), photos)

    assert [[breach.rule for breach in part.breaches] for part in parts] == [["READ-022"], []]


def test_a_hidden_sheet_is_noted_with_its_own_industry():
    parts = parts_of(table("铁合金", survey_row()), table("造纸", survey_row(), is_hidden=True))

    assert [[breach.rule for breach in part.breaches] for part in parts] == [[], ["READ-013"]]


def test_a_form_that_is_not_owed_by_industry_is_never_divided():
    form = FORMS["completed_list"]
    reading = read(*(sheet([[form.title], ["填报单位：南京市"]], header(form), [["零报告"]], name=n) for n in "甲乙"))

    assert divide(reading, form) == (reading,)


def card(form_id, unit, name, *more):
    form = FORMS[form_id]
    return sheet([[form.title], ["填报单位：", unit], *more], header(form), [["零报告"]], name=name)


@pytest.mark.parametrize("form_id", ["inspection", "completed_list", "contact"])
def test_sheets_of_two_units_contradict_each_other(form_id):
    reading = held_to(read(card(form_id, "南京市", "甲"), card(form_id, "苏州市", "乙")), FORMS[form_id], NANJING)

    found = [(b.rule, b.sheet, b.facts["found"]) for b in reading.breaches if b.rule == "READ-026"]
    assert found == [("READ-026", "乙", "苏州市")]


def test_spellings_of_one_unit_do_not():
    sheets = [card("inspection", unit, unit) for unit in ("南京市", "南京", "南京市工信局", "南京市工业和信息化局")]

    assert held_to(read(*sheets), FORMS["inspection"], NANJING).breaches == ()


def test_a_sheet_of_another_month_contradicts_the_first():
    sheets = [card("progress", "南京市", month, ["截至2022年" + month + "30日"]) for month in ("8月", "9月")]
    reading = held_to(read(*sheets), FORMS["progress"], NANJING)

    assert [(b.rule, b.sheet, b.facts["found"]) for b in reading.breaches] == [("READ-027", "9月", date(2022, 9, 30))]
