"""Readings as typed columns: one table for DuckDB, without people, and one frame for the row rules."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from operator import itemgetter

import pandas as pd
import pyarrow as pa

from phaseout.adapters.duckdb_warehouse.statements import kept_fields
from phaseout.domain.form import FieldType, Form
from phaseout.domain.submission import FormRow, Value
from phaseout.ports import StagedWorkbook

PLACES = 4
REMARK = "remark"  # free text: rules may ask whether there is any, its words stay in the archive
_QUANTUM = Decimal(1).scaleb(-PLACES)
_LARGEST_DECIMAL = Decimal(10) ** (18 - PLACES) - _QUANTUM
_LARGEST_INTEGER = 2**63 - 1

_ARROW_TYPES = {
    FieldType.TEXT: pa.string(),
    FieldType.CODE: pa.string(),
    FieldType.CHOICE: pa.string(),
    FieldType.INTEGER: pa.int64(),
    FieldType.DECIMAL: pa.decimal128(18, PLACES),
    FieldType.DATE: pa.date32(),
    FieldType.MONTH: pa.string(),
    FieldType.FLAG: pa.bool_(),
}
_PANDAS_TYPES = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a staged row came from, and everything that it holds."""

    submission: str
    sheet: str
    row: int
    facts: Mapping[str, Value]

    def value(self, name: str) -> Value:
        """Return what the row holds in a field."""
        return self.facts.get(name)


class Places:
    """Where staged rows came from, by row id; a place is made when it is asked for, as few are."""

    def __init__(self, workbooks: Sequence[StagedWorkbook]) -> None:
        self.rows = [row for workbook in workbooks for row in workbook.reading.rows]
        self._submissions = [workbook.submission for workbook in workbooks]
        self._ends = list(accumulate(len(workbook.reading.rows) for workbook in workbooks))

    def __getitem__(self, row_id: int) -> Place:
        row = self.rows[row_id]
        return Place(self._submissions[bisect_right(self._ends, row_id)], row.sheet, row.row, row.values)


@dataclass(frozen=True, slots=True)
class StagedRows:
    """The rows of one form in a batch; the position of a row is its row id."""

    places: Places
    campaigns: Mapping[str, str]  # by submission
    table: pa.Table
    frame: pd.DataFrame


def stage_rows(form: Form, workbooks: Sequence[StagedWorkbook]) -> StagedRows:
    """Return the rows of the workbooks with the head values of their sheets."""
    places = Places(workbooks)
    facts = [row.values for row in places.rows]  # noqa: PD011 - no frame
    values = {field.name: _array(field.type, _column(facts, field.name)) for field in form.fields}
    origin = _origin(workbooks, places.rows)
    kept = {field.name: values[field.name] for field in kept_fields(form)}
    return StagedRows(
        places=places,
        campaigns={w.submission: w.campaign for w in workbooks},
        table=pa.table({**origin, **kept}),
        frame=_frame({"submission_id": origin["submission_id"], **values}),
    )


def _column(facts: Sequence[Mapping[str, Value]], name: str) -> list[Value]:
    try:
        return list(map(itemgetter(name), facts))
    except KeyError:  # a field of other years
        return [each.get(name) for each in facts]


def submission_table(form: Form, workbooks: Sequence[StagedWorkbook]) -> pa.Table:
    """Return one row a workbook: whose it is, and for what."""
    return pa.table(
        {
            "submission_id": pa.array([w.submission for w in workbooks], pa.string()),
            "form": pa.array([form.id] * len(workbooks), pa.string()),
            "campaign_id": pa.array([w.campaign for w in workbooks], pa.string()),
            "unit_code": pa.array([w.unit for w in workbooks], pa.string()),
            "industry_key": pa.array([w.industry for w in workbooks], pa.string()),
            "period": pa.array([w.period for w in workbooks], pa.string()),
            "version": pa.array([w.version for w in workbooks], pa.int32()),
            "is_zero": pa.array([w.reading.is_zero for w in workbooks], pa.bool_()),
            "sha256": pa.array([w.sha256 for w in workbooks], pa.string()),
            "arrived_on": pa.array([w.arrived_on for w in workbooks], pa.date32()),
        }
    )


def total_table(form: Form, workbooks: Sequence[StagedWorkbook]) -> pa.Table:
    """Return one row a figure of the 合计 rows."""
    stated = [
        (workbook.submission, form.id, total.sheet, total.row, name, total.values[name])  # noqa: PD011 - no frame
        for workbook in workbooks
        for total in workbook.reading.totals
        for name in form.totals
        if total.values.get(name) is not None  # noqa: PD011 - no frame
    ]
    columns = list(zip(*stated, strict=True)) if stated else [()] * 6
    names = ("submission_id", "form", "sheet", "row_no", "field")
    types = (pa.string(), pa.string(), pa.string(), pa.int32(), pa.string())
    table = {name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=False)}
    return pa.table({**table, "stated": _array(FieldType.DECIMAL, columns[5])})


def _origin(workbooks: Sequence[StagedWorkbook], rows: Sequence[FormRow]) -> dict[str, pa.Array]:
    own = pa.array([at for at, workbook in enumerate(workbooks) for _ in workbook.reading.rows], pa.int64())

    def of_each(said: Iterable[Value], kind: pa.DataType) -> pa.Array:
        return pa.array(list(said), kind).take(own)

    return {
        "submission_id": of_each((w.submission for w in workbooks), pa.string()),
        "row_id": pa.array(range(len(rows)), pa.int64()),
        "sheet": _array(FieldType.TEXT, [row.sheet for row in rows]),
        "sheet_no": pa.array([number for workbook in workbooks for number in _sheet_numbers(workbook)], pa.int32()),
        "row_no": pa.array([row.row for row in rows], pa.int32()),
        "campaign_id": of_each((w.campaign for w in workbooks), pa.string()),
        "unit_code": of_each((w.unit for w in workbooks), pa.string()),
        "industry_key": of_each((w.industry for w in workbooks), pa.string()),
        "period": of_each((w.period for w in workbooks), pa.string()),
        "version": of_each((w.version for w in workbooks), pa.int32()),
        "has_remark": pa.array([row.values.get(REMARK) is not None for row in rows], pa.bool_()),  # noqa: PD011 - no frame
    }


def _sheet_numbers(workbook: StagedWorkbook) -> list[int]:
    sheets = [row.sheet for row in workbook.reading.rows]
    numbers = {sheet: number for number, sheet in enumerate(dict.fromkeys(sheets))}
    return [numbers[sheet] for sheet in sheets]


def _frame(values: Mapping[str, pa.Array]) -> pd.DataFrame:
    """Return the frame for the row rules; its index is the row id."""
    plain = {
        name: array.cast(pa.float64()) if pa.types.is_decimal(array.type) else array for name, array in values.items()
    }
    frame: pd.DataFrame = pa.table(plain).to_pandas(types_mapper=_PANDAS_TYPES.get, date_as_object=False)
    return frame


def _array(kind: FieldType, values: Iterable[Value]) -> pa.Array:
    """Return a column; what the type cannot hold as it is, is made to fit one by one."""
    listed = list(values)
    try:
        return pa.array(listed, _ARROW_TYPES[kind])
    except (UnicodeEncodeError, pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([_FITTED[kind](value) for value in listed], _ARROW_TYPES[kind])


def _decimal(value: Value) -> Decimal | None:
    """Return a number that DECIMAL(18, 4) can hold: a cell of a sender can be larger than any plant."""
    if value is None or isinstance(value, str | date):
        return None
    number = Decimal(value)
    if number.is_nan():
        return None
    return max(-_LARGEST_DECIMAL, min(_LARGEST_DECIMAL, number)).quantize(_QUANTUM)


def _integer(value: Value) -> int | None:
    if value is None or isinstance(value, str | date):
        return None
    return max(-_LARGEST_INTEGER, min(_LARGEST_INTEGER, int(value)))


def _storable(value: Value) -> Value:
    """Replace halves of characters, which no database can hold."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


_FITTED: Mapping[FieldType, Callable[[Value], Value]] = {
    **dict.fromkeys(FieldType, _storable),
    FieldType.DECIMAL: _decimal,
    FieldType.INTEGER: _integer,
}
