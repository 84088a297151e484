"""A consolidated table (汇总表) as a workbook that can be printed and signed as it is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from phaseout.domain.cell_text import writable

# The workbook's own date: the same rows must give the same bytes.
CREATED = datetime(2022, 1, 1)  # noqa: DTZ001  the format knows no time zone
NARROWEST, WIDEST, HEADER_LINE, MARGIN = 5, 38, 14, 2  # in half-width characters
LINE, LEADING, TALLEST = 14, 6, 409  # in points; a spreadsheet takes no taller row
SAMPLED = 200  # rows that decide a column's width
A4 = 9
TOTAL_WORDS = frozenset({"合计", "总计", "小计"})
EMPTY = "（无）"

_FONT: dict[str, object] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_GRID = _FONT | {"border": 1, "text_wrap": True}
_FORMATS: dict[str, dict[str, object]] = {
    "title": {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"},
    "head": _GRID | {"font_name": "黑体", "align": "center", "bg_color": "#E8ECF1"},
    "text": _GRID | {"align": "left"},
    "number": _GRID | {"align": "right", "num_format": "General"},
    "integer": _GRID | {"align": "right", "num_format": "#,##0"},
    "day": _GRID | {"align": "center", "num_format": "yyyy-mm-dd"},
    "flag": _GRID | {"align": "center"},
}
_BOLD: dict[str, object] = {"bold": True, "bg_color": "#F5F5F5"}


def workbook(title: str, rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return the .xlsx of *rows*: their keys are the headers; same input, same bytes."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": CREATED})
    formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
    bold = {name: book.add_format(look | _BOLD) for name, look in _FORMATS.items()}
    sheet = book.add_worksheet("汇总表")
    headers = list(rows[0]) if rows else [EMPTY]
    _set_page(sheet, title, columns=len(headers))
    _write_heads(sheet, title, headers, formats)
    widths = [_width(header, rows) for header in headers]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, start=2):
        values = [row[header] for header in headers]
        sheet.set_row(number, _height(values, widths))
        looks = bold if TOTAL_WORDS & {str(value) for value in values[:3]} else formats
        for column, value in enumerate(values):
            _write(sheet, number, column, value, looks)
    book.close()
    return buffer.getvalue()


def _set_page(sheet: Any, title: str, *, columns: int) -> None:  # noqa: ANN401  XlsxWriter has no types
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, min(2, columns - 1))
    # An ampersand starts a code in a footer.
    sheet.set_footer(f"&L{title.replace('&', '&&')}&R第 &P 页，共 &N 页")


def _write_heads(sheet: Any, title: str, headers: Sequence[str], formats: Mapping[str, Any]) -> None:  # noqa: ANN401
    sheet.set_row(0, 36)
    sheet.set_row(1, 30)
    if len(headers) > 1:
        sheet.merge_range(0, 0, 0, len(headers) - 1, "", formats["title"])
    sheet.write_string(0, 0, title, formats["title"])
    for column, header in enumerate(headers):
        sheet.write_string(1, column, header, formats["head"])


def _write(sheet: Any, row: int, column: int, value: object, looks: Mapping[str, Any]) -> None:  # noqa: ANN401
    match value:
        case None:
            sheet.write_blank(row, column, None, looks["text"])
        case bool():
            sheet.write_string(row, column, "是" if value else "否", looks["flag"])
        case int():
            sheet.write_number(row, column, value, looks["integer"])
        case float() | Decimal():
            sheet.write_number(row, column, float(value), looks["number"])
        case datetime():
            sheet.write_string(row, column, f"{value:%Y-%m-%d %H:%M}", looks["day"])
        case date():
            sheet.write_datetime(row, column, value, looks["day"])
        case _:
            # As text whatever it looks like: a sender's "=…" is a name here, never a formula.
            sheet.write_string(row, column, writable(str(value)), looks["text"])


def _width(header: str, rows: Sequence[Mapping[str, object]]) -> int:
    longest = max((_length(row[header]) for row in rows[:SAMPLED]), default=0)
    of_header = min(_length(header), HEADER_LINE)
    return min(max(longest, of_header, NARROWEST) + MARGIN, WIDEST)


def _height(values: Sequence[object], widths: Sequence[int]) -> int:
    # Written out, because office programs disagree on the height of wrapped text.
    lines = max(ceil(_length(value) / (width - MARGIN)) for value, width in zip(values, widths, strict=True))
    return min(LINE * max(lines, 1) + LEADING, TALLEST)


def _length(value: object) -> int:
    """Count the half-width characters that a value takes."""
    if value is None:
        return 0
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in str(value))
