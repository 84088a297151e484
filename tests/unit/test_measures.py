"""Parameters are read from what people write, with their units."""

from decimal import Decimal

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.measures import parse_capacity, parse_commissioned, parse_measures, parse_words
from phaseout.settings import PROJECT

VOCABULARY = FileDefinitions(PROJECT).catalogue().vocabulary

PLAIN = [
    # text, value, base unit
    ("6300kVA", "6300", "kVA"),
    ("6300KVA", "6300", "kVA"),
    ("６３００ｋＶＡ", "6300", "kVA"),
    ("6300 kVA", "6300", "kVA"),
    ("6,300kVA", "6300", "kVA"),
    ("6，300kVA", "6300", "kVA"),
    ("6300千伏安", "6300", "kVA"),
    ("1.25万千伏安", "12500", "kVA"),
    ("6.3MVA", "6300", "kVA"),
    ("变压器容量1800kVA", "1800", "kVA"),
    ("变压器容量(kVA):6300", "6300", "kVA"),
    ("变压器容量（ｋＶＡ）：6300", "6300", "kVA"),
    ("6300(kVA)", "6300", "kVA"),
    ("1760mm", "1.76", "m"),
    ("1,092mm", "1.092", "m"),
    ("176cm", "1.76", "m"),
    ("1.76米", "1.76", "m"),
    ("幅宽1880毫米", "1.88", "m"),
    ("4.3米焦炉", "4.3", "m"),
    ("炭化室高度5.5m", "5.5", "m"),
    ("100m/min", "100", "m/min"),
    ("100米/分", "100", "m/min"),
    ("车速120米/分钟", "120", "m/min"),
    ("2m/s", "120", "m/min"),
    ("4吨反射炉", "4", "t"),
    ("炉容量2.5t", "2.5", "t"),
    ("容量500kg", "0.5", "t"),
    ("三十吨转炉", "30", "t"),
    ("一百二十吨转炉", "120", "t"),
    ("公称压力1000kN", "101.97", "t"),
    ("单炉产量5吨/炉", "5", "t"),
    ("1.2万吨", "12000", "t/a"),
    ("年产5000吨", "5000", "t/a"),
    ("5000吨/年", "5000", "t/a"),
    ("3.4万t/a", "34000", "t/a"),
    ("2000t REO/a", "2000", "t/a"),
    ("2500t/d", "2500", "t/d"),
    ("日产2500吨", "2500", "t/d"),
    ("熔化率5t/h", "5", "t/h"),
    ("每小时5吨", "5", "t/h"),
    ("128m3", "128", "m3"),
    ("128m³", "128", "m3"),
    ("400立方米高炉", "400", "m3"),
    ("90㎡", "90", "m2"),
    ("烧结面积90平方米", "90", "m2"),
    ("年产800万平方米", "8000000", "m2/a"),
    ("年加工生皮2.5万标张", "25000", "标张/年"),
    ("50万条/年", "500000", "条/年"),
    ("160kA", "160", "kA"),
    ("16万安", "160", "kA"),
    ("300MW", "300", "MW"),
    ("30万千瓦", "300", "MW"),
    ("浴比1:8", "8", "1:x"),
    ("浴比１：１２", "12", "1:x"),
    ("含镉0.003%", "0.003", "%"),
    ("含镉20ppm", "0.002", "%"),
    ("使用15年", "15", "年"),
    ("31year", "31", "年"),
    ("Φ2.4m", "2.4", "m"),
    ("Ф2400mm", "2.4", "m"),
]


@pytest.mark.parametrize(("text", "value", "unit"), PLAIN, ids=[text for text, *_ in PLAIN])
def test_a_figure_is_read_with_its_unit(text, value, unit):
    (measure,) = parse_measures(text, VOCABULARY)

    assert (measure.value, measure.unit) == (Decimal(value), unit)


SPANS = [
    # text, low, high, whether the ends are open
    ("460立方米及以下", None, "460", False, False),
    ("460立方米以下", None, "460", False, False),
    ("30吨以上", "30", None, False, False),
    ("不足4吨", None, "4", False, True),
    ("超过15年", "15", None, True, False),
    ("≤6300kVA", None, "6300", False, False),
    ("<6300kVA", None, "6300", False, True),
    ("不小于4.3m", "4.3", None, False, False),
    ("约4吨", "3.8", "4.2", False, False),
    ("4吨左右", "3.8", "4.2", False, False),
    ("400余立方米", "400", "440", False, True),
    ("30多吨", "30", "33", False, True),
    ("12500-13000kVA", "12500", "13000", False, False),
    ("3~5吨", "3", "5", False, False),
    ("1575mm至1.76m", "1.575", "1.76", False, False),
]


@pytest.mark.parametrize(("text", "low", "high", "low_open", "high_open"), SPANS, ids=[text for text, *_ in SPANS])
def test_a_span_is_read_with_its_ends(text, low, high, low_open, high_open):
    (measure,) = parse_measures(text, VOCABULARY)

    assert (measure.low, measure.high) == (low and Decimal(low), high and Decimal(high))
    assert (measure.is_low_open, measure.is_high_open) == (low_open, high_open)


SEVERAL = [
    ("幅宽1760mm 车速100m/min", {"paper_width_m": "1.76", "speed_m_min": "100"}),
    ("幅宽（mm）：1760；车速（m/min）：100", {"paper_width_m": "1.76", "speed_m_min": "100"}),
    ("1760mm幅宽，100m/min车速", {"paper_width_m": "1.76", "speed_m_min": "100"}),
    ("幅宽1.76米、车速100米/分", {"paper_width_m": "1.76", "speed_m_min": "100"}),
    ("Φ2.4×13m", {"mill_diameter_m": "2.4", "drum_length_m": "13"}),
    ("φ2400×13000mm", {"mill_diameter_m": "2.4", "drum_length_m": "13"}),
    ("Φ2400×13m", {"mill_diameter_m": "2.4", "drum_length_m": "13"}),
    ("2.4m×13m", {"mill_diameter_m": "2.4", "drum_length_m": "13"}),
    ("转鼓直径4.5m 长4.5m", {"drum_diameter_m": "4.5", "drum_length_m": "4.5"}),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL, ids=[text for text, _ in SEVERAL])
def test_several_figures_are_told_apart_by_their_names(text, expected):
    measures = parse_measures(text, VOCABULARY)

    for parameter, value in expected.items():
        assert [one.value for one in measures if parameter in one.parameters] == [Decimal(value)]


@pytest.mark.parametrize("text", ["1760型", "1760型纸机", "1760mm型", "1760纸机", "1760 造纸机"])
def test_a_type_number_is_a_width_and_marked_as_a_name(text):
    (measure,) = parse_measures(text, VOCABULARY)

    assert measure.value == Decimal("1.76")
    assert measure.is_type_number
    assert measure.parameters == {"paper_width_m"}


@pytest.mark.parametrize(
    "text",
    [
        "74型",
        "R531型",
        "HK-1800",
        "3R-2714",
        "4800/700",
        "NJP-1200",
        "2010-05-24关停",
        "2003年投产",
        "5台",
        "1# 2#高炉",
        "N113绳状洗呢机",
        "12头",
        "第三条线",
    ],
)
def test_a_name_a_count_or_a_day_is_no_measure(text):
    assert [one for one in parse_measures(text, VOCABULARY) if one.unit is not None] == []


@pytest.mark.parametrize(
    ("text", "unit"), [("10万千伏安时", "kVAh/a"), ("产水量100L/h", None), ("60m3/h", None), ("轧制速度18m/s", "m/min")]
)
def test_a_longer_unit_is_never_taken_for_a_shorter_one(text, unit):
    assert [one.unit for one in parse_measures(text, VOCABULARY)] == ([unit] if unit else [])


@pytest.mark.parametrize("text", ["轧辊直径250mm", "炉床面积12m2", "熔铅量2t", "配套电机300kW"])
def test_what_is_called_something_else_is_nobodys_parameter(text):
    (measure,) = parse_measures(text, VOCABULARY)

    assert not measure.parameters & set(VOCABULARY.by_key)
    assert measure.parameters


def test_a_figure_without_a_unit_is_kept_as_one_whose_unit_is_missing():
    (measure,) = parse_measures("变压器容量6300", VOCABULARY, with_bare_numbers=True)

    assert (measure.value, measure.unit, measure.parameters) == (Decimal(6300), None, {"transformer_kva"})


CAPACITIES = [
    ("2.6", "万吨", "26000", "t/a"),
    ("5000", "吨", "5000", "t/a"),
    ("0.2", "万标张", "2000", "标张/年"),
    ("1.2万", "吨/年", "12000", "t/a"),
    ("3.4万吨/年", "", "34000", "t/a"),
    ("80", "万重量箱", "800000", "重量箱/年"),
    ("1,000", "万平方米", "10000000", "m2/a"),
    ("2500", "t/d", "2500", "t/d"),
    ("７２００", "万米", "72000000", "m/a"),
    ("5000", "", "5000", None),
]


@pytest.mark.parametrize(
    ("value", "written", "expected", "unit"), CAPACITIES, ids=["".join(row[:2]) for row in CAPACITIES]
)
def test_a_capacity_is_read_from_its_two_columns(value, written, expected, unit):
    capacity = parse_capacity(value, written, VOCABULARY)

    assert (capacity.value, capacity.unit) == (Decimal(expected), unit)


@pytest.mark.parametrize("value", ["", "—", "无", "两家合计"])
def test_no_capacity_is_none(value):
    assert parse_capacity(value, "万吨", VOCABULARY) is None


WORDS = [
    ("炉容量0.5t 无磁轭 铝壳", "yoke", "无"),
    ("带磁轭 钢壳", "yoke", "有"),
    ("无磁轭 铝壳", "shell", "铝壳"),
    ("8t 直接燃煤", "fuel", "直接燃煤"),
    ("天然气", "fuel", "天然气"),
    ("主要原料废铝", "feed", "废铝"),
    ("槽容积3m3 含氰", "cyanide", "有"),
    ("槽容积6m3 无氰", "cyanide", "无"),
    ("幅宽1800mm 未经改造", "rebuilt", "否"),
    ("已改造", "rebuilt", "是"),
    ("无净化设施", "air_filter", "无"),
    ("国 产", "origin", "国产"),
    ("不达标", "standards_met", "否"),
]


@pytest.mark.parametrize(("text", "parameter", "value"), WORDS, ids=[text for text, *_ in WORDS])
def test_a_question_is_answered_by_words(text, parameter, value):
    assert parse_words(text, VOCABULARY)[parameter] == (value,)


@pytest.mark.parametrize(
    ("text", "commissioned"),
    [
        ("2003-01投产", "2003-01"),
        ("2003年1月投产", "2003-01"),
        ("1982年购进", "1982"),
        ("投产时间：2008年6月", "2008-06"),
        ("2010-05-24关停", None),
        ("使用15年", None),
    ],
)
def test_the_day_of_commissioning_is_found(text, commissioned):
    assert parse_commissioned(text) == commissioned
