"""Equipment is judged by the catalogue: on, below and above every kind of threshold, and where something is missing."""

from datetime import date

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.catalogue import Doubt, Equipment
from phaseout.domain.judging import Judge, judge
from phaseout.settings import PROJECT

CATALOGUE = FileDefinitions(PROJECT).catalogue()
JUDGE = Judge(CATALOGUE, as_of=date(2022, 11, 30))


def judged(industry="", name="", params="", capacity="", unit="", **more):
    return JUDGE(Equipment(industry=industry, name=name, params=params, capacity=capacity, capacity_unit=unit, **more))


E, R, N, S = "eliminate", "review", "not_in_catalogue", "restricted"

MEASURED = [
    # item, industry, name, parameters that {} completes, (value, judgement) below, on, above, and without
    ("FA-01", "铁合金", "矿热炉", "变压器容量{}kVA", [("5000", E), ("6300", R), ("6301", S), ("33000", N), ("", R)]),
    ("FA-90", "铁合金", "矿热炉", "变压器容量{}kVA", [("12500", S), ("25000", R), ("25001", N)]),
    ("FA-02", "铁合金", "半封闭直流电炉", "{}kVA", [("2999", E), ("3000", R), ("5000", N), ("", R)]),
    ("FA-03", "铁合金", "精炼电炉", "{}kVA", [("1500", E), ("3000", R), ("3500", N), ("", R)]),
    ("FA-04", "铁合金", "铬铁高炉", "{}m3", [("100", E), ("200", R), ("300", N), ("", R)]),
    ("FA-05", "铁合金", "钛铁熔炼炉", "单炉产量{}吨", [("3", E), ("5", R), ("8", N), ("", R)]),
    ("FA-08", "铁合金", "电解锰整流变压器", "{}kVA", [("4000", R), ("5000", R), ("6000", R), ("12500", N)]),
    ("FA-09", "铁合金", "化合槽", "{}m3", [("100", R), ("150", R), ("350", N)]),
    ("AL-01", "铝熔炼", "再生铝反射炉", "炉容量{}t 天然气", [("3.9", E), ("4", R), ("4.1", N), ("", R)]),
    ("AL-06", "铝熔炼", "预焙电解槽", "{}kA", [("100", E), ("160", R), ("200", N), ("", R)]),
    ("AL-09", "铝熔炼", "中频感应电炉", "炉容量{}t 无磁轭 铝壳", [("0.2", N), ("0.25", R), ("0.5", E), ("", R)]),
    ("PA-05", "造纸", "文化纸机", "幅宽{}mm 车速100m/min", [("1575", E), ("1760", R), ("1880", N), ("", R)]),
    ("PA-05", "造纸", "书写纸生产线", "幅宽1575mm 车速{}m/min", [("119", E), ("120", R), ("121", N), ("", R)]),
    ("PA-06", "造纸", "瓦楞纸生产线", "幅宽{}mm 车速60m/min", [("1880", E), ("2000", R), ("2400", N), ("", R)]),
    ("PA-06", "造纸", "涂布白板纸机", "幅宽1880mm 车速{}m/min", [("79", E), ("80", R), ("100", N), ("", R)]),
    ("LB-05", "铅蓄电池", "含镉铅蓄电池", "镉含量{}%", [("0.001", N), ("0.002", R), ("0.003", E), ("", R)]),
    ("LB-06", "铅蓄电池", "含砷铅蓄电池", "砷含量{}%", [("0.05", N), ("0.1", R), ("0.2", E), ("", R)]),
    ("ST-03", "冶金", "焦炉", "炭化室高度{}m 顶装", [("3.2", E), ("4.3", R), ("5.5", N), ("", R)]),
    ("ST-05", "冶金", "烧结机", "{}平方米", [("60", E), ("90", R), ("180", N), ("", R)]),
    ("ST-06", "冶金", "球团竖炉", "{}m2", [("6", E), ("8", R), ("10", N), ("", R)]),
    ("ST-07", "冶金", "炼铁高炉", "{}立方米", [("128", E), ("400", R), ("1350", N), ("", R)]),
    ("ST-08", "冶金", "炼钢转炉", "{}吨", [("20", E), ("30", R), ("120", N), ("", R)]),
    ("ST-09", "钢铁", "炼钢电弧炉", "公称容量{}t", [("15", E), ("30", R), ("50", N), ("", R)]),
    ("ST-15", "钢铁", "热轧无缝管机组", "管径{}mm", [("60", E), ("76", R), ("114", N), ("", R)]),
    ("NF-03", "有色金属", "再生铜固定式反射炉", "{}吨 天然气", [("40", E), ("50", R), ("100", N), ("", R)]),
    ("DY-03", "印染", "热风拉幅定型机", "国产 使用{}年", [("10", N), ("15", R), ("16", E), ("", R)]),
    ("DY-04", "印染", "圆网印花机", "进口 使用{}年", [("16", N), ("20", R), ("21", E), ("", R)]),
    ("DY-05", "印染", "溢流染色机", "使用16年 浴比1:{}", [("8", N), ("10", R), ("12", E)]),
    ("CA-13", "铸造", "中频感应电炉", "{}t 无磁轭 铝壳", [("0.15", N), ("0.25", R), ("1", E), ("", R)]),
    ("CA-14", "铸造", "棕刚玉冶炼炉", "{}kVA 倾动式", [("2500", E), ("3000", R), ("4500", N), ("", R)]),
    ("CA-15", "铸造", "棕刚玉冶炼炉", "固定式 {}kVA", [("3500", E), ("4000", R), ("4500", N), ("", R)]),
    ("CA-16", "铸造", "碳化硅冶炼炉", "{}kVA", [("2000", E), ("3000", R), ("5000", N), ("", R)]),
    ("CA-90", "铸造", "冲天炉", "熔化率{}t/h", [("3", R), ("5", R), ("7", R), ("15", N)]),
    ("CE-03", "水泥", "水泥磨", "Φ{}×13m", [("2.4", E), ("3.0", R), ("4.2", N)]),
    ("CE-03", "水泥", "水泥球磨机", "直径{}m", [("2.2", E), ("3", R), ("3.2", N), ("", R)]),
    ("CP-01", "煤电", "燃煤发电机组", "{}MW 不达标", [("200", E), ("300", R), ("330", R), ("660", N), ("", R)]),
    ("BM-12", "建材", "盘转式压砖机", "公称压力{}t", [("60", E), ("100", R), ("200", N), ("", R)]),
]  # fmt: skip
MEASURED_CASES = [
    pytest.param(item, industry, name, params.format(value) if value else "", expected, id=f"{item} {name} {value}")
    for item, industry, name, params, cases in MEASURED
    for value, expected in cases
]  # fmt: skip


@pytest.mark.parametrize(("item", "industry", "name", "params", "expected"), MEASURED_CASES)
def test_a_value_is_held_against_its_threshold(item, industry, name, params, expected):
    answer = judged(industry, name, params)

    assert answer.judgement == expected
    assert item in {match.item.id for match in answer.matches}


CAPACITIES = [
    ("AL-03", "铝熔炼", "双室再生铝熔炼炉", [("0.8", "万吨", E), ("1", "万吨", R), ("5", "万吨", N)]),
    ("PB-02", "再生铅", "富氧侧吹熔炼炉", [("8000", "吨", E), ("1", "万吨", R), ("12", "万吨", N)]),
    ("LE-01", "制革", "生皮加工生产线", [("3", "万标张", E), ("5", "万标张", R), ("10", "万标张", N), ("", "", R)]),
    ("LE-02", "制革", "蓝湿皮加工线", [("2.9", "万标张", E), ("30000", "标张", R), ("4", "万标张", N), ("", "", R)]),
    ("PA-02", "造纸", "化学木浆生产线", [("5", "万吨", E), ("5.1", "万吨", R), ("10", "万吨", N), ("", "", R)]),
    ("PA-03", "造纸", "麦草浆生产线", [("3.3", "万吨", E), ("3.4", "万吨", R), ("5", "万吨/年", N), ("", "", R)]),
    ("PA-04", "造纸", "废纸制浆生产线", [("5000", "吨", E), ("1", "万吨", R), ("1.5", "万吨", N), ("", "", R)]),
    ("ST-02", "冶金", "兰炭装置", [("6", "万吨", E), ("7.5", "万吨", R), ("10", "万吨", N)]),
    ("ST-18", "钢铁", "冷轧带肋钢筋生产线", [("0.8", "万吨", E), ("1", "万吨", R), ("3", "万吨", N)]),
    ("NF-08", "有色金属", "稀土分离生产线", [("1500", "t REO/a", E), ("2000", "吨", R), ("3000", "吨", N)]),
    ("BM-06", "建材", "纸面石膏板生产线", [("800", "万平方米", E), ("1000", "万平方米", R), ("3000", "万平方米", N)]),
    (
        "BM-07",
        "建材",
        "改性沥青防水卷材生产线",
        [("400", "万平方米", E), ("500", "万平方米", R), ("800", "万平方米", N)],
    ),
    ("BM-08", "建材", "陶瓷砖生产线", [("80", "万平方米", R), ("120", "万平方米", R), ("600", "万平方米", N)]),
]
CAPACITY_CASES = [
    pytest.param(item, industry, name, (value, unit), expected, id=f"{item} {value}{unit}")
    for item, industry, name, cases in CAPACITIES
    for value, unit, expected in cases
]


@pytest.mark.parametrize(("item", "industry", "name", "capacity", "expected"), CAPACITY_CASES)
def test_a_capacity_is_held_against_its_threshold(item, industry, name, capacity, expected):
    value, unit = capacity
    answer = judged(industry, name, capacity=value, unit=unit)

    assert answer.judgement == expected
    assert item in {match.item.id for match in answer.matches}


NAMED = [
    ("AL-05", "铝熔炼", "自焙电解槽", "", E),
    ("AL-10", "铝熔炼", "中频发电机感应加热电源", "", E),
    ("PB-01", "再生铅", "再生铅熔炼坩埚炉", "3t", E),
    ("PB-03", "再生铅", "反射炉", "直接燃煤", E),
    ("PB-04", "再生铅", "烧结锅", "", E),
    ("PB-06", "再生铅", "烧结—鼓风炉炼铅", "", E),
    ("PA-01", "造纸", "石灰法地池制浆", "", E),
    ("LB-01", "铅蓄电池", "开放式熔铅锅", "熔铅量2t", E),
    ("LB-02", "铅蓄电池", "开口式铅粉机", "", E),
    ("LB-03", "铅蓄电池", "管式极板干式灌粉机", "", E),
    ("LB-07", "铅蓄电池", "干式荷电铅蓄电池生产线", "", R),
    ("LB-08", "铅蓄电池", "手工铸板机", "", R),
    ("PH-01", "医药", "手工胶囊填充板", "", E),
    ("PH-02", "医药", "软木塞烫蜡包装", "", E),
    ("PH-03", "医药", "安瓿拉丝灌封机", "不符合GMP", E),
    ("PH-04", "医药", "塔式重蒸馏水器", "", E),
    ("PH-05", "医药", "热风干燥箱", "无净化设施", E),
    ("PH-07", "医药", "原料药合成装置", "三废不达标", R),
    ("ST-01", "冶金", "改良焦炉", "", E),
    ("ST-04", "冶金", "土烧结矿", "", E),
    ("ST-10", "钢铁", "中频炉", "生产地条钢", E),
    ("ST-11", "钢铁", "化铁炼钢", "", E),
    ("ST-12", "冶金", "复二重线材轧机", "", E),
    ("ST-13", "冶金", "横列式棒材轧机", "", E),
    ("ST-14", "钢铁", "三辊劳特式中板轧机", "", E),
    ("ST-16", "钢铁", "热轧窄带钢轧机", "", E),
    ("ST-17", "钢铁", "加热炉", "环保不达标", R),
    ("ST-20", "钢铁", "单罐拉丝机", "", E),
    ("NF-01", "有色金属", "马弗炉炼锌", "", E),
    ("NF-02", "有色金属", "鼓风炉炼铜", "", E),
    ("NF-05", "有色金属", "铜线杆（黑杆）", "", E),
    ("NF-07", "有色金属", "赫氏炉炼锑", "", E),
    ("DY-01", "印染", "74型退煮漂联合机", "未经改造", E),
    ("DY-02", "印染", "敞开式蒸汽加热平洗槽", "无密闭", E),
    ("DY-06", "印染", "直流电机驱动的印花线", "", E),
    ("DY-07", "印染", "L型退煮漂汽蒸箱", "", E),
    ("DY-08", "印染", "R531型酸性粘胶纺丝机", "", E),
    ("DY-09", "印染", "DMF法腈纶生产线", "", E),
    ("EP-01", "电镀", "氰化镀锌生产线", "含氰", E),
    ("EP-02", "电镀", "含氰沉锌槽", "", E),
    ("EP-03", "电镀", "手工电镀线", "无氰", R),
    ("CA-01", "铸造", "粘土烘干砂型线", "", E),
    ("CA-02", "铸造", "油砂制芯", "", E),
    ("CA-05", "铸造", "燃煤火焰反射加热炉", "", E),
    ("CA-08", "铸造", "插入电极式盐浴炉", "", E),
    ("CA-12", "铸造", "无芯工频感应电炉", "", E),
    ("CE-01", "水泥", "机立窑", "", E),
    ("CE-02", "水泥", "干法中空窑", "", E),
    ("GL-01", "平板玻璃", "平拉（格法）生产线", "", E),
    ("BM-01", "建材", "砖瓦轮窑", "24门", E),
    ("BM-02", "建材", "无顶轮窑", "", E),
    ("BM-05", "建材", "陶土坩埚玻璃纤维拉丝", "", E),
    ("BM-09", "建材", "摩擦压砖机", "", E),
    ("BM-10", "建材", "倒焰窑", "", E),
]


@pytest.mark.parametrize(("item", "industry", "name", "params", "expected"), NAMED, ids=[row[0] for row in NAMED])
def test_what_is_named_is_recognised(item, industry, name, params, expected):
    answer = judged(industry, name, params)

    assert (answer.judgement, item in answer.items) == (expected, True)


SOUND = [
    ("铁合金", "铁合金浇铸机", "浇铸能力60t/h"),
    ("铝熔炼", "双室熔铝炉", "炉容量35t 天然气"),
    ("铝熔炼", "中频感应电炉", "炉容量1t 钢壳 带磁轭"),
    ("再生铅", "富氧侧吹熔炼炉", "炉床面积12m2"),
    ("制革", "不锈钢智能转鼓", "转鼓直径4.5m 长4.5m"),
    ("造纸", "箱板纸生产线", "幅宽5600mm 车速900m/min"),
    ("铅蓄电池", "密闭式铅粉机", "产量24t/d"),
    ("医药", "全自动胶囊充填机", "1200粒/min"),
    ("医药", "热风循环烘箱", "带净化"),
    ("冶金", "高速线材轧机", "轧制速度90m/s"),
    ("印染", "气流染色机", "容量500kg 浴比1:4"),
    ("电镀", "碱性无氰镀锌自动线", "槽容积6m3 无氰"),
    ("铸造", "中频感应电炉", "1t 钢壳 有磁轭"),
    ("水泥", "水泥熟料生产线", "2500t/d"),
    ("平板玻璃", "浮法玻璃生产线", "600t/d"),
    ("建材", "真空挤砖机", ""),
]


@pytest.mark.parametrize(("industry", "name", "params"), SOUND, ids=[name for _, name, _ in SOUND])
def test_what_no_item_means_is_not_in_the_catalogue(industry, name, params):
    answer = judged(industry, name, params)

    assert (answer.judgement, answer.items) == (N, ())


DOUBTS = [
    ("a value on the threshold", ("铁合金", "矿热炉", "6300kVA"), Doubt.ON_THRESHOLD),
    ("a value without its unit", ("铁合金", "矿热炉", "6300"), Doubt.NO_UNIT),
    ("a rating in kW", ("铁合金", "矿热炉", "5000kW"), Doubt.NO_UNIT),
    ("no value", ("铁合金", "矿热炉", "半密闭"), Doubt.MISSING),
    ("a bound over the threshold", ("钢铁", "炼铁高炉", "460立方米及以下"), Doubt.RANGE),
    ("two values that disagree", ("钢铁", "炼铁高炉", "128m3、450m3各1座"), Doubt.SEVERAL),
    ("an exception that may apply", ("铁合金", "精炼电炉", "2000kVA 生产钒铁"), Doubt.EXCEPTION),
    ("an exception by a figure", ("冶金", "捣固焦炉", "炭化室高度4.0m"), Doubt.EXCEPTION),
    ("an item in dispute", ("铝熔炼", "压铸用坩埚保温炉", "0.3t 原料为铝锭"), Doubt.DISPUTED),
    ("an item of low confidence", ("铁合金", "电解锰整流变压器", "4000kVA"), Doubt.LOW_CONFIDENCE),
    ("a loose wording", ("铝熔炼", "熔铝炉", "3t"), Doubt.LOOSE_WORDING),
    ("another industry", ("印染", "炼铁高炉", "128m3"), Doubt.OTHER_INDUSTRY),
    ("no industry and a wording that needs one", ("", "坩埚炉", "0.3t"), Doubt.LOOSE_WORDING),
    ("another department's finding", ("钢铁", "加热炉", "不达标"), Doubt.NEEDS_FINDING),
    ("no name", ("铁合金", "", "6300kVA"), Doubt.NOTHING_NAMED),
    ("nothing at all", ("", "", ""), Doubt.NOTHING_NAMED),
    ("a name that says nothing", ("医药", "生产设备", ""), Doubt.VAGUE_NAME),
    ("a doubtful figure", ("煤电", "燃煤发电机组", "330MW 不达标"), Doubt.DOUBTFUL_FIGURE),
    ("a local item", ("制革", "转鼓", "Φ2.5×2.4m"), Doubt.NOT_NATIONAL),
]


@pytest.mark.parametrize(("row", "doubt"), [case[1:] for case in DOUBTS], ids=[case[0] for case in DOUBTS])
def test_every_doubt_sends_an_item_to_a_person(row, doubt):
    answer = judged(*row)

    assert answer.judgement == R
    assert doubt in answer.doubts
    assert answer.reason


@pytest.mark.parametrize(
    ("name", "params"),
    [("电石炉", "6300kVA 开放式"), ("电石炉", "33000kVA 密闭式"), ("抗氧化剂生产线", ""), ("反应釜", "直接火加热树脂")],
)
def test_chemical_equipment_is_at_most_reviewed(name, params):
    answer = judged("化工", name, params)

    assert answer.judgement == R
    assert Doubt.ONLY_REVIEW in answer.doubts


def test_a_chemical_item_is_shown_where_it_is_named():
    assert judged("化工", "电石炉", "6300kVA 开放式").items == ("CH-15",)
    assert judged("", "电石炉", "6300kVA 开放式").judgement == R


def test_a_condition_that_clearly_fails_outweighs_a_missing_value():
    assert judged("造纸", "瓦楞纸生产线", "车速450m/min").judgement == N
    assert judged("造纸", "瓦楞纸生产线", "车速60m/min").judgement == R


def test_a_named_width_outweighs_a_type_number():
    assert judged("造纸", "瓦楞纸生产线", "1880型 幅宽2400mm 车速60m/min").judgement == N
    assert judged("造纸", "1760型文化纸机", "车速100m/min").judgement == R
    assert judged("造纸", "1575型文化纸机", "车速100m/min").judgement == E


def test_a_deadline_holds_from_the_day_after_it():
    kiln = Equipment(industry="建材", name="砖瓦轮窑")

    assert judge(kiln, CATALOGUE, as_of=date(2020, 12, 31)).judgement == R
    assert Doubt.NOT_DUE in judge(kiln, CATALOGUE, as_of=date(2020, 12, 31)).doubts
    assert judge(kiln, CATALOGUE, as_of=date(2021, 1, 1)).judgement == E


def test_an_age_is_reckoned_from_the_commissioning():
    dryer = Equipment(industry="印染", name="拉幅定形机", params="国产", commissioned="2004-06")

    assert judge(dryer, CATALOGUE, as_of=date(2018, 11, 30)).judgement == N
    assert judge(dryer, CATALOGUE, as_of=date(2022, 11, 30)).judgement == E


def test_two_items_that_cover_all_a_loose_wording_means_decide_where_they_agree():
    assert judged("制革", "制革生产线", capacity="2", unit="万标张").judgement == E
    assert judged("制革", "制革生产线", capacity="4", unit="万标张").judgement == R
    assert judged("制革", "制革生产线", capacity="10", unit="万标张").judgement == N


def test_an_enterprises_capacity_says_only_how_much_one_line_has_at_most():
    of_line, of_enterprise = (
        judged("造纸", "麦草浆生产线", capacity="5", unit="万吨", is_capacity_of_enterprise=whole)
        for whole in (False, True)
    )

    assert (of_line.judgement, of_enterprise.judgement) == (N, R)
    assert Doubt.WHOLE_ENTERPRISE in of_enterprise.doubts
    assert judged("造纸", "麦草浆生产线", capacity="2", unit="万吨", is_capacity_of_enterprise=True).judgement == E


@pytest.mark.parametrize(
    "industry", ["铁合金", "ferroalloy", "铁合金冶炼", "铁合金行业", "江苏省铁合金企业", "3140", "铁 合 金"]
)
def test_an_industry_is_known_by_its_names(industry):
    assert judged(industry, "矿热炉", "5000kVA").judgement == E


@pytest.mark.parametrize("industry", ["冶金", "钢铁", ""])
def test_a_plain_wording_is_known_among_its_neighbours_and_without_an_industry(industry):
    assert judged(industry, "铁合金矿热电炉", "5000kVA").items == ("FA-01",)


def test_the_same_entry_by_two_numbers_is_named_once():
    assert judged("再生铅", "反射炉", "直接燃煤").items == ("PB-03",)
    assert judged("铸造", "中频感应电炉", "1t 无磁轭 铝壳").items == ("CA-13",)
    assert judged("", "中频感应电炉", "1t 无磁轭 铝壳").items == ("AL-09",)


def test_the_comparison_names_item_value_and_threshold():
    assert judged("铁合金", "矿热炉", "5000KVA").comparison == (
        "FA-01 铁合金矿热电炉：变压器容量5000kVA，目录为6300kVA及以下，符合"
    )
    assert judged("造纸", "文化纸机", "1760mm 100m/min").comparison == (
        "PA-05 文化纸生产线：幅宽1760mm（1.76m），目录为1.76m及以下，在界限值上，"
        "车速100m/min，目录为120m/min以下（不含），符合"
    )


def test_the_reason_names_what_is_missing():
    assert judged("造纸", "瓦楞纸生产线", "1880mm").reason == "PA-06：未写明车速"


# Of a further condition, or of a whole enterprise: the bare name is not enough to be heard.
NOT_BY_NAME = {"AL-03", "PB-02", "LE-90"}


@pytest.mark.parametrize("item", CATALOGUE.items, ids=lambda item: item.id)
def test_every_item_is_recognised_by_its_own_name(item):
    (industry,) = (one.name for one in CATALOGUE.industries if one.key == item.industry)

    assert item.id in NOT_BY_NAME or item.id in {match.item.id for match in judged(industry, item.name).matches}


def test_equal_wordings_are_judged_once():
    own = Judge(CATALOGUE, as_of=date(2022, 11, 30))
    first, second = (own(Equipment(industry="铁合金", name="矿热炉", params="5000kVA")) for _ in range(2))

    assert first is second


TOGETHER = [
    # name, parameters, doubts: what holds for one of several things is no judgement of all of them
    ("格法2条 压延2条", "", [Doubt.SEVERAL_MACHINES]),
    ("格法生产线、压延生产线", "", [Doubt.SEVERAL_MACHINES]),
    ("格法生产线；浮法生产线", "", [Doubt.SEVERAL_MACHINES]),
    ("两家合计格法4条", "", [Doubt.SEVERAL_FIRMS]),
    ("格法生产线", "3家企业共有", [Doubt.SEVERAL_FIRMS]),
    ("两家合计格法2条 压延2条", "", [Doubt.SEVERAL_FIRMS, Doubt.SEVERAL_MACHINES]),
]


@pytest.mark.parametrize(("name", "params", "doubts"), TOGETHER, ids=str)
def test_what_names_several_machines_or_firms_is_judged_by_a_person(name, params, doubts):
    got = judged("平板玻璃", name, params)

    assert got.judgement == R
    assert set(got.doubts) == set(doubts)
    assert "其中可能符合条目GL-01" in got.reason


@pytest.mark.parametrize("name", ["格法生产线", "平拉 格法", "格法生产线（一线、二线）", "格法1线、格法2线", "格法2条"])
def test_one_machine_under_several_words_is_judged_as_one(name):
    assert judged("平板玻璃", name).judgement == E
