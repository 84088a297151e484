"""Reads the cells of a table column by column: most say what others said before, and are looked up, not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from phaseout.domain.form import Field
from phaseout.domain.reading_cells import CellRead, read_cell
from phaseout.domain.reading_layout import Grid, Header
from phaseout.domain.submission import Cell, Value

_MOST_KNOWN = 8192  # cells that are remembered for one field
_SHORT = 64  # characters of a text that is worth remembering
_ALIKE = frozenset({int, bool})  # 1, 1.0 and True are the same key, and not the same cell


class ColumnReader:
    """Reads the cells of one field; it remembers what was read without a fault."""

    __slots__ = ("_field", "_known")

    def __init__(self, field: Field) -> None:
        self._field = field
        self._known: dict[Cell, Value] = {}

    def read(self, cells: Sequence[Cell]) -> tuple[list[Value], dict[int, CellRead]]:
        """Return the value of each cell, and by position what was read of those for which a rule does not hold."""
        if not _ALIKE.isdisjoint(map(type, cells)):
            return self._read(cells, {})
        known = self._known
        try:
            return [known[cell] for cell in cells], {}
        except KeyError:
            if len(known) > _MOST_KNOWN:
                known.clear()
            return self._read(cells, known)

    def _read(self, cells: Sequence[Cell], known: dict[Cell, Value]) -> tuple[list[Value], dict[int, CellRead]]:
        values: list[Value] = []
        wrong: dict[int, CellRead] = {}
        for position, cell in enumerate(cells):
            if known and cell in known:
                values.append(known[cell])
                continue
            read = read_cell(cell, self._field)
            values.append(read.value)
            if read.rule is not None:
                wrong[position] = read
            elif known is self._known and not (isinstance(cell, str) and len(cell) > _SHORT):
                known[cell] = read.value
        return values, wrong


column_reader = lru_cache(maxsize=1024)(ColumnReader)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a form that stand under a header, read for some rows; positions count from the first of them."""

    names: tuple[str, ...]
    cells: Mapping[str, Sequence[Cell]]
    values: Mapping[str, Sequence[Value]]
    wrong: Sequence[tuple[str, Mapping[int, CellRead]]]  # in the order of the columns


def read_columns(grid: Grid, header: Header, fields: Sequence[Field], rows: range) -> Columns:
    """Return what stands in the columns of *fields* that the header has."""
    present = [field for field in fields if field.name in header.columns]
    columns = _columns(grid.sheet.rows[rows.start : rows.stop], grid.width)
    cells = {field.name: columns[header.columns[field.name]] for field in present} if columns else {}
    read = {field.name: column_reader(field).read(cells.get(field.name, ())) for field in present}
    return Columns(
        names=tuple(read),
        cells=cells,
        values={name: values for name, (values, _) in read.items()},
        wrong=[(name, wrong) for name, (_, wrong) in read.items() if wrong],
    )


def _columns(rows: Sequence[tuple[Cell, ...]], width: int) -> list[tuple[Cell, ...]]:
    """Turn rows into columns; short rows end in empty cells."""
    if any(len(row) != width for row in rows):
        rows = [row + (None,) * (width - len(row)) for row in rows]
    return list(zip(*rows, strict=True))
