"""Rebuilds one sheet of a sender's workbook, cell by cell, with its bad cells coloured and commented."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from phaseout.adapters.marked_copy.areas import Area, area_of
from phaseout.adapters.marked_copy.looks import GENERAL, SHADES, TEXT, Looks, Part, lines_needed, text_width
from phaseout.adapters.marked_copy.marks import Mark, Origins
from phaseout.adapters.marked_copy.words import handling
from phaseout.domain.cell_text import writable
from phaseout.domain.finding import Finding, Severity
from phaseout.domain.form import Field, FieldType
from phaseout.domain.reading_layout import Grid
from phaseout.domain.submission import Cell

_DAY, _MONTH, _INSTANT, _TIME, _DURATION = "yyyy-mm-dd", "yyyy-mm", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"
_WHOLE = "0"
_SHOWN_WHOLE_UP_TO = 1e10  # beyond, a spreadsheet shows powers of ten
_FORMATS: Mapping[FieldType, str] = {
    FieldType.INTEGER: GENERAL,
    FieldType.DECIMAL: GENERAL,
    FieldType.DATE: _DAY,
    FieldType.MONTH: _MONTH,
}
_FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 - a spreadsheet's dates have no zone; before, its calendar is wrong
_NARROWEST, _USUAL, _WIDEST = 6, 8, 40
_MEASURED_ROWS = 200
_DEEPEST_FREEZE = 10
_LINE, _TITLE_HEIGHT, _TALLEST_ROW = 14, 26, 409  # points; a spreadsheet takes no more
_COMMENT_WIDTH, _COMMENT_COLUMNS, _COMMENT_LINE, _TALLEST_COMMENT = 300, 44, 16, 480  # pixels, but for the columns
_MOST_SAID = 10  # findings in one comment
_LONGEST_COMMENT = 4000
_AUTHOR = "校验"


class SheetCopy:
    """Writes a copy of a sheet into a worksheet."""

    def __init__(
        self,
        worksheet: Any,  # noqa: ANN401 - XlsxWriter is untyped here
        grid: Grid,
        looks: Looks,
        *,
        tables: Sequence[Area],
        origins: Origins,
        marks: Mapping[tuple[int, int], Mark],
    ) -> None:
        self._worksheet = worksheet
        self._grid = grid
        self._looks = looks
        self._tables = tables
        self._origins = origins
        self._marks = marks
        self._titles = _titles(grid, origins, tables)

    def write(self) -> None:
        """Write cells, merged ranges, widths, comments and page."""
        for top, left, bottom, right in self._origins.ranges:
            look = self._looks.of(self._part(top, left), GENERAL, self._severity((top, left)))
            self._worksheet.merge_range(top, left, bottom, right, "", look)
        for (row, column), mark in self._marks.items():
            self._put(row, column, None, None)  # an empty cell that is wanted; what stands there is written over it
            if mark.findings:
                self._worksheet.write_comment(row, column, *comment(mark.findings))
        for row in range(self._grid.height):
            for column, cell, field in self._cells(row):
                self._put(row, column, cell, field)
        self._set_sizes()
        self._set_page()

    def _cells(self, row: int) -> Iterator[tuple[int, Cell, Field | None]]:
        """Yield what is to be written in a row: what stands there, and the empty cells of a table."""
        cells = self._grid.sheet.rows[row]
        table = area_of(self._tables, row)
        boxed = table.columns if table is not None else range(0)
        for column in range(max(len(cells), boxed.stop)):
            cell = cells[column] if column < len(cells) else None
            is_nothing = cell is None or cell == ""
            if not is_nothing or (column in boxed and self._origins.of((row, column)) == (row, column)):
                field = table.fields.get(column) if table is not None and row in table.body else None
                yield column, cell, field

    def _severity(self, cell: tuple[int, int]) -> Severity | None:
        mark = self._marks.get(cell)
        return mark.severity if mark is not None else None

    def _part(self, row: int, column: int) -> Part:
        table = area_of(self._tables, row)
        if table is not None and column in table.columns:
            return Part.HEADER if row in table.header else Part.BODY
        if (row, column) in self._titles:
            return Part.TITLE
        return Part.BESIDE_MERGED if (row, column) in self._origins else Part.BESIDE

    def _put(self, row: int, column: int, cell: Cell, field: Field | None) -> None:
        """Write a cell as what it is: a text, a number, a day; never a formula, never a link."""
        worksheet = self._worksheet
        value, num_format = _shown(cell, field)
        severity = self._severity(self._origins.of((row, column)))
        look = self._looks.of(self._part(row, column), num_format, severity)
        if value is None:
            worksheet.write_blank(row, column, None, look)
        elif isinstance(value, bool):
            worksheet.write_boolean(row, column, value, look)
        elif isinstance(value, str):
            worksheet.write_string(row, column, value, look)
        elif isinstance(value, int | float):
            worksheet.write_number(row, column, value, look)
        else:
            worksheet.write_datetime(row, column, value, look)

    def _set_sizes(self) -> None:
        widths, least = _measured(self._grid, self._origins, top=self._tables[0].header.start if self._tables else 0)
        for table in self._tables:
            widths |= {column: max(field.width, least.get(column, 0)) for column, field in table.fields.items()}
        for column, width in widths.items():
            self._worksheet.set_column(column, column, width)
        for row in (row for table in self._tables for row in (*table.header, *table.body)):
            self._set_height(row, widths)
        for row, height in self._heights_beside(widths).items():
            self._worksheet.set_row(row, height)
        for row, _ in self._titles:
            self._worksheet.set_row(row, _TITLE_HEIGHT)

    def _heights_beside(self, widths: Mapping[int, int]) -> Mapping[int, int]:
        """Return the heights that texts over several columns of one row need; no spreadsheet finds them by itself."""
        heights: dict[int, int] = {}
        for top, left, bottom, right in self._origins.ranges:
            text = self._grid.text(top, left)
            room = sum(widths.get(column, _USUAL) for column in range(left, right + 1))
            lines = lines_needed(text, room)
            if top == bottom and lines > 1 and self._part(top, left) is Part.BESIDE_MERGED:
                heights[top] = max(heights.get(top, 0), min(_LINE * lines + 3, _TALLEST_ROW))
        return heights

    def _set_height(self, row: int, widths: Mapping[int, int]) -> None:
        """Give a row of a table room for its texts; not every spreadsheet does so by itself."""
        texts = [(column, cell) for column, cell in self._grid.filled(row) if isinstance(cell, str)]
        lines = [lines_needed(cell, widths[column]) for column, cell in texts if (row, column) not in self._origins]
        if max(lines, default=1) > 1:
            self._worksheet.set_row(row, min(_LINE * max(lines) + 3, _TALLEST_ROW))

    def _set_page(self) -> None:
        worksheet = self._worksheet
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer("&C第 &P 页，共 &N 页")
        if self._tables:
            header = self._tables[0].header
            worksheet.repeat_rows(header.start, header.stop - 1)
            if header.stop <= _DEEPEST_FREEZE:
                worksheet.freeze_panes(header.stop, 0)


def _titles(grid: Grid, origins: Origins, tables: Sequence[Area]) -> frozenset[tuple[int, int]]:
    """Return the cells above the first table that are merged over the better part of the sheet, as a title is."""
    above = tables[0].header.start if tables else 0
    return frozenset(
        (top, left) for top, left, _, right in origins.ranges if top < above and 2 * (right - left + 1) > grid.width
    )


def comment(findings: Sequence[Finding]) -> tuple[str, dict[str, object]]:
    """Return what is said beside a cell, and how large its box must be."""
    said = [
        f"【{SHADES[one.severity].word}】{one.message}\n处理办法：{handling(one)}（{one.rule}）" for one in findings
    ]
    if len(said) > _MOST_SAID:
        said = [*said[:_MOST_SAID], f"另有{len(said) - _MOST_SAID}处问题，见问题清单。"]
    text = writable("\n".join(said))[:_LONGEST_COMMENT]
    height = _COMMENT_LINE * (1 + lines_needed(text, _COMMENT_COLUMNS))
    return text, {
        "author": _AUTHOR,
        "width": _COMMENT_WIDTH,
        "height": min(height, _TALLEST_COMMENT),
        "font_name": "宋体",
        "font_size": 9,
    }


def _shown(cell: Cell, field: Field | None) -> tuple[Cell, str]:
    """Return what to write for a cell, with its number format; a text where a spreadsheet has no such value."""
    wanted = _FORMATS.get(field.type, TEXT) if field is not None else GENERAL
    if cell is None or cell == "":
        return None, wanted
    if isinstance(cell, str):
        return writable(cell), TEXT if field is None else wanted
    if isinstance(cell, bool):
        return cell, GENERAL
    if isinstance(cell, int | float):
        return _number(cell)
    return _moment(cell, month=field is not None and field.type is FieldType.MONTH)


def _number(cell: float) -> tuple[Cell, str]:
    if not math.isfinite(cell):
        return str(cell), TEXT
    return cell, _WHOLE if abs(cell) > _SHOWN_WHOLE_UP_TO and cell == int(cell) else GENERAL


def _moment(cell: date | time | timedelta, *, month: bool) -> tuple[Cell, str]:
    if isinstance(cell, time):
        return cell.replace(tzinfo=None), _TIME
    if isinstance(cell, timedelta):
        return (cell, _DURATION) if cell >= timedelta() else (str(cell), TEXT)
    instant = cell.replace(tzinfo=None) if isinstance(cell, datetime) else datetime.combine(cell, time())
    if instant < _FIRST_DAY:
        return str(cell), TEXT
    if instant.time() != time():
        return instant, _INSTANT
    return instant, _MONTH if month and instant.day == 1 else _DAY


def _measured(grid: Grid, origins: Origins, *, top: int) -> tuple[dict[int, int], dict[int, int]]:
    """Return how wide columns should be for what stands in them from the table on, and must be: #### tells nothing."""
    widths: dict[int, int] = {}
    least: dict[int, int] = {}
    for row in range(top, min(grid.height, top + _MEASURED_ROWS)):
        for column, cell in grid.filled(row):
            if (row, column) not in origins:
                needed = text_width(cell) + 2 if isinstance(cell, str) else _room(cell)
                widths[column] = max(widths.get(column, _NARROWEST), min(needed, _WIDEST))
                if isinstance(cell, date | time | timedelta):
                    least[column] = max(least.get(column, 0), needed)
    return widths, least


def _room(cell: Cell) -> int:
    """Return the room that a number or a day takes."""
    if isinstance(cell, datetime) and cell.time() == time():
        return _room(cell.date())
    return len(str(cell)) + 2
