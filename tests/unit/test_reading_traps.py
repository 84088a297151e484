"""Each way in which senders lay out a form differently, and what is read all the same."""

from datetime import date

import pytest

from phaseout.domain.form import FieldType
from phaseout.domain.reading import read_form
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import TotalRow, Unreadable, Workbook
from tests.form_samples import (
    FORMS,
    HEAD,
    SURVEY,
    TITLE,
    breaches_of,
    header,
    read,
    sheet,
    survey,
    survey_row,
    values,
)


def test_a_plain_sheet_is_read_without_a_breach():
    reading = read(survey(survey_row(), survey_row(seq=2.0, equip_model="9000")))

    assert reading.breaches == ()
    assert reading.form == "survey_summary"
    assert reading.head["reporting_unit"] == "南京市"
    assert reading.head["industry"] == "铁合金"
    assert reading.head["filled_on"] == date(2022, 8, 1)
    assert values(reading, "equip_model") == ["6300", "9000"]
    assert [row.row for row in reading.rows] == [6, 7]


def test_a_finding_can_point_at_columns_and_head_cells():
    reading = read(survey(survey_row()))

    assert reading.columns["Sheet1", "uscc"] == "E"
    assert reading.head_cells["Sheet1", "reporting_unit"] == "C3"
    assert reading.head_cells["Sheet1", "filled_on"] == "G3"


def test_every_row_carries_the_head_of_its_own_sheet():
    paper = [["填报单位：", "南京市", "行业：造纸"]]
    reading = read(survey(survey_row()), sheet(TITLE, paper, header(), [survey_row()], name="造纸"))

    assert values(reading, "industry") == ["铁合金", "造纸"]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param([["表2 企业生产工艺装备情况调查汇总表"]], id="number before the title"),
        pytest.param([["企业生产工艺装备情况"], ["调查汇总表"]], id="title over two rows"),
        pytest.param([["企业生产工艺装备情况调查汇总表（铁合金）"]], id="industry behind the title"),
        pytest.param([["企 业 生 产 工 艺 装 备 情 况\n调 查 汇 总 表"]], id="spaces and newlines"),
        pytest.param([["生产工艺装备情况调查汇总表"]], id="another name"),
        pytest.param([["汇总"]], id="title lost, headers whole"),
    ],
)
def test_the_form_is_known_by_title_and_headers(title):
    workbook = Workbook((sheet(title, HEAD, header(), [survey_row()], name="表5"),))

    assert recognise(workbook, FORMS) == SURVEY


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_each_form_is_known_by_each_of_its_names(form):
    for title in (form.title, *form.title_aliases):
        assert recognise(Workbook((sheet([[title]], header(form)),)), FORMS) == form


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        pytest.param([sheet()], "empty_workbook", id="no cell"),
        pytest.param([sheet([["", None, "  "]])], "empty_workbook", id="blank cells"),
        pytest.param([sheet([["会议通知"], ["请参加"]])], "wrong_form", id="something else"),
        pytest.param([sheet(TITLE, [["甲", "乙"]])], "wrong_form", id="a title over no table"),
        pytest.param(
            [survey(survey_row()), sheet([[FORMS["progress"].title]], header(FORMS["progress"]))],
            "several_forms",
            id="two forms",
        ),
    ],
)
def test_a_workbook_that_holds_no_single_form_is_refused(sheets, code):
    with pytest.raises(Unreadable) as refused:
        recognise(Workbook(tuple(sheets)), FORMS)

    assert refused.value.code == code


def _headers_with(**labels):
    upper, lower = header()
    for at, field in enumerate(SURVEY.columns):
        if field.name in labels:
            (lower if field.group else upper)[at] = labels[field.name]
    return [upper, lower]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(_headers_with(equip_count="数量\n（台、套）"), id="newline"),
        pytest.param(_headers_with(output="２０２１年产量", county="县(市、区)"), id="full and half width"),
        pytest.param(_headers_with(uscc="统一社会\n信用代码 ", county="县"), id="spaces and an alias"),
        pytest.param(_headers_with(plan_date="计划完成时间", measure="处置措施"), id="aliases"),
        pytest.param(_headers_with(equip_count="数量(台/套)"), id="another unit in brackets"),
        pytest.param([[f"{f.group or ''}{f.label}" for f in SURVEY.columns]], id="one row"),
        pytest.param([*header(), [float(n + 1) for n in range(len(SURVEY.columns))]], id="numbered columns"),
    ],
)
def test_headers_are_found_whatever_their_spelling(rows):
    reading = read(sheet(TITLE, HEAD, rows, [survey_row()]))

    assert reading.breaches == ()
    assert values(reading, "equip_count") == [2]
    assert values(reading, "uscc") == ["91320115MA1XXXXX0A"]


def test_a_blank_leading_column_does_no_harm():
    rows = [["", *row] for part in (TITLE, HEAD, header(), [survey_row()]) for row in part]
    reading = read(sheet(rows))

    assert reading.breaches == ()
    assert reading.columns["Sheet1", "uscc"] == "F"


def test_columns_may_stand_in_another_order():
    rows = [list(reversed(row)) for row in [_headers_flat(), survey_row()]]

    assert values(read(sheet(TITLE, HEAD, rows)), "equip_name") == ["矿热炉"]


def _headers_flat():
    return [f"{field.group or ''}{field.label}" for field in SURVEY.columns]


def test_a_column_of_the_sender_is_noted():
    upper, lower = header()
    reading = read(sheet(TITLE, HEAD, [[*upper, "联系镇街"], lower, [*survey_row(), "某镇"]]))

    assert [(breach.rule, breach.facts["found"]) for breach in reading.breaches] == [("READ-016", "联系镇街")]


def test_a_missing_required_column_is_named():
    at = [field.name for field in SURVEY.columns].index("uscc")
    rows = [[cell for place, cell in enumerate(row) if place != at] for row in [*header(), survey_row()]]
    reading = read(sheet(TITLE, HEAD, rows))

    assert [(b.rule, b.field, b.facts["found"]) for b in reading.breaches] == [("READ-001", "uscc", "统一社会信用代码")]
    assert values(reading, "uscc") == [None]


@pytest.mark.parametrize(
    ("label", "nearest"),
    [("统一信用代码号", "统一社会信用代码"), ("企业统一社会信用代码证号", "统一社会信用代码")],
)
def test_a_renamed_column_is_named_with_what_it_was_made_of(label, nearest):
    reading = read(sheet(TITLE, HEAD, _headers_with(uscc=label), [survey_row()]))

    renamed, extra = reading.breaches
    assert (renamed.rule, renamed.field, renamed.facts) == ("READ-028", "uscc", {"found": nearest, "nearest": label})
    assert (extra.rule, extra.facts["found"]) == ("READ-016", label)


def test_a_header_that_stands_twice_is_a_breach():
    upper, lower = header()
    reading = read(sheet(TITLE, HEAD, [[*upper, "处置方式"], lower, [*survey_row(), "封存"]]))

    assert breaches_of(reading) == [("READ-017", 5, None)]
    assert values(reading, "measure") == ["拆除"]


ENTERPRISE = dict.fromkeys(
    ("city", "county", "enterprise_name", "uscc", "product", "capacity", "capacity_unit", "output", "process"), ""
)


def test_a_merged_enterprise_covers_its_machines():
    columns = [field.name for field in SURVEY.columns]
    merged = tuple((5, columns.index(name), 6, columns.index(name)) for name in ("seq", *ENTERPRISE))
    reading = read(survey(survey_row(), survey_row(**ENTERPRISE, seq="", equip_model="9000"), merged=merged))

    assert reading.breaches == ()
    assert values(reading, "enterprise_name") == ["南京虚构铁合金有限公司"] * 2
    assert values(reading, "seq") == [1, 1]
    assert values(reading, "equip_model") == ["6300", "9000"]


def test_a_merged_count_is_not_multiplied():
    at = [field.name for field in SURVEY.columns].index("equip_count")
    reading = read(survey(survey_row(), survey_row(equip_count=""), merged=((5, at, 6, at),)))

    assert values(reading, "equip_count") == [2, None]


def test_an_enterprise_left_blank_is_taken_from_the_row_above_and_noted():
    reading = read(survey(survey_row(), survey_row(**ENTERPRISE, seq="")))

    assert values(reading, "uscc") == ["91320115MA1XXXXX0A"] * 2
    assert breaches_of(reading) == [("READ-014", 7, None)]


def test_only_part_of_an_enterprise_is_never_guessed():
    reading = read(survey(survey_row(), survey_row(city="", enterprise_name="南京另一虚构有限公司")))

    assert values(reading, "city") == ["南京市", None]


def test_subtotals_are_skipped_and_the_total_is_kept():
    blank = [""] * 10
    at = [field.name for field in SURVEY.columns].index("equip_count")
    subtotal = ["江宁区小计", *blank, "", "", 2.0]
    total = ["", "合 计", *blank, "", 4.0]
    assert at == 13
    reading = read(survey(survey_row(), subtotal, survey_row(seq=1.0, county="六合区"), total))

    assert [row.row for row in reading.rows] == [6, 8]
    assert reading.totals == (TotalRow("Sheet1", 9, {"equip_count": 4}),)
    assert reading.breaches == ()


@pytest.mark.parametrize("word", ["合计", "总计", "小计"])
def test_a_sum_word_in_a_named_row_is_a_remark_and_no_total(word):
    sparse = dict.fromkeys((field.name for field in SURVEY.columns), "")
    reading = read(survey(survey_row(**{**sparse, "equip_name": "矿热炉", "catalogue_ref": word})))

    assert values(reading, "catalogue_ref") == [word]
    assert reading.totals == ()


@pytest.mark.parametrize("mark", ["例", "示例", "示例：", "（例）", "例1"])
def test_an_example_row_is_skipped_with_a_note(mark):
    reading = read(survey(survey_row(seq=mark), survey_row()))

    assert [row.row for row in reading.rows] == [7]
    assert breaches_of(reading) == [("READ-012", 6, None)]


def test_notes_and_foot_below_the_table_are_no_rows():
    below = [
        [""],
        ["单位负责人：", "王某", "", "审核人：李某", "", "填表人", "赵某", "联系电话：025-00000000"],
        ["注：1.本表一式两份。"],
        ["2.数据截至7月底，没有企业的行业报送零报告。"],
    ]
    reading = read(survey(survey_row(), *below))

    assert len(reading.rows) == 1
    assert reading.breaches == ()
    assert [reading.head[name] for name in ("approver", "reviewer", "preparer", "contact_phone")] == [
        "王某",
        "李某",
        "赵某",
        "025-00000000",
    ]
    assert reading.rows[0].values["approver"] == "王某"


def test_a_remark_that_begins_like_a_foot_is_still_data():
    reading = read(survey(survey_row(remark="联系人：张某")))

    assert values(reading, "remark") == ["联系人：张某"]


def test_a_heading_within_the_rows_is_noted():
    reading = read(survey(["一、江宁区"], survey_row()))

    assert [(b.rule, b.row, b.facts["found"]) for b in reading.breaches] == [("READ-023", 6, "一、江宁区")]


def test_rows_with_nothing_but_a_number_are_no_rows():
    reading = read(survey(survey_row(), [2.0], [3.0, "", "/", "—"], [""]))

    assert len(reading.rows) == 1
    assert reading.breaches == ()


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["零报告"], id="the word"),
        pytest.param([1.0, "无"], id="nothing"),
        pytest.param([1.0, "无", "无", "无", 0.0, "/", "无"], id="nothing in every cell"),
        pytest.param(["", "", "", "本市无铁合金企业"], id="a sentence"),
        pytest.param(["本行业没有企业，零报告。"], id="a sentence with the word"),
    ],
)
def test_a_zero_report_is_a_report(row):
    reading = read(survey(row))

    assert reading.is_zero
    assert reading.rows == ()
    assert reading.breaches == ()


def test_a_zero_report_may_do_without_a_table():
    reading = read(sheet([["企业生产工艺装备情况调查汇总表"], ["填报单位：南京市", "行业：造纸"], ["零报告"]]))

    assert reading.is_zero
    assert reading.head["industry"] == "造纸"


def test_a_form_without_rows_must_say_why():
    assert breaches_of(read(survey([1.0], [2.0]))) == [("READ-011", None, None)]


def test_instructions_about_zero_reports_are_no_zero_report():
    reading = read(survey([""], ["填表说明：没有企业的，请在表中第一行填写“零报告”。"]))

    assert not reading.is_zero


def test_a_zero_report_with_rows_contradicts_itself():
    reading = read(survey(survey_row(), ["零报告"]))

    assert not reading.is_zero
    assert breaches_of(reading) == [("READ-015", None, None)]


def test_a_form_that_may_not_be_zero_stays_without_rows():
    form = FORMS["inventory_statement"]
    reading = read(sheet([[form.title]], header(form)[:1], [["零报告"]]))

    assert not reading.is_zero
    assert ("READ-011", None, None) in breaches_of(reading)


def test_hidden_sheets_are_read_with_a_note_and_do_not_decide_the_form():
    other = sheet([[FORMS["progress"].title]], header(FORMS["progress"]), name="旧表", is_hidden=True)
    reading = read(other, survey(survey_row()), survey(survey_row(), name="续表", is_hidden=True))

    assert [row.sheet for row in reading.rows] == ["Sheet1", "续表"]
    assert [(b.rule, b.sheet) for b in reading.breaches] == [("READ-013", "续表")]


def test_hidden_rows_are_read_with_one_note():
    rows = [survey_row(seq=float(number)) for number in range(1, 5)]
    reading = read(survey(*rows, hidden_rows=frozenset({2, 7, 8, 300})))

    assert len(reading.rows) == 4
    assert [(b.rule, b.row, b.facts["found"]) for b in reading.breaches] == [("READ-029", 7, 2)]


def test_a_sheet_of_instructions_is_passed_over_and_any_other_noted():
    help_sheet = sheet([["填表说明"], ["1. 企业生产工艺装备情况调查汇总表"]], name="说明")
    reading = read(help_sheet, survey(survey_row()), sheet([["照片"]], name="照片"))

    assert [(b.rule, b.sheet) for b in reading.breaches] == [("READ-022", "照片")]


def test_one_sheet_may_hold_several_industries_one_below_the_other():
    paper = [["填报单位：南京市", "", "行业：造纸"]]
    reading = read(
        sheet(TITLE, HEAD, header(), [survey_row(), ["合计"]], TITLE, paper, header(), [survey_row(seq=1.0)])
    )

    assert values(reading, "industry") == ["铁合金", "造纸"]
    assert reading.head["industry"] == "铁合金"


def test_a_header_repeated_on_the_next_page_keeps_the_head():
    reading = read(sheet(TITLE, HEAD, header(), [survey_row()], header(), [survey_row(seq=2.0)]))

    assert values(reading, "industry") == ["铁合金", "铁合金"]
    assert reading.breaches == ()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(["填报单位（盖章）：南京市  行业：铁合金  填报日期：2022年8月1日"], id="all in one cell"),
        pytest.param(["填报单位", "南京市", "行业", "铁合金", "填报日期", "2022.8.1"], id="no colons"),
        pytest.param(["填报单位:", "", "", "南京市", "行 业：", "铁合金", "填报日期：", 44774.0], id="apart"),
        pytest.param(["填报单位（公章）：南京市", "所属行业：铁合金", "填表日期：２０２２年８月１日"], id="aliases"),
    ],
)
def test_head_values_stand_in_or_beside_their_labels(line):
    head = read(sheet(TITLE, [line], header(), [survey_row()])).head

    assert (head["reporting_unit"], head["industry"], head["filled_on"]) == ("南京市", "铁合金", date(2022, 8, 1))


def test_a_blank_head_value_is_not_taken_from_the_next_label():
    line = ["填报单位：", "", "行业：", "填报日期：  年  月  日", "单位：台（套）", "表2"]
    head = read(sheet(TITLE, [line], header(), [survey_row()])).head

    assert (head["reporting_unit"], head["industry"], head["filled_on"]) == (None, None, None)


def test_a_head_value_given_twice_must_agree():
    reading = read(survey(survey_row(), ["填报日期：2022年8月2日"]))

    assert breaches_of(reading) == [("READ-024", 7, "filled_on")]


def test_the_period_of_a_progress_form_may_run_on_behind_its_label():
    form = FORMS["progress"]
    reading = read(sheet([[form.title], ["填报单位：南京市", "截至2022年8月31日"]], header(form), [["零报告"]]))

    assert reading.head["as_of_date"] == date(2022, 8, 31)


def test_an_inspection_form_holds_one_enterprise_a_sheet():
    form = FORMS["inspection"]

    def card(name, outcome):
        head = [[form.title], ["企业名称", name, "封存条件", "断水", "是"], ["验收结论", outcome, "断电", "否"]]
        return sheet(head, header(form), [[1.0, "矿热炉", "6300", "6300kVA", 2.0]], name=name)

    reading = read(card("甲", "通过"), card("乙", "限期整改"))

    assert values(reading, "enterprise_name") == ["甲", "乙"]
    assert values(reading, "result") == ["通过", "限期整改"]
    assert values(reading, "is_water_cut") == [True, True]
    assert values(reading, "is_power_cut") == [False, False]


def test_inspection_forms_may_stand_below_each_other_on_one_sheet():
    form = FORMS["inspection"]
    said = [[f"{field.label}：", "2022.8.1"] for field in form.head if field.type is FieldType.DATE]

    def card(name):
        return [[form.title], ["企业名称", name], *said, *header(form), [1.0, "矿热炉", "6300", "6300kVA", 2.0], [""]]

    reading = read(sheet(card("甲"), card("乙"), card("丙")))

    assert values(reading, "enterprise_name") == ["甲", "乙", "丙"]
    assert reading.breaches == ()


def test_an_error_cell_and_an_uncalculated_formula_are_breaches():
    reading = read(survey(survey_row(capacity="", output=""), error_cells={"G6"}, uncached_cells={"I6"}))

    assert breaches_of(reading) == [("READ-002", 6, "capacity"), ("READ-003", 6, "output")]
    assert values(reading, "capacity") == [None]


def test_a_row_of_nothing_but_errors_is_not_lost():
    blank = [""] * len(SURVEY.columns)
    reading = read(survey(survey_row(), blank, error_cells={"G7", "D7"}))

    assert ("READ-002", 7, "capacity") in breaches_of(reading)


def test_merged_ranges_without_end_are_refused():
    merged = tuple((0, 0, 19_999, 199) for _ in range(3))
    tall = sheet(TITLE, HEAD, header(), [[1.0] * 200] * 19_000, merged=merged)

    with pytest.raises(Unreadable) as refused:
        read_form(Workbook((tall,)), SURVEY)

    assert refused.value.code == "sheet_too_large"
