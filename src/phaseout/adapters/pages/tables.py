"""A consolidated table (汇总表) as a workbook that can be printed and signed as it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
TITLE_LINE, TITLE_LEADING, TITLE_WIDTH = 26, 10, 1.8  # in points; a character of a title beside one of the table
LINE, LEADING, TALLEST = 14, 6, 409  # in points; a spreadsheet takes no taller row
SAMPLED = 200  # rows that decide a column's width
A4 = 9
TOTAL_WORDS = frozenset({"合计", "总计", "小计"})
EMPTY = "（无）"
LONGEST_TAB = 31  # a spreadsheet takes no longer name of a sheet
_TAB = re.compile(r"[\[\]:*?/\\]")

_FONT: dict[str, object] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_GRID = _FONT | {"border": 1, "text_wrap": True}
_FORMATS: dict[str, dict[str, object]] = {
    "title": {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True},
    "note": _FONT | {"align": "left"},
    "head": _GRID | {"font_name": "黑体", "align": "center", "bg_color": "#E8ECF1"},
    "text": _GRID | {"align": "left"},
    "number": _GRID | {"align": "right", "num_format": "General"},
    "integer": _GRID | {"align": "right", "num_format": "#,##0"},
    "day": _GRID | {"align": "center", "num_format": "yyyy-mm-dd"},
    "flag": _GRID | {"align": "center"},
}
_BOLD: dict[str, object] = {"bold": True, "bg_color": "#F5F5F5"}


def workbook(title: str, rows: Sequence[Mapping[str, object]], *, note: str = "") -> bytes:
    """Return the .xlsx of *rows*: their keys are the headers; same input, same bytes. *note* stands below the title."""
    return book([Sheet("汇总表", title, rows, note)])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the name on its tab, its title, and its rows; *note* stands below the title."""

    name: str
    title: str
    rows: Sequence[Mapping[str, object]]
    note: str = ""


def book(sheets: Sequence[Sheet]) -> bytes:
    """Return the .xlsx of several tables; same input, same bytes."""
    buffer = BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made.set_properties({"title": sheets[0].title, "created": CREATED})
    formats = {name: made.add_format(look) for name, look in _FORMATS.items()}
    bold = {name: made.add_format(look | _BOLD) for name, look in _FORMATS.items()}
    for sheet in sheets:
        _write_sheet(made.add_worksheet(_TAB.sub("", sheet.name)[:LONGEST_TAB]), sheet, formats, bold)
    made.close()
    return buffer.getvalue()


def _write_sheet(page: Any, sheet: Sheet, formats: Mapping[str, Any], bold: Mapping[str, Any]) -> None:  # noqa: ANN401  XlsxWriter has no types
    rows, first = sheet.rows, 3 if sheet.note else 2
    headers = list(rows[0]) if rows else [EMPTY]
    widths = [_width(header, rows) for header in headers]
    _set_page(page, sheet.title, columns=len(headers), first=first)
    _write_heads(page, sheet, headers, formats, width=sum(widths))
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for number, row in enumerate(rows, start=first):
        values = [row[header] for header in headers]
        page.set_row(number, _height(values, widths))
        looks = bold if TOTAL_WORDS & {str(value) for value in values[:3]} else formats
        for column, value in enumerate(values):
            _write(page, number, column, value, looks)


def _set_page(sheet: Any, title: str, *, columns: int, first: int) -> None:  # noqa: ANN401  as above
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, first - 1)
    sheet.freeze_panes(first, min(2, columns - 1))
    # An ampersand starts a code in a footer.
    sheet.set_footer(f"&L{title.replace('&', '&&')}&R第 &P 页，共 &N 页")


def _write_heads(page: Any, sheet: Sheet, headers: Sequence[str], formats: Mapping[str, Any], *, width: int) -> None:  # noqa: ANN401
    # A long title above a narrow table goes on below.
    page.set_row(0, TITLE_LINE * max(ceil(_length(sheet.title) * TITLE_WIDTH / width), 1) + TITLE_LEADING)
    _write_across(page, 0, sheet.title, formats["title"], columns=len(headers))
    if sheet.note:
        page.set_row(1, 20)
        _write_across(page, 1, sheet.note, formats["note"], columns=len(headers))
    head = 2 if sheet.note else 1
    page.set_row(head, 30)
    for column, header in enumerate(headers):
        page.write_string(head, column, header, formats["head"])


def _write_across(page: Any, row: int, words: str, look: Any, *, columns: int) -> None:  # noqa: ANN401
    if columns > 1:
        page.merge_range(row, 0, row, columns - 1, "", look)
    page.write_string(row, 0, words, look)


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
