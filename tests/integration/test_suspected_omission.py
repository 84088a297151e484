"""What may have been left out is shown to the office with its reason, the strongest first."""

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.definitions.omissions import load_omission_signals
from phaseout.adapters.definitions.yaml_data import BadDefinition
from phaseout.settings import PROJECT
from phaseout.usecases import look_for_omissions
from tests.warehouse_rows import CAMPAIGN, FORMS, NANJING, REFERENCES, WUXI, load, open_warehouse, workbook

DEFINITIONS = FileDefinitions(PROJECT)
SOUND = {"is_outdated": False, "catalogue_ref": None, "measure": None, "plan_date": None}
LARGE = {**SOUND, "equip_params": "33000kVA"}
OTHER_FIRM = {"enterprise_name": "南京另一合金有限公司", "uscc": "91320116MA00000001"}
COMPLETED = frozenset(field.name for field in FORMS["completed_list"].fields)
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


def test_too_vague_a_name_hides_nothing(warehouse):
    accept(warehouse, workbook("survey_summary", [{**SOUND, "equip_name": "生产线", "equip_params": "铭牌不清"}]))

    ((signal, _, _, reason),) = signals(warehouse)
    assert signal == "missing_parameter"
    assert reason.endswith("装备名称过于笼统，无法对照目录")


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

    assert signals(warehouse) == [("vanished", NANJING, "4000kVA", "表2列为落后装备，2022年9月进展情况表（表3）中未见")]


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
        "5000kVA": "表2数量2台（套），2022年9月进展情况表（表3）仅1台（套）",
        "4000kVA": "2022年8月进展情况表（表3）列有，2022年9月表中未见",
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
    found = signals(warehouse)
    assert [row[0] for row in found] == ["identical_rows", "identical_rows"]
    # Each names the other.
    assert {row[3].rpartition("，")[2] for row in found} == {"如“南京示例合金有限公司”", "如“南京另一合金有限公司”"}

    accept(warehouse, workbook("survey_summary", [row, {**row, **OTHER_FIRM, "output": "4.3"}], version=2))
    assert kinds(warehouse) == []


LAST_YEAR = "jiangsu-2021"
FIRM = {**LARGE, "output": "4.2", "equip_count": 1}
OTHERS = [
    {**FIRM, "enterprise_name": f"南京第{number}示例合金有限公司", "uscc": f"91320116MA000000{number}{number}"}
    for number in range(1, 6)
]


@pytest.mark.parametrize(
    ("completed", "this_year", "expected"),
    [
        ([], [FIRM], ["gone_since_last_year"]),
        ([], [FIRM, OTHERS[0]], []),
        ([], [FIRM, {**OTHERS[0], "uscc": CODES[0]}], []),
        ([{**OTHERS[0], **SOUND, "measure": "拆除"}], [FIRM], []),
        ([{**OTHERS[0], "equip_params": "5000kVA", "measure": "拆除"}], [FIRM], ["gone_since_last_year"]),
        ([{**OTHERS[0], "equip_params": "5000kVA", "measure": "整体关停"}], [FIRM], []),
    ],
    ids=["gone", "still there", "under a new code", "all completed", "something else completed", "closed as a whole"],
)
def test_an_enterprise_of_the_year_before_that_nobody_names_is_a_signal(warehouse, completed, this_year, expected):
    accept(warehouse, workbook("survey_summary", [FIRM, OTHERS[0]], campaign=LAST_YEAR))
    if completed:
        rows = [{name: row[name] for name in COMPLETED if name in row} for row in completed]
        accept(warehouse, workbook("completed_list", rows, campaign=LAST_YEAR))
    accept(warehouse, workbook("survey_summary", this_year))

    assert [kind for kind in kinds(warehouse) if kind != "identical_rows"] == expected


@pytest.mark.parametrize(
    ("before", "after", "falls"),
    [(5, 2, True), (4, 2, True), (5, 3, False), (3, 1, False)],
    ids=["far", "by half", "less than half", "too few to say"],
)
def test_a_sharp_fall_against_the_year_before_is_a_signal(warehouse, before, after, falls):
    years = [(LAST_YEAR, OTHERS[:before]), (CAMPAIGN, OTHERS[:after])]
    for campaign, rows in years:
        distinct = [{**row, "output": str(place)} for place, row in enumerate(rows, start=1)]
        accept(
            warehouse, workbook("survey_summary", [{**row, "equip_count": 1} for row in distinct], campaign=campaign)
        )
        accept(warehouse, workbook("inventory_statement", [{"surveyed_count": len(rows)}], campaign=campaign))

    found = [row[3] for row in signals(warehouse) if row[0] == "sharp_fall"]
    assert len(found) == (3 if falls else 0)
    if before == 5 and falls:
        assert "排查完成情况表排查企业上一年度5家（不含已完成淘汰的），本年度2家，减少60%" in found


def stopped(status="已停产", **more):
    return {"equip_params": "5000kVA", "closure_status": status, **more}


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([stopped(), stopped(), stopped(), stopped()], "自2022年8月起停产，至2022年11月已3个月"),
        ([stopped(), stopped(), stopped()], None),
        ([stopped(stopped_on="2022-05-20")], "自2022年5月起停产，至2022年8月已3个月"),
        ([stopped(), stopped(), stopped(), stopped("拆除中")], None),
        ([stopped("未启动"), stopped(), stopped(), stopped()], None),
        ([stopped(), stopped("未启动"), stopped(), stopped()], None),
    ],
    ids=["four forms", "three forms", "since spring", "under way at last", "not yet long", "with a break"],
)
def test_what_stands_still_for_months_and_is_not_dismantled_is_a_signal(warehouse, months, expected):
    accept(warehouse, workbook("survey_summary", [{"equip_params": "5000kVA"}]))
    for month, row in enumerate(months, start=8):
        accept(warehouse, workbook("progress", [row], period=f"2022-{month:02}"))

    found = signals(warehouse)
    assert [row[0] for row in found] == (["stopped_for_months"] if expected else [])
    if expected:
        assert expected in found[0][3]


@pytest.mark.parametrize(
    ("capacity", "output", "expected"),
    [("5", "6.5", ["1.3倍"]), ("5", "6", ["1.2倍"]), ("5", "5.9", []), ("5", None, []), ("0", "3", [])],
    ids=["far above", "as much as we allow", "a little above", "no output", "no capacity"],
)
def test_output_far_above_capacity_is_a_signal(warehouse, capacity, output, expected):
    accept(warehouse, workbook("survey_summary", [{**LARGE, "capacity": capacity, "output": output}]))

    found = signals(warehouse)
    assert [row[0] for row in found] == ["output_over_capacity"] * len(expected)
    assert all(words in row[3] for words, row in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2022-11-30"] * 3, ["last_day_completions"]),
        (["2022-11-30"] * 2, []),
        (["2022-11-30", "2022-11-30", "2022-11-29"], []),
    ],
    ids=["all", "too few to say", "not all"],
)
def test_completions_all_of_the_last_day_are_a_signal(warehouse, days, expected):
    rows = [{"equip_params": f"{place}000kVA", "completed_on": day} for place, day in enumerate(days, start=3)]
    accept(warehouse, workbook("completed_list", rows))

    assert kinds(warehouse) == expected


def test_the_completed_list_tells_of_completions_where_there_is_one(warehouse):
    done = {"closure_status": "已拆除", "done_count": 2, "completed_on": "2022-11-30"}
    rows = [{"equip_params": f"{size}000kVA"} for size in (3, 4, 5)]
    accept(warehouse, workbook("progress", [{**row, **done} for row in rows], period="2022-11"))
    assert kinds(warehouse) == ["last_day_completions"]

    accept(warehouse, workbook("completed_list", rows))
    assert kinds(warehouse) == []


def test_another_name_at_the_address_of_one_that_is_gone_is_a_signal(warehouse):
    place = {"address": "六合区示例路1号（北）"}
    accept(warehouse, workbook("inspection", [place], campaign=LAST_YEAR))
    accept(warehouse, workbook("inspection", [{**OTHER_FIRM, "address": "六合区示例路1号(北)"}]))

    ((signal, _, _, reason),) = signals(warehouse)
    assert signal == "same_address"
    assert "“南京示例合金有限公司”地址相同" in reason

    accept(warehouse, workbook("survey_summary", [LARGE]))
    assert kinds(warehouse) == []


def test_the_judgement_stands_beside_the_equipment(warehouse):
    accept(warehouse, workbook("survey_summary", [{"equip_params": "5000kVA"}, LARGE]))
    look_for_omissions(DEFINITIONS.campaign(CAMPAIGN), definitions=DEFINITIONS, warehouse=warehouse)

    with warehouse._database.guarded() as connection:  # noqa: SLF001 - looks at what is published
        rows = connection.execute(
            "SELECT equip_params, judgement, catalogue_item_ids FROM mart.equipment ORDER BY ALL"
        ).fetchall()
        items = connection.execute(
            "SELECT count(*), count(DISTINCT catalogue_item_id) FROM mart.catalogue_item"
        ).fetchall()
    assert rows == [("33000kVA", "not_in_catalogue", None), ("5000kVA", "eliminate", "FA-01")]
    assert items == [(160, 160)]


def test_every_signal_has_its_statement_and_every_statement_its_signal():
    statements = {path.stem for path in (PROJECT / "data" / "sql" / "omission").glob("*.sql")}

    assert statements - {"wordings"} == {signal.key for signal in DEFINITIONS.omission_signals()}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("signals:\n  - {signal: a, word: 甲, look_at: 乙}\n  - {signal: a, word: 甲, look_at: 乙}\n", r":3: .*twice"),
        ("signals:\n  - {signal: a, word: 甲, look_at: 乙, limits: {percent: -5}}\n", ":2: "),
        ("signals:\n  - {signal: a, word: 甲}\n", ":2: .*look_at"),
    ],
    ids=["twice", "a limit below nothing", "nothing to look at"],
)
def test_what_is_wrong_in_the_signals_is_named_by_its_line(tmp_path, text, complaint):
    path = tmp_path / "omissions.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(BadDefinition, match=complaint):
        load_omission_signals(path)


def test_looking_again_changes_nothing(warehouse):
    accept(warehouse, workbook("survey_summary", [{**SOUND, "equip_params": "5000kVA"}, LARGE]))
    first, before = signals(warehouse), warehouse.content_hash()

    assert (signals(warehouse), warehouse.content_hash()) == (first, before)
