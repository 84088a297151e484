"""Writes cells of known truth as a workbook holds them: texts, numbers, days, formulas with their results."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time

import xlsxwriter

from phaseout.domain.form import Form
from tests.soak.cell_classes import Formula, Meant, Runs, Typed


def written(
    form: Form,
    head: Mapping[str, tuple[str, Meant]],
    rows: Sequence[Mapping[str, tuple[str, Meant]]],
    *,
    from_1904: bool,
) -> bytes:
    """Return a workbook with one sheet of a form, every cell as it was typed."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "date_1904": from_1904}
    book = xlsxwriter.Workbook(target, options)
    pen = _Pen(book)
    sheet = book.add_worksheet("Sheet1")
    sheet.write_string(0, 0, form.title)
    at = 1
    for one in (one for one in form.head if not one.foot):
        sheet.write_string(at, 0, f"{one.label}：")
        pen.write(sheet, at, 1, head[one.name][1].typed)
        at += 1
    has_groups = any(column.group for column in form.columns)
    for place, column in enumerate(form.columns):
        sheet.write_string(at, place, (column.group or "") + column.label if has_groups else column.label)
    for row in rows:
        at += 1
        for place, column in enumerate(form.columns):
            pen.write(sheet, at, place, row[column.name][1].typed)
    at += 2
    for one in (one for one in form.head if one.foot):
        sheet.write_string(at, 0, f"{one.label}：")
        pen.write(sheet, at, 1, head[one.name][1].typed)
        at += 1
    book.close()
    return target.getvalue()


class _Pen:
    """Writes a typed cell as a spreadsheet would hold it."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._time = book.add_format({"num_format": "hh:mm:ss"})
        self._fonts = (book.add_format({"bold": True}), book.add_format({"italic": True}))

    def write(self, sheet: object, row: int, column: int, typed: Typed) -> None:
        match typed:
            case None | "":
                return
            case bool():
                sheet.write_boolean(row, column, typed)
            case Formula(result=result):
                sheet.write_formula(row, column, "=A1", None, result)
            case Runs(parts=(first, second)):
                sheet.write_rich_string(row, column, self._fonts[0], first, self._fonts[1], second)
            case str():
                sheet.write_string(row, column, typed)
            case int() | float():
                sheet.write_number(row, column, typed)
            case datetime():
                sheet.write_datetime(row, column, typed, self._instant)
            case time():
                sheet.write_datetime(row, column, typed, self._time)
            case _:
                sheet.write_datetime(row, column, typed, self._day)
