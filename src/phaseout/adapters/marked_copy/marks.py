"""Which cells of a workbook its findings speak of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from phaseout.domain.finding import Finding, Severity
from phaseout.domain.reading_layout import Grid, cell_name

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is shown: a sheet of the copy, and a cell of it if it speaks of one."""

    sheet: int
    link: str  # such as D12; what the list of findings leads to
    cell: tuple[int, int] | None  # row and column from 0; None if no cell is to be marked


@dataclass(slots=True)
class Mark:
    """What is wrong with one cell: the heaviest severity, and the findings that its comment tells."""

    severity: Severity
    findings: list[Finding] = field(default_factory=list)


class Origins:
    """The merged ranges of a sheet that a spreadsheet accepts: within the sheet, not one over another."""

    def __init__(self, grid: Grid) -> None:
        self.ranges: list[tuple[int, int, int, int]] = []
        self._origin: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in grid.sheet.merged:
            clipped = (top, left, min(bottom, grid.height - 1), min(right, grid.width - 1))
            self._add(clipped)

    def _add(self, merged: tuple[int, int, int, int]) -> None:
        top, left, bottom, right = merged
        cells = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        if len(cells) > 1 and not any(cell in self._origin for cell in cells):
            self._origin.update(dict.fromkeys(cells, (top, left)))
            self.ranges.append(merged)

    def __contains__(self, cell: tuple[int, int]) -> bool:
        return cell in self._origin

    def of(self, cell: tuple[int, int]) -> tuple[int, int]:
        """Return the cell that shows what stands in a merged range."""
        return self._origin.get(cell, cell)


def place_of(finding: Finding, grids: Sequence[Grid], origins: Sequence[Origins], *, main: int | None) -> Place | None:
    """Return where a finding is shown; *main* is the sheet meant by one that names none, if there is but one."""
    named = next((at for at, grid in enumerate(grids) if grid.sheet.name == finding.sheet), None)
    sheet = main if finding.sheet is None and finding.cell is not None else named
    if sheet is None:
        return None
    cell = _cell(finding, grids[sheet])
    if cell is not None:
        cell = origins[sheet].of(cell)
        return Place(sheet, cell_name(*cell), cell)
    row = finding.row if finding.row and finding.row <= grids[sheet].height else 1
    return Place(sheet, f"A{row}", None)


def _cell(finding: Finding, grid: Grid) -> tuple[int, int] | None:
    """Return the cell of a finding; of one about a row alone, the cell that it quotes or the row's first."""
    if finding.cell is not None and (match := _CELL.fullmatch(finding.cell)):
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - 64
        row = int(match[2])
        return (row - 1, column - 1) if row <= grid.height and column <= grid.width else None
    if finding.row is None or finding.field is not None:  # a column that is missing has no cell to mark
        return None
    filled = grid.filled(finding.row - 1)
    quoted = (column for column, cell in filled if isinstance(cell, str) and " ".join(cell.split()) == finding.found)
    first = next(quoted, filled[0][0] if filled else None)
    return None if first is None else (finding.row - 1, first)


def marks_of(
    placed: Sequence[tuple[Finding, Place | None]], sheet: int, *, commented: int
) -> dict[tuple[int, int], Mark]:
    """Return what is wrong with each cell of a sheet; the heaviest come first, so many of them with a comment."""
    marks: dict[tuple[int, int], Mark] = {}
    for number, (finding, place) in enumerate(placed):
        if place is not None and place.sheet == sheet and place.cell is not None:
            mark = marks.setdefault(place.cell, Mark(finding.severity))
            if number < commented:
                mark.findings.append(finding)
    return marks
