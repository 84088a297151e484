"""The forms of the repository with invented values, and sheets as senders lay them out."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from phaseout.adapters.definitions.forms import load_forms
from phaseout.domain.form import Field, FieldType, Form, in_year
from phaseout.domain.reading import read_form
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import Breach, Cell, Reading, Sheet, Value, Workbook
from phaseout.ports import FormStamp

ROOT = Path(__file__).parent.parent
FORMS = in_year(load_forms(ROOT / "data" / "forms"), 2022)
SURVEY = FORMS["survey_summary"]
STAMP = FormStamp(campaign="jiangsu-2022", unit="320100", industry="ferroalloy", period=None)
CHOICES = {"industry": ["铁合金", "造纸"], "city": ["南京市"], "county": [f"虚构{number}区" for number in range(60)]}

_VALUES: Mapping[FieldType, Value] = {
    FieldType.TEXT: "虚构文字",
    FieldType.CODE: "025-00000000",
    FieldType.INTEGER: 2,
    FieldType.DECIMAL: Decimal("2.5"),
    FieldType.DATE: date(2022, 7, 15),
    FieldType.MONTH: "2008-06",
    FieldType.CHOICE: "铁合金",
    FieldType.FLAG: True,
}
_SURVEY_ROW: Mapping[str, Cell] = {
    "seq": 1.0,
    "city": "南京市",
    "county": "江宁区",
    "enterprise_name": "南京虚构铁合金有限公司",
    "uscc": "91320115MA1XXXXX0A",
    "product": "硅铁",
    "capacity": 2.0,
    "capacity_unit": "万吨",
    "output": 1.5,
    "process": "矿热炉法",
    "equip_name": "矿热炉",
    "equip_model": "6300",
    "equip_params": "6300kVA",
    "equip_count": 2.0,
    "commissioned": "2008-06",
    "is_outdated": "是",
    "catalogue_ref": "二（五）",
    "checked_on": date(2022, 7, 15),
    "checked_by": "张某",
    "measure": "拆除",
    "plan_date": date(2022, 10, 31),
    "remark": None,
}


def sample_value(field: Field) -> Value:
    """Return a value that the field takes."""
    return field.choices[0] if field.choices else _VALUES[field.type]


def sample_head(form: Form) -> dict[str, Value]:
    return {field.name: sample_value(field) for field in form.head}


def sample_rows(form: Form, count: int) -> list[dict[str, Value]]:
    return [
        {field.name: number if field.name == "seq" else sample_value(field) for field in form.columns}
        for number in range(1, count + 1)
    ]


def survey_row(**cells: Cell) -> list[Cell]:
    """Return the cells of one row of the survey summary, in the form's order."""
    values = {**_SURVEY_ROW, **cells}
    return [values[field.name] for field in SURVEY.columns]


TITLE: list[list[Cell]] = [["[表2]"], ["企业生产工艺装备情况调查汇总表"]]
HEAD: list[list[Cell]] = [
    ["填报单位（盖章）：", "", "南京市", "", "行业：", "铁合金", "填报日期：2022年8月1日", "", "单位：台（套）、万吨"]
]


def header(form: Form = SURVEY) -> list[list[Cell]]:
    """Return the two header rows as a spreadsheet shows merged ones: the text stands in the first cell."""
    groups = [field.group for field in form.columns]
    upper: list[Cell] = [
        field.label if field.group is None else "" if at and groups[at - 1] == field.group else field.group
        for at, field in enumerate(form.columns)
    ]
    return [upper, [field.label if field.group else "" for field in form.columns]]


def sheet(*parts: Sequence[Sequence[Cell]], **more: object) -> Sheet:
    """Return a sheet of some rows; *more* are a sheet's other values."""
    rows = tuple(tuple(row) for part in parts for row in part)
    return Sheet(**{"name": "Sheet1", "is_hidden": False, "rows": rows, "merged": (), **more})  # type: ignore[arg-type]  # a test's own words


def survey(*rows: Sequence[Cell], **more: object) -> Sheet:
    """Return a sheet of the survey summary with some rows under its header."""
    return sheet(TITLE, HEAD, header(), rows, **more)


def read(*sheets: Sheet) -> Reading:
    workbook = Workbook(sheets)
    return read_form(workbook, recognise(workbook, FORMS))


def breaches_of(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    return [(breach.rule, breach.row, breach.field) for breach in reading.breaches]


def only_breach(reading: Reading) -> Breach:
    (breach,) = reading.breaches
    return breach


def values(reading: Reading, field: str) -> list[Value]:
    return [row.values[field] for row in reading.rows]
