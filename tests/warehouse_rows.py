"""Invented readings for the tests of warehouse and rules: whole rows from the few values that matter."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from phaseout.adapters.definitions.forms import load_forms
from phaseout.adapters.definitions.rules import load_suite
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.domain.form import FieldType, Form
from phaseout.domain.submission import FormRow, Reading, TotalRow, Value
from phaseout.ports import StagedWorkbook

ROOT = Path(__file__).parents[1]
RULES = ROOT / "expectations" / "rules"
FORMS: Mapping[str, Form] = load_forms(ROOT / "data" / "forms")
SUITES = {form: load_suite(ROOT / "expectations" / f"{form}.yaml") for form in FORMS}

CAMPAIGN = "jiangsu-2022"
NANJING, WUXI = "320100", "320200"
FIRST_ROW = 6
PARAMETERS = {
    "campaign_year": 2022,
    "opens": date(2022, 5, 20),
    "survey_due": date(2022, 7, 30),
    "closures_due": date(2022, 11, 30),
    "longitude_least": 116.3,
    "longitude_most": 122.0,
    "latitude_least": 30.7,
    "latitude_most": 35.2,
}
REFERENCES = {
    "unit": [
        {
            "unit_code": NANJING,
            "unit_name": "南京市",
            "short_name": "南京",
            "body": "南京市工业和信息化局",
            "position": 1,
        },
        {"unit_code": WUXI, "unit_name": "无锡市", "short_name": "无锡", "body": "无锡市工业和信息化局", "position": 2},
    ],
    "county": [
        {"unit_code": NANJING, "county_code": "320116", "county_name": "六合区"},
        {"unit_code": NANJING, "county_code": "320115", "county_name": "江宁区"},
        {"unit_code": WUXI, "county_code": "320281", "county_name": "江阴市"},
    ],
    "industry": [
        {"industry_key": "ferroalloy", "industry_name": "铁合金", "industry_office": "材料工业处"},
        {"industry_key": "paper", "industry_name": "造纸", "industry_office": "消费品工业处"},
    ],
    "required_industry": [
        {"unit_code": NANJING, "industry_key": "ferroalloy", "position": 0},
        {"unit_code": NANJING, "industry_key": "paper", "position": 1},
        {"unit_code": WUXI, "industry_key": "paper", "position": 0},
    ],
}

ENTERPRISE = {"enterprise_name": "南京示例合金有限公司", "uscc": "91320281MA1TE5T18Y"}
ITEM = {"equip_name": "矿热炉", "equip_model": "HTK-A", "equip_params": "6300kVA", "equip_count": 2}
PLACE = {"city": "南京市", "county": "六合区"}
HEAD = {"reporting_unit": "南京市工业和信息化局", "filled_on": "2022-08-12"}
ROWS: Mapping[str, Mapping[str, object]] = {
    "contact": {**HEAD, "city": "南京市", "organisation": "南京市工业和信息化局", "contact_name": "张示例"},
    "inventory_statement": {
        **HEAD,
        "industry": "铁合金",
        "surveyed_count": 5,
        "checked_count": 5,
        "outdated_count": 1,
        "outdated_equipment_count": 2,
        "is_zero_report": False,
    },
    "enterprise_card": {
        **HEAD,
        **PLACE,
        **ENTERPRISE,
        **ITEM,
        "filled_on": "2022-07-10",
        "industry": "铁合金",
        "status": "在产",
        "product": "硅锰合金",
        "capacity": "5.5",
        "capacity_unit": "万吨",
        "line_name": "1号生产线",
        "line_capacity": "5.5",
        "line_capacity_unit": "万吨",
        "commissioned": "2008-06",
        "fuel": "电",
        "self_judged": "是",
        "checked_on": "2022-07-15",
        "verdict": "属于",
    },
    "survey_summary": {
        **HEAD,
        **PLACE,
        **ENTERPRISE,
        **ITEM,
        "industry": "铁合金",
        "product": "硅锰合金",
        "capacity": "5.5",
        "capacity_unit": "万吨",
        "process": "矿热炉冶炼",
        "is_outdated": True,
        "catalogue_ref": "三/一",
        "checked_on": "2022-07-15",
        "measure": "拆除",
        "plan_date": "2022-10-31",
    },
    "progress": {
        **HEAD,
        **PLACE,
        **ENTERPRISE,
        **ITEM,
        "as_of_date": "2022-09-30",
        "industry": "铁合金",
        "plan_date": "2022-10-31",
        "measure": "拆除",
        "closure_status": "未启动",
        "done_count": 0,
    },
    "inspection": {
        **HEAD,
        **ENTERPRISE,
        **ITEM,
        "industry": "铁合金",
        "measure": "拆除",
        "dismantled_to": "2022-10-20",
        "inspected_on": "2022-11-20",
        "inspecting_body": "六合区工业和信息化局",
        "team_size": 3,
        "result": "通过",
        "pictures_before": 2,
        "pictures_after": 2,
    },
    "completed_list": {
        **HEAD,
        **PLACE,
        **ENTERPRISE,
        **ITEM,
        "industry": "铁合金",
        "measure": "拆除",
        "completed_on": "2022-10-20",
        "inspected_on": "2022-11-20",
        "inspecting_body": "六合区工业和信息化局",
        "result": "通过",
    },
}
INDUSTRY = {"survey_summary": "ferroalloy"}
_PLACE = frozenset({"sheet", "row_no"})  # where a row or a total stands, beside what it says
PERIOD = {"progress": "2022-09"}


def open_warehouse(path: Path | None = None) -> DuckDbWarehouse:
    """Return a warehouse with the project's own forms, rules and SQL."""
    return DuckDbWarehouse(
        path, forms=FORMS, entries=SUITES, sql_folder=ROOT / "data" / "sql", rules_folder=RULES, lock_wait=0.3
    )


def typed(form: str, values: Mapping[str, object]) -> dict[str, Value]:
    """Return values as the reader would give them: days, decimal numbers."""
    kinds = {field.name: field.type for field in FORMS[form].fields}
    return {name: _typed(kinds[name], value) for name, value in values.items()}


def _typed(kind: FieldType, value: object) -> Value:
    if value is None:
        return None
    if kind is FieldType.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is FieldType.DECIMAL:
        return Decimal(str(value))
    return value  # type: ignore[return-value]


def workbook(
    form: str,
    rows: Sequence[Mapping[str, object]] = ({},),
    *,
    campaign: str = CAMPAIGN,
    unit: str = NANJING,
    industry: str | None = None,
    period: str | None = None,
    version: int = 1,
    totals: Sequence[Mapping[str, object]] = (),
    base: Mapping[str, object] | None = None,
    arrived_on: str | None = None,
) -> StagedWorkbook:
    """Return a workbook of whole rows; each row says only in what it differs. No rows is a zero report."""
    base = ROWS[form] if base is None else base
    industry, period = industry or INDUSTRY.get(form), period or PERIOD.get(form)
    parts = (campaign, unit, form, industry, period, f"v{version}")
    whole = [
        FormRow(
            sheet=str(row.get("sheet", "Sheet1")),
            row=int(str(row.get("row_no", FIRST_ROW + position))),
            values=typed(form, {**base, **{name: value for name, value in row.items() if name not in _PLACE}}),
        )
        for position, row in enumerate(rows)
    ]
    return StagedWorkbook(
        submission="/".join(part for part in parts if part),
        campaign=campaign,
        unit=unit,
        industry=industry,
        period=period,
        version=version,
        reading=Reading(
            form=form,
            layout_version="2022",
            head={},
            rows=tuple(whole),
            totals=tuple(
                TotalRow(
                    sheet=str(total.get("sheet", "Sheet1")),
                    row=int(str(total.get("row_no", FIRST_ROW + len(whole) + position))),
                    values=typed(form, {name: value for name, value in total.items() if name not in _PLACE}),
                )
                for position, total in enumerate(totals)
            ),
            columns={},
            head_cells={},
            is_zero=not whole,
            breaches=(),
        ),
        arrived_on=date.fromisoformat(arrived_on) if arrived_on else None,
    )


def load(warehouse: DuckDbWarehouse, *workbooks: StagedWorkbook) -> None:
    """Take workbooks into the core layer, in the batch that is open."""
    for book in workbooks:
        warehouse.stage(FORMS[book.reading.form], [book])
        warehouse.promote(book.reading.form, [book.submission])
