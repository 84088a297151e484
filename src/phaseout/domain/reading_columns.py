"""Reads the cells of a table column by column: most say what others said before, and are looked up, not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from phaseout.domain.form import Field
from phaseout.domain.reading_cells import CellRead, plain_value, read_cell
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
        self._known = _Known(field)

    def read(self, cells: Sequence[Cell]) -> tuple[list[Value], dict[int, CellRead]]:
        """Return the value of each cell, and by position what was read of those for which a rule does not hold."""
        known = self._known
        if len(known) > _MOST_KNOWN:
            known.clear()
        if not _ALIKE.isdisjoint(map(type, cells)):
            return _values([read_cell(cell, self._field) for cell in cells])
        try:
            return list(map(known.__getitem__, cells)), {}
        except _Faulty:
            return _values([self._read(cell) for cell in cells])

    def _read(self, cell: Cell) -> CellRead:
        try:
            return CellRead(self._known[cell])
        except _Faulty as faulty:
            return faulty.read


def _values(read: Sequence[CellRead]) -> tuple[list[Value], dict[int, CellRead]]:
    return [each.value for each in read], {at: each for at, each in enumerate(read) if each.rule is not None}


class _Faulty(Exception):
    """A rule does not hold for a cell: those of its column are then read one by one."""

    def __init__(self, read: CellRead) -> None:
        self.read = read


class _Known(dict[Cell, Value]):
    """What the cells of one field say, by cell; read when first asked for, and remembered unless it is long."""

    __slots__ = ("_field",)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, cell: Cell) -> Value:
        value = plain_value(cell, self._field)
        if value is None:
            read = read_cell(cell, self._field)
            if read.rule is not None:
                raise _Faulty(read)
            value = read.value
        if not (isinstance(cell, str) and len(cell) > _SHORT):
            self[cell] = value
        return value


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
