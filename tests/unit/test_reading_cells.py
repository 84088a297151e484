"""What each cell means; nothing changes without a word."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from phaseout.domain.form import Field, FieldType
from phaseout.domain.reading_cells import read_cell

DAY = date(2022, 7, 15)


def read(cell, kind, **more):
    return read_cell(cell, Field(name="x", label="某项", type=FieldType(kind), **more))


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("cell", [None, "", "  ", "无", "—", "－", "/", "／", "——", "空", " 无 "])
def test_words_for_nothing_are_nothing(cell, kind):
    got = read(cell, kind)

    assert (got.value, got.rule) == (None, None)


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        datetime.fromisoformat("2022-07-15T08:30"),
        "2022.7.15",
        "2022-7-15",
        "2022-07-15",
        "2022/7/15",
        "2022年7月15日",
        "2022 年 7 月 15 日",
        "２０２２年７月１５日",
        "2022-07-15 00:00:00",
        "2022年7月15日8:30",
        "20220715",
        20220715.0,
        44757.0,
        44757,
        "44757",
    ],
    ids=str,
)
def test_a_day_is_read_in_every_usual_spelling(cell):
    got = read(cell, "date")

    assert (got.value, got.rule) == (DAY, None)


@pytest.mark.parametrize(
    "cell",
    ["2022年7月", "7月15日", "2022.2.30", "2022年7月15日前", "待定", 2022.7, 5.0, True, time(0, 0), date(1899, 12, 30)],
    ids=str,
)
def test_what_is_no_day_is_a_breach(cell):
    got = read(cell, "date")

    assert (got.value, got.rule, got.facts["found"]) == (None, "READ-007", cell)


@pytest.mark.parametrize("cell", ["2022-7-1 10:30", "2022-7-1 10:30:00", "2022.7.1 0:00", "2022-07-01T10:30"])
def test_the_hour_behind_a_day_is_no_part_of_it(cell):
    assert read(cell, "date").value == date(2022, 7, 1)


@pytest.mark.parametrize("cell", ["2022.7.1\n5", "2022.7.1 2022.8.1", "2022年7月1 5日"], ids=repr)
def test_two_days_in_one_cell_are_not_run_together(cell):
    assert (read(cell, "date").value, read(cell, "date").rule) == (None, "READ-007")


def test_two_months_in_one_cell_are_not_run_together():
    assert (read("2008.1\n2", "month").value, read("2008.1\n2", "month").rule) == (None, "READ-008")


def test_an_unfilled_date_line_is_nothing():
    assert read("    年  月  日", "date") == read(None, "date")


@pytest.mark.parametrize(
    "cell",
    ["2008年6月", "2008.6", "2008-06", "2008/6", "200806", 2008.6, date(2008, 6, 1), "2008年6月15日", 39600.0],
    ids=str,
)
def test_a_month_is_read_in_every_usual_spelling(cell):
    assert read(cell, "month").value == "2008-06"


@pytest.mark.parametrize("cell", [2008.1, "2008.13", "90年代", "0888年", 888.0], ids=str)
def test_what_is_no_sure_month_is_a_breach(cell):
    got = read(cell, "month")

    assert (got.value, got.rule) == (None, "READ-008")


@pytest.mark.parametrize("cell", [2008.0, "2008年", "2008", "２００８年", " 1982 年 "], ids=str)
def test_a_year_without_its_month_is_named_where_the_month_may_be_left_out_and_wrong_where_it_may_not(cell):
    rules = [read(cell, "month", required=required)[:2] for required in (False, True)]

    assert rules == [(None, "READ-031"), (None, "READ-008")]


@pytest.mark.parametrize(("kind", "day"), [("date", DAY), ("month", "2022-07")])
@pytest.mark.parametrize("cell", [44757.0, "44757", "４４７５７"], ids=str)
def test_a_bare_number_is_a_day_only_where_it_is_known_from_when_it_counts(cell, kind, day):
    assert read(cell, kind).value == day
    assert read(cell, kind, takes_serials=False)[:2] == (None, "READ-030")


@pytest.mark.parametrize("cell", [DAY, "2022.7.15", "20220715", 20220715.0], ids=str)
def test_a_day_that_is_written_as_one_needs_no_count(cell):
    assert read(cell, "date", takes_serials=False)[:2] == (DAY, None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [(5.0, 5), (5, 5), ("5", 5), ("１２", 12), (" 1,234 ", 1234), ("3.0", 3), (-1.0, -1), (0.0, 0)],
    ids=str,
)
def test_a_whole_number_is_read(cell, value):
    got = read(cell, "integer")

    assert (got.value, got.rule) == (value, None)
    assert type(got.value) is int


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (2.5, "READ-005"),
        ("2.5", "READ-005"),
        ("20余", "READ-006"),
        ("约20", "READ-006"),
        ("2+3", "READ-006"),
        ("2、3", "READ-006"),
        ("2\n3", "READ-006"),
        ("2 3", "READ-006"),
        ("1, 234", "READ-006"),
        ("1,23", "READ-006"),
        (True, "READ-006"),
        (1e15, "READ-006"),
        (float("inf"), "READ-006"),
        (float("nan"), "READ-006"),
        (DAY, "READ-006"),
    ],
    ids=str,
)
def test_what_is_no_whole_number_is_a_breach(cell, rule):
    got = read(cell, "integer")

    assert (got.value, got.rule) == (None, rule)


@pytest.mark.parametrize("cell", ["12台", "12 套", "12（台、套）", "12台（套）"])
def test_a_unit_behind_a_number_is_noted(cell):
    got = read(cell, "integer", unit="台（套）")

    assert (got.value, got.rule) == (12, "READ-019")


def test_another_unit_behind_a_number_is_a_breach():
    assert read("12家", "integer", unit="台（套）").rule == "READ-006"
    assert read("5万吨", "decimal").rule == "READ-006"


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        (0.1 + 0.2, Decimal("0.3"), None),
        ("2.50", Decimal("2.50"), None),
        (1 / 3, Decimal("0.3333"), "READ-020"),
        ("0.00005", Decimal("0.0001"), "READ-020"),
        (1e14, None, "READ-006"),
    ],
    ids=str,
)
def test_a_decimal_keeps_four_places(cell, value, rule):
    got = read(cell, "decimal")

    assert (got.value, got.rule) == (value, rule)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [(85.5, Decimal("85.5"), None), (0.855, Decimal("85.5"), "READ-018"), (1.0, Decimal(100), "READ-018"),
     ("85.5%", Decimal("85.5"), None), ("0.5％", Decimal("0.5"), None), (0.0, Decimal(0), None)],
    ids=str,
)  # fmt: skip
def test_a_percentage_may_come_as_a_fraction(cell, value, rule):
    got = read(cell, "decimal", unit="%")

    assert (got.value, got.rule) == (value, rule)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("９１３２０１１５ＭＡ１ＸＸＸＸＸ０Ａ", "91320115MA1XXXXX0A"),
        (" 91320115 MA1XXXXX0A\n", "91320115MA1XXXXX0A"),
        ("025-00000000", "025-00000000"),
        (13800000001.0, "13800000001"),
        ("\u200b123", "123"),
    ],
)
def test_a_code_stays_text(cell, value):
    assert read(cell, "code").value == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("13800000001\n025-83000001", "13800000001；025-83000001"),
        ("91320115\nMA1XXXXX0A", "91320115MA1XXXXX0A"),
        ("9132011500\n00019201", "913201150000019201"),
        ("13800000001\n", "13800000001"),
    ],
    ids=["two telephone numbers", "a credit code on two lines", "one of digits alone", "a line feed behind"],
)
def test_two_numbers_to_call_stay_two_and_a_wrapped_code_is_one(cell, value):
    assert read(cell, "code").value == value


@pytest.mark.parametrize("kind", ["code", "text"])
@pytest.mark.parametrize("cell", [3.201021990010113e17, 1e15, 10**15])
def test_a_number_that_lost_its_digits_is_a_breach(cell, kind):
    got = read(cell, kind)

    assert (got.value, got.rule) == (None, "READ-004")


def test_a_long_code_as_text_is_whole():
    assert read("320102199001011234", "code").value == "320102199001011234"


@pytest.mark.parametrize(
    "cell",
    [date(2022, 3, 12), datetime.fromisoformat("2022-03-12"), time(1, 2), timedelta(hours=30)],
    ids=str,
)
def test_text_that_became_a_date_is_a_breach(cell):
    assert read(cell, "text").rule == "READ-021"
    assert read(cell, "code").rule == "READ-021"


@pytest.mark.parametrize(
    ("cell", "value"), [(1760.0, "1760"), (1.5, "1.5"), ("（一）甲\r\n乙\x07", "（一）甲\n乙"), (True, "TRUE")]
)
def test_text_is_kept_as_written(cell, value):
    got = read(cell, "text")

    assert (got.value, got.rule) == (value, None)


@pytest.mark.parametrize(("cell", "value"), [("拆除", "拆除"), (" 拆 除", "拆除"), ("整体关停。", "整体关停")])
def test_a_choice_is_one_of_its_words(cell, value):
    assert read(cell, "choice", choices=("拆除", "整体关停")).value == value


@pytest.mark.parametrize(
    ("cell", "value"), [("在产", "在产"), ("在生产", "在产"), (" 取缔 关闭", "关停"), ("生产", None)]
)
def test_a_choice_may_have_other_words_that_mean_it(cell, value):
    synonyms = (("在生产", "在产"), ("取缔关闭", "关停"))

    assert read(cell, "choice", choices=("在产", "关停"), synonyms=synonyms).value == value


@pytest.mark.parametrize("cell", ["拆", "拆除、封存", 1.0])
def test_any_other_word_is_no_choice(cell):
    got = read(cell, "choice", choices=("拆除", "封存"))

    assert (got.value, got.rule, got.facts["expected"]) == (None, "READ-009", "拆除、封存")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("是", True), ("√", True), (True, True), (1.0, True), ("Y", True), ("否", False), ("×", False), (0.0, False)],
)
def test_a_flag_is_yes_or_no(cell, value):
    assert read(cell, "flag").value is value


@pytest.mark.parametrize("cell", ["待定", 2.0, DAY, "是否"])
def test_anything_else_is_no_flag(cell):
    assert read(cell, "flag").rule == "READ-010"
