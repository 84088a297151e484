import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from phaseout.domain.credit_code import has_valid_organisation_code, is_valid
from phaseout.domain.invented import Part

SEEDS = range(21)
KEY = ("uscc", "equip_name", "equip_model", "equip_params")
CARRIED = ("enterprise_name", "county", "equip_count", "capacity", "capacity_unit")
PASSED_ON = ("equip_count", "capacity", "capacity_unit", "measure", "inspected_on", "inspecting_body", "industry")
STATUSES = ["未启动", "已停产", "已断水断电", "已拆动力", "已封存", "拆除中", "已拆除", "已验收"]
SEALING = ("is_water_cut", "is_power_cut", "is_power_unit_removed", "is_equipment_sealed", "has_public_commitment")
LANDLINE = re.compile(r"0(10|2[0-9]|[3-9][0-9]{2})-?[1-9][0-9]{6,7}")


@pytest.fixture(params=SEEDS)
def lived(request, live_through):
    return live_through(request.param)


def key(row):
    return tuple(row[name] for name in KEY)


def rows_of(lived, unit, form):
    """Return the rows of all accepted workbooks of a form, each with the head of its sheet."""
    return [
        {**sheet.head, **row} for workbook in lived.of(unit, form) for sheet in workbook.sheets for row in sheet.rows
    ]


def test_credit_codes_check_and_belong_to_one_name(lived):
    rows = [row for unit in lived.year.parts for row in rows_of(lived, unit, "survey_summary")]
    assert all(is_valid(row["uscc"]) and has_valid_organisation_code(row["uscc"]) for row in rows)
    names = {(row["uscc"], row["enterprise_name"]) for row in rows}
    assert len(names) == len({code for code, _ in names}) == len({name for _, name in names})
    assert all("示例" in name and name.endswith("有限公司") for _, name in names)


def test_items_are_unique_and_their_counties_lie_in_the_city(lived, campaign):
    rows = [row for unit in lived.year.parts for row in rows_of(lived, unit, "survey_summary")]
    assert set(Counter(map(key, rows)).values()) == {1}
    for unit in campaign.units:
        counties = {row["county"] for row in rows_of(lived, unit.code, "survey_summary")}
        assert counties <= {county.name for county in unit.counties}
        assert {row["city"] for row in rows_of(lived, unit.code, "survey_summary")} == {unit.name}


def test_a_survey_summary_keeps_the_rules_of_the_form(lived):
    for unit in lived.year.parts:
        for row in rows_of(lived, unit, "survey_summary"):
            assert 0 < row["output"] <= row["capacity"] * Decimal("1.2")
            assert date(2022, 6, 6) <= row["checked_on"] <= date(2022, 7, 29)
            assert row["checked_on"] < row["filled_on"]
            outdated = (row["catalogue_ref"], row["measure"], row["plan_date"])
            assert (None in outdated) != row["is_outdated"]
            assert row["is_outdated"] or outdated == (None, None, None)
            assert row["measure"] in {None, "拆除", "封存", "整体关停"}
            assert row["plan_date"] is None or row["filled_on"] < row["plan_date"] <= date(2022, 11, 30)
            assert row["commissioned"] < "2022"


def test_nobody_says_to_have_filled_in_a_form_after_sending_it(lived):
    for mail in lived.mails:
        for workbook in mail.workbooks:
            assert all(sheet.head["filled_on"] <= mail.at.date() for sheet in workbook.sheets)
            assert [row["seq"] for row in workbook.sheets[0].rows if "seq" in row] == list(
                range(1, len([row for row in workbook.sheets[0].rows if "seq" in row]) + 1)
            )


def test_an_inventory_statement_agrees_with_the_summaries(lived, campaign):
    for unit in campaign.units:
        (statement,) = lived.of(unit.code, "inventory_statement")
        stated = {row["industry"]: row for row in statement.sheets[0].rows}
        assert list(stated) == list(unit.industries)
        surveyed = rows_of(lived, unit.code, "survey_summary")
        for industry, row in stated.items():
            own = [one for one in surveyed if one["industry"] == industry]
            outdated = [one for one in own if one["is_outdated"]]
            assert row["surveyed_count"] == row["checked_count"] == len({one["uscc"] for one in own})
            assert row["outdated_count"] == len({one["uscc"] for one in outdated})
            assert row["outdated_equipment_count"] == sum(one["equip_count"] for one in outdated)
            assert row["is_zero_report"] == (not own)


def test_a_progress_form_lists_every_outdated_item_and_computes_its_head(lived):
    for unit in lived.year.parts:
        outdated = {key(row): row for row in rows_of(lived, unit, "survey_summary") if row["is_outdated"]}
        done_before = 0
        for workbook in lived.progress(unit):
            (sheet,) = workbook.sheets
            assert {key(row) for row in sheet.rows} == outdated.keys()
            for row in sheet.rows:
                surveyed = outdated[key(row)]
                assert all(row[name] == surveyed[name] for name in (*CARRIED, "industry", "plan_date", "measure"))
            sets, done = (sum(row[name] for row in sheet.rows) for name in ("equip_count", "done_count"))
            head = sheet.head
            assert head["as_of_date"].strftime("%Y-%m") == workbook.period
            assert head["as_of_date"] <= head["filled_on"]
            assert (head["stated_items"], head["stated_done"]) == (sets, done)
            assert head["stated_enterprises"] == len({row["uscc"] for row in sheet.rows})
            assert head["stated_month_done"] == done - done_before >= 0
            assert abs(head["stated_rate"] - Decimal(100) * done / max(sets, 1)) <= Decimal("0.005")
            done_before = done


def test_a_status_never_goes_back_and_agrees_with_its_dates(lived):
    for unit in lived.year.parts:
        reached = {}
        for workbook in lived.progress(unit):
            (sheet,) = workbook.sheets
            as_of = sheet.head["as_of_date"]
            for row in sheet.rows:
                place = STATUSES.index(row["closure_status"])
                assert place >= reached.get(key(row), 0)
                reached[key(row)] = place
                is_closed = row["closure_status"] in {"已拆除", "已验收", "已封存"}
                assert row["done_count"] == (row["equip_count"] if is_closed else 0)
                assert (row["completed_on"] is not None) == is_closed
                assert (row["stopped_on"] is not None) == (place > 0)
                assert all(row[name] is None or row[name] <= as_of for name in ("stopped_on", "completed_on"))
                assert row["closure_status"] != "已验收" or row["is_inspected"]
                assert (row["closure_status"] == "已封存") == (is_closed and row["measure"] == "封存")
                assert row["closure_status"] != "已封存" or all(row[name] for name in SEALING)
                assert row["next_step"] is None or not is_closed


def test_open_items_past_their_day_say_why(lived):
    for unit in lived.year.parts:
        for row in lived.progress(unit)[-1].sheets[0].rows:
            is_open = row["done_count"] < row["equip_count"]
            assert (row["open_reason"] is not None) == is_open
            assert not is_open or lived.year.parts[unit] is Part.STAYS_OPEN


def test_some_equipment_is_sealed_and_most_is_dismantled_by_the_last_day(lived):
    november = [
        row
        for unit in lived.year.parts
        for workbook in lived.progress(unit)
        if workbook.period == "2022-11"
        for row in workbook.sheets[0].rows
    ]
    statuses = Counter(row["closure_status"] for row in november)
    assert 0 < statuses["已封存"] < statuses["已拆除"] + statuses["已验收"]
    is_open = [row["done_count"] < row["equip_count"] for row in november]
    assert 0 < sum(is_open) < len(november) / 4


def test_inspection_forms_cover_exactly_what_the_last_november_form_closed(lived):
    for unit in lived.year.parts:
        (november,) = [workbook for workbook in lived.progress(unit) if workbook.period == "2022-11"]
        closed = {key(row): row for row in november.sheets[0].rows if row["done_count"]}
        inspected = rows_of(lived, unit, "inspection")
        assert sorted(map(key, inspected)) == sorted(closed)
        for row in inspected:
            told = closed[key(row)]
            assert (row["equip_count"], row["capacity"]) == (told["equip_count"], told["capacity"])
            assert row["enterprise_name"] == told["enterprise_name"]
            assert row["measure"] == told["measure"]
            assert row["stopped_on"] == told["stopped_on"]
            assert told["completed_on"] <= row["inspected_on"] < row["filled_on"]
            assert row["team_size"] >= 3
            assert row["result"] == "通过"
            assert min(row["pictures_before"], row["pictures_after"]) >= 1
            assert (row["dismantled_to"] is None) == (row["measure"] == "封存")
            assert row["measure"] != "封存" or all(row[name] for name in SEALING)
            assert (
                row["dismantled_to"] is None or row["dismantled_from"] <= row["dismantled_to"] == told["completed_on"]
            )


def test_an_inspection_form_has_one_sheet_an_enterprise(lived):
    for unit in lived.year.parts:
        (workbook,) = lived.of(unit, "inspection")
        names = [sheet.name for sheet in workbook.sheets]
        assert len(set(names)) == len(names)
        assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
        assert len({sheet.head["uscc"] for sheet in workbook.sheets}) == len(names)


def test_the_completed_list_is_what_passed_inspection(lived):
    for unit in lived.year.parts:
        passed = {key(row): row for row in rows_of(lived, unit, "inspection") if row["result"] == "通过"}
        listed = rows_of(lived, unit, "completed_list")
        assert sorted(map(key, listed)) == sorted(passed)
        for row in listed:
            same = (
                "equip_count",
                "capacity",
                "capacity_unit",
                "measure",
                "inspected_on",
                "inspecting_body",
                "industry",
            )
            assert all(row[name] == passed[key(row)][name] for name in same)
            assert row["completed_on"] <= date(2022, 11, 30)


def test_people_numbers_and_addresses_are_invented(lived):
    for unit in lived.year.parts:
        for row in rows_of(lived, unit, "contact"):
            assert row["contact_name"].endswith("示例")
            assert row["email"].endswith(".example")
            assert LANDLINE.fullmatch(row["office_phone"])
        for form in ("survey_summary", "progress", "inspection", "completed_list", "inventory_statement"):
            for row in rows_of(lived, unit, form):
                assert row["preparer"].endswith("示例")
                assert re.fullmatch(r"0\d{2,3}-8000\d{4}", row["contact_phone"])


def test_the_wrong_summary_differs_from_the_right_one_in_three_things(lived):
    (unit,) = lived.part(Part.WRONG)
    (versions,) = [
        all_ for one, all_ in lived.versions.items() if lived.obligations[one].unit == unit and len(all_) > 1
    ]
    wrong, right = (workbook.sheets[0] for workbook in versions)
    assert right.stated_totals is None
    assert wrong.stated_totals == {"equip_count": sum(row["equip_count"] for row in right.rows) + 1}
    differing = [
        (name, ours[name], theirs[name])
        for ours, theirs in zip(wrong.rows, right.rows, strict=True)
        for name in ours
        if ours[name] != theirs[name]
    ]
    assert {name for name, _, _ in differing} == {"uscc", "plan_date"}
    codes = [(found, meant) for name, found, meant in differing if name == "uscc"]
    assert len(set(codes)) == 1
    assert len(codes) == min(Counter(row["uscc"] for row in right.rows).values())
    assert all(found[:17] == meant[:17] and not is_valid(found) for found, meant in codes)
    (late,) = [found for name, found, _ in differing if name == "plan_date"]
    assert late == date(2022, 12, 20)
