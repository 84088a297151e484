"""The tables on a sender's sheet: where header and rows stand, so that the copy draws them as a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phaseout.domain.form import Field
from phaseout.domain.reading_layout import Grid, Header, headers, is_instructions
from phaseout.domain.reading_rows import RowKind, body_rows
from phaseout.domain.reading_words import FormWords

_TABLE_ROWS = frozenset(RowKind) - {RowKind.BLANK, RowKind.FOOT, RowKind.NOTES, RowKind.STRAY}


@dataclass(frozen=True, slots=True)
class Area:
    """A table with its header; rows and columns are counted from 0."""

    header: range
    body: range
    columns: range
    fields: Mapping[int, Field]


def areas(grid: Grid, words: FormWords) -> list[Area]:
    """Return the tables of a sheet, from top to bottom."""
    found = [] if is_instructions(grid) else headers(grid, words)
    if not found:
        return []
    ends = [*(header.top for header in found[1:]), grid.height]
    return [_area(grid, words, header, end) for header, end in zip(found, ends, strict=True)]


def _area(grid: Grid, words: FormWords, header: Header, end: int) -> Area:
    first = header.bottom + 1
    body = body_rows(grid, words, header, range(first, end))
    rows = [row.row for row in body if row.kind in _TABLE_ROWS]
    places = [*header.columns.values(), *(column for _, column in (*header.doubles, *header.extras))]
    return Area(
        header=range(header.top, first),
        body=range(first, max(rows, default=header.bottom) + 1),
        columns=range(min(places), max(places) + 1),
        fields={column: words.form.field(name) for name, column in header.columns.items()},
    )


def area_of(tables: Sequence[Area], row: int) -> Area | None:
    """Return the table that a row is part of."""
    return next((table for table in tables if row in table.header or row in table.body), None)
