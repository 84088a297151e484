"""What may have been left out is shown to the office with its reason, the strongest first."""

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.settings import PROJECT
from phaseout.usecases.publish import look_for_omissions
from tests.warehouse_rows import CAMPAIGN, NANJING, REFERENCES, WUXI, load, open_warehouse, workbook

DEFINITIONS = FileDefinitions(PROJECT)
SOUND = {"is_outdated": False, "catalogue_ref": None, "measure": None, "plan_date": None}
LARGE = {**SOUND, "equip_params": "33000kVA"}
OTHER_FIRM = {"enterprise_name": "南京另一合金有限公司", "uscc": "91320116MA00000001"}
CODES = ("91320116MA0000000A", "91320116MA0000000B", "91320116MA0000000C")


@pytest.fixture
def warehouse():
    opened = open_warehouse()
    opened.refresh(REFERENCES, campaign=CAMPAIGN)
    yield opened
    opened.close()


def accept(warehouse, *workbooks):
    with warehouse.batch():
        load(warehouse, *workbooks)
        warehouse.commit()


def signals(warehouse, definitions=DEFINITIONS):
    """Return (signal, unit, item's parameters, reason) in rank order."""
    count = look_for_omissions(definitions.campaign(CAMPAIGN), definitions=definitions, warehouse=warehouse)
    with warehouse._database.guarded() as connection:  # noqa: SLF001 - looks at what is published
        rows = connection.execute(
            "SELECT rank, signal, unit_code, equip_params, reason FROM mart.suspected_omission ORDER BY rank"
        ).fetchall()
    assert [row[0] for row in rows] == list(range(1, count + 1))
    return [row[1:] for row in rows]


def kinds(warehouse):
    return [row[0] for row in signals(warehouse)]


def test_nothing_is_suspected_of_a_plain_year(warehouse):
    accept(warehouse, workbook("survey_summary", [{"equip_params": "5000kVA"}, LARGE]))
    accept(warehouse, workbook("progress", [{"equip_params": "5000kVA"}]))

    assert signals(warehouse) == []


def test_a_no_of_the_unit_against_our_eliminate_is_the_strongest_signal(warehouse):
    accept(warehouse, workbook("survey_summary", [{**SOUND, "equip_params": "5000kVA"}, {**SOUND, "equip_params": ""}]))

    (first, second) = signals(warehouse)
    assert first[:3] == ("self_judgement", NANJING, "5000kVA")
    assert "FA-01 铁合金矿热电炉：变压器容量5000kVA，目录为6300kVA及以下，符合" in first[3]
    assert second[0] == "missing_parameter"


def test_a_value_on_the_threshold_is_a_signal_only_where_the_unit_says_no(warehouse):
    accept(warehouse, workbook("survey_summary", [{"equip_params": "6300kVA"}]))
    assert signals(warehouse) == []

    accept(warehouse, workbook("survey_summary", [{**SOUND, "equip_params": "6300kVA"}], version=2))
    (changed, on_threshold) = signals(warehouse)
    assert changed == ("vanished", NANJING, "6300kVA", "表2第1版列为落后装备，第2版改为不属于落后装备")
    assert on_threshold[0] == "on_threshold"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["6301kVA"], 1),
        (["6500kVA"], 0),
        (["6500kVA", "6600kVA", "6450kVA"], 3),
        (["7000kVA", "6900kVA", "6800kVA"], 0),
        (["12500kVA"], 0),
    ],
    ids=["a hair beyond", "one near", "three firms near", "not that near", "far beyond"],
)
def test_values_that_cluster_just_beyond_a_threshold_are_a_signal(warehouse, values, expected):
    rows = [
        {**SOUND, "equip_params": value, "uscc": code, "enterprise_name": f"南京示例{code[-1]}合金有限公司"}
        for value, code in zip(values, CODES, strict=False)
    ]
    accept(warehouse, workbook("survey_summary", rows))

    found = signals(warehouse)
    assert [row[0] for row in found] == ["beyond_threshold"] * expected
    if expected > 1:
        assert "涉及企业3家" in found[0][3]


def test_an_item_that_another_condition_spares_is_not_near_its_threshold(warehouse):
    params = {"equip_name": "瓦楞纸生产线", "equip_params": "幅宽2010mm 车速450m/min", "industry": "造纸"}
    accept(warehouse, workbook("survey_summary", [{**SOUND, **params}], industry="paper"))

    assert signals(warehouse) == []


def test_an_item_that_vanishes_on_the_way_to_the_progress_form_is_a_signal(warehouse):
    both = [{"equip_params": "5000kVA"}, {"equip_params": "4000kVA"}]
    accept(warehouse, workbook("survey_summary", both))
    accept(warehouse, workbook("progress", both[:1]))

    assert signals(warehouse) == [
        ("vanished", NANJING, "4000kVA", "表2列为落后装备，2022-09月度进展情况表（表3）中未见")
    ]


def test_a_supplement_filed_after_the_progress_form_has_not_vanished_from_it(warehouse):
    both = [{"equip_params": "5000kVA"}, {"equip_params": "4000kVA"}]
    accept(warehouse, workbook("survey_summary", both[:1]))
    accept(warehouse, workbook("progress", both[:1]))
    accept(warehouse, workbook("survey_summary", both, version=2))

    assert signals(warehouse) == []


def test_an_item_that_vanishes_between_months_or_versions_or_loses_machines_is_a_signal(warehouse):
    kept, monthly, versioned = ({"equip_params": f"{size}kVA"} for size in (5000, 4000, 3000))
    accept(warehouse, workbook("survey_summary", [kept, versioned]))
    accept(warehouse, workbook("survey_summary", [kept], version=2))
    accept(warehouse, workbook("progress", [kept, monthly], period="2022-08"))
    accept(warehouse, workbook("progress", [{**kept, "equip_count": 1}], period="2022-09"))

    found = {row[2]: row[3] for row in signals(warehouse)}
    assert found == {
        "5000kVA": "表2数量2台（套），2022-09月度进展情况表（表3）仅1台（套）",
        "4000kVA": "2022-08月度进展情况表（表3）列有，2022-09表中未见",
        "3000kVA": "表2第1版列为落后装备，第2版中未见",
    }


def test_a_zero_report_is_held_against_the_year_before(warehouse):
    accept(warehouse, workbook("survey_summary", [LARGE, {**LARGE, **OTHER_FIRM}], campaign="jiangsu-2021"))
    accept(warehouse, workbook("survey_summary", [LARGE], campaign="chaisang-2021", unit=WUXI))
    accept(warehouse, workbook("survey_summary", []), workbook("survey_summary", [], unit=WUXI))

    ((signal, unit, _, reason),) = signals(warehouse)
    assert (signal, unit) == ("zero_report", NANJING)
    assert "上一年度名单中有企业2家" in reason


def test_a_zero_report_and_a_survey_are_held_against_comparison_lists(warehouse, tmp_path):
    folder = tmp_path / "comparison" / CAMPAIGN
    folder.mkdir(parents=True)
    (folder / "permits.csv").write_text(
        "名单,填报单位,行业,企业名称,统一社会信用代码\n"
        "排污许可证,南京市,铁合金,南京示例合金有限公司,91320281MA1TE5T18Y\n"
        "排污许可证,南京市,铁合金,南京未报合金有限公司,91320116MA0000000X\n"
        "排污许可证,无锡市,造纸,无锡示例纸业有限公司,\n",
        "utf-8",
    )
    accept(warehouse, workbook("survey_summary", [LARGE]), workbook("survey_summary", [], unit=WUXI, industry="paper"))

    found = [(row[0], row[1]) for row in signals(warehouse, FileDefinitions(PROJECT, office=tmp_path))]
    assert found == [("zero_report", WUXI), ("not_surveyed", NANJING)]


def test_the_same_row_for_different_firms_is_a_signal(warehouse):
    row = {**LARGE, "output": "4.2", "commissioned": "2015-06"}
    accept(warehouse, workbook("survey_summary", [row, {**row, **OTHER_FIRM}]))
    assert kinds(warehouse) == ["identical_rows", "identical_rows"]

    accept(warehouse, workbook("survey_summary", [row, {**row, **OTHER_FIRM, "output": "4.3"}], version=2))
    assert kinds(warehouse) == []


def test_the_judgement_stands_beside_the_equipment(warehouse):
    accept(warehouse, workbook("survey_summary", [{"equip_params": "5000kVA"}, LARGE]))
    look_for_omissions(DEFINITIONS.campaign(CAMPAIGN), definitions=DEFINITIONS, warehouse=warehouse)

    with warehouse._database.guarded() as connection:  # noqa: SLF001 - looks at what is published
        rows = connection.execute(
            "SELECT equip_params, judgement, judged_items FROM mart.equipment ORDER BY ALL"
        ).fetchall()
        items = connection.execute("SELECT count(*), count(DISTINCT item) FROM mart.catalogue_item").fetchall()
    assert rows == [("33000kVA", "not_in_catalogue", None), ("5000kVA", "eliminate", "FA-01")]
    assert items == [(160, 160)]


def test_looking_again_changes_nothing(warehouse):
    accept(warehouse, workbook("survey_summary", [{**SOUND, "equip_params": "5000kVA"}, LARGE]))
    first, before = signals(warehouse), warehouse.content_hash()

    assert (signals(warehouse), warehouse.content_hash()) == (first, before)
