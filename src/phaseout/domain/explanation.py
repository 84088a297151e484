"""Explanations (情况说明): what a unit wrote beside the findings in a marked copy (批注件), which it sent back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from phaseout.domain.reading_cells import key
from phaseout.domain.reading_layout import Grid
from phaseout.domain.submission import Workbook

LIST_TITLE = "问题清单"
SHEET_COLUMN = "工作表"
CELL_COLUMN = "单元格"
RULE_COLUMN = "规则号"
EXPLANATION_COLUMN = "情况说明"
NOWHERE = "—"  # stands for a sheet or a cell where a finding has none

_COLUMNS = (SHEET_COLUMN, CELL_COLUMN, RULE_COLUMN, EXPLANATION_COLUMN)
_ROWS_ABOVE_HEADER = 20
_RULE = re.compile(r"[A-Z]+-\d+")
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_ROW = re.compile(r"第([1-9]\d{0,6})行")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a unit says of a finding that it stands by; sheet and cell as the marked copy names them."""

    rule: str
    sheet: str | None
    cell: str | None
    row: int | None  # of a finding about a row alone
    text: str


def is_finding_list(grid: Grid) -> bool:
    """Say whether a sheet is our list of findings, by its own words: it may have been copied, renamed or added to."""
    first = next((text for row in range(grid.height) for text in grid.texts(row)), "")
    return key(first) == LIST_TITLE and _header(grid) is not None


def explanations(workbook: Workbook) -> tuple[Explanation, ...]:
    """Return what a unit wrote into the lists of findings that it sent back, in their order."""
    grids = [Grid(sheet) for sheet in workbook.sheets]
    return tuple(found for grid in grids if is_finding_list(grid) for found in _explained(grid))


def _explained(grid: Grid) -> Iterator[Explanation]:
    header = _header(grid)
    assert header is not None  # noqa: S101 - the sheet is a list of findings by its header
    top, columns = header
    for row in range(top + 1, grid.height):
        sheet, place, rule, text = (grid.text(row, columns[name]).strip() for name in _COLUMNS)
        if text not in {"", NOWHERE} and _RULE.fullmatch(rule):
            cell, number = _CELL.fullmatch(place), _ROW.fullmatch(place)
            yield Explanation(
                rule=rule,
                sheet=sheet if sheet != NOWHERE else None,
                cell=cell[0] if cell else None,
                row=int(number[1]) if number else None,
                text=text,
            )


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Return the row of the list's header with the place of each column that we read."""
    for row in range(min(grid.height, _ROWS_ABOVE_HEADER)):
        places = {key(cell): column for column, cell in grid.filled(row) if isinstance(cell, str)}
        if all(name in places for name in _COLUMNS):
            return row, places
    return None
