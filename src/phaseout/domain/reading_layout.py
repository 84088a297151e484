"""Finds its way on a sender's sheet: the title, the header rows, the labels of head fields, merged cells."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from phaseout.domain.form import Field, FieldType, Form
from phaseout.domain.reading_cells import bare_key, is_blank, key
from phaseout.domain.submission import Cell, Sheet, Unreadable

_MOST_MERGED_CELLS = 500_000
_LEAST_COLUMNS = 3
_LEAST_COVERAGE = 0.4  # of a form's columns, for a row to be its header
_BESIDE_THE_FORM = re.compile(r"单位:|\[?表\d\]?$")  # 单位：台（套） and [表2] are no one's value


def column_letter(column: int) -> str:
    """Return the letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell counted from 0, such as D12."""
    return f"{column_letter(column)}{row + 1}"


class Grid:
    """A sheet's cells by row and column, with what each merged range shows."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.height = len(sheet.rows)
        self.width = max((len(row) for row in sheet.rows), default=0)
        self._origins = _origins(sheet, self.height, self.width)

    def cell(self, row: int, column: int) -> Cell:
        """Return what a cell itself holds."""
        cells = self.sheet.rows[row] if 0 <= row < self.height else ()
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, empty for anything else."""
        cell = self.cell(row, column)
        return cell if isinstance(cell, str) else ""

    def above(self, row: int, column: int) -> int | None:
        """Return the row whose cell covers this one from above, in the same column."""
        origin = self._origins.get((row, column))
        return origin[0] if origin is not None and origin[1] == column and origin[0] < row else None

    def filled(self, row: int) -> list[tuple[int, Cell]]:
        """Return column and cell of what stands in a row."""
        cells = self.sheet.rows[row] if 0 <= row < self.height else ()
        return [(column, cell) for column, cell in enumerate(cells) if not is_blank(cell)]

    def texts(self, row: int) -> list[str]:
        """Return the texts that stand in a row."""
        return [cell for _, cell in self.filled(row) if isinstance(cell, str)]


def _origins(sheet: Sheet, height: int, width: int) -> dict[tuple[int, int], tuple[int, int]]:
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in sheet.merged:
        rows, columns = range(top, min(bottom + 1, height)), range(left, min(right + 1, width))
        if len(rows) * len(columns) + len(origins) > _MOST_MERGED_CELLS:
            raise Unreadable("sheet_too_large", facts={"sheet": sheet.name})
        origins.update(((row, column), (top, left)) for row in rows for column in columns)
    return origins


@dataclass(frozen=True, slots=True)
class Header:
    """Where a form's columns stand on a sheet."""

    top: int
    bottom: int
    columns: Mapping[str, int]  # field name to column
    doubles: tuple[tuple[str, int], ...]  # headers that mean a field which another column already means as well
    extras: tuple[tuple[str, int], ...]  # headers that mean no field


@dataclass(frozen=True, slots=True)
class _Names:
    """What headers may be called, from the surest to the most lenient."""

    full: Mapping[str, str]
    alias: Mapping[str, str]
    alone: Mapping[str, str]
    bare: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Caption:
    """What stands over one column: the text of the row and of the row above it."""

    upper: str
    lower: str
    from_above: bool  # the row itself is blank here: the upper text runs down


def full_label(field: Field) -> str:
    """Return a field's label with its group, such as 主要产品/产能."""
    return f"{field.group}/{field.label}" if field.group else field.label


def headers(grid: Grid, form: Form) -> list[Header]:
    """Return every header of *form* on a sheet, from top to bottom; usually one."""
    least = max(_LEAST_COLUMNS, round(len(form.columns) * _LEAST_COVERAGE))
    words = _words(form)
    scores = [sum(key(text) in words for text in grid.texts(row)) for row in range(grid.height)]
    found: list[Header] = []
    for row in range(grid.height):
        if scores[row] < _LEAST_COLUMNS or (found and row <= found[-1].bottom):
            continue
        candidates = [_header(grid, form, at) for at in (row, row + 1) if at < grid.height]
        best = max(candidates, key=lambda header: len(header.columns))
        if len(best.columns) >= least:
            found.append(best)
    return found


def _header(grid: Grid, form: Form, row: int) -> Header:
    names = _names(form)
    columns: dict[str, tuple[int, int]] = {}  # field to rank and column
    doubles, extras = [], []
    uses_upper = False
    for column, caption in _captions(grid, row):
        rank, name = _meaning(names, caption)
        if name is None:
            extras.append((caption, column))
            continue
        uses_upper |= caption.from_above or rank == 0
        taken = columns.get(name)
        if taken is None or rank < taken[0]:
            columns[name] = (rank, column)
        if taken is not None and rank == taken[0]:
            doubles.append((caption.lower or caption.upper, column))
        elif taken is not None:
            extras.append((caption, max(column, taken[1]) if rank > taken[0] else taken[1]))
    return Header(
        top=row - 1 if uses_upper else row,
        bottom=row,
        columns={name: column for name, (_, column) in columns.items()},
        doubles=tuple(doubles),
        extras=tuple((_words_of(each), column) for each, column in extras if uses_upper or not each.from_above),
    )


def _captions(grid: Grid, row: int) -> Iterator[tuple[int, _Caption]]:
    upper = ""
    for column in range(grid.width):
        above, here = grid.text(row - 1, column).strip(), grid.text(row, column).strip()
        if here:
            upper = above or upper
            yield column, _Caption(upper=upper, lower=here, from_above=False)
        elif above:
            upper = above
            yield column, _Caption(upper=above, lower="", from_above=True)


def _words_of(caption: _Caption) -> str:
    return " ".join((caption.lower or caption.upper).split())


def _meaning(names: _Names, caption: _Caption) -> tuple[int, str | None]:
    """Return how sure we are, 0 for a label below its group, and the field."""
    lower = caption.lower or caption.upper
    both = key(caption.upper + caption.lower) if caption.lower and caption.upper else ""
    alone = key(lower)
    ladder = (
        (0, names.full.get(both)),
        (1, names.full.get(alone)),
        (2, names.alias.get(both) or names.alias.get(alone)),
        (3, names.alone.get(alone)),
        (4, names.bare.get(bare_key(caption.upper + caption.lower)) or names.bare.get(bare_key(lower))),
    )
    return next(((rank, name) for rank, name in ladder if name), (9, None))


@lru_cache(maxsize=64)
def _names(form: Form) -> _Names:
    full = {key((field.group or "") + field.label): field.name for field in form.columns}
    alias = {key(alias): field.name for field in form.columns for alias in field.aliases}
    labels = [key(field.label) for field in form.columns]
    alone = {key(field.label): field.name for field in form.columns if labels.count(key(field.label)) == 1}
    bare = {bare_key((field.group or "") + field.label): field.name for field in form.columns}
    bare_labels = [bare_key(field.label) for field in form.columns]
    bare |= {bare_key(f.label): f.name for f in form.columns if bare_labels.count(bare_key(f.label)) == 1}
    return _Names(full=full, alias=alias, alone=alone, bare=bare)


@lru_cache(maxsize=64)
def _words(form: Form) -> frozenset[str]:
    """Return every word that may stand in a header row of *form*."""
    names = _names(form)
    groups = {key(field.group) for field in form.columns if field.group}
    labels = {key(field.label) for field in form.columns}
    return frozenset({*names.full, *names.alias, *names.alone, *groups, *labels})


@dataclass(frozen=True, slots=True)
class HeadValue:
    """The value beside a label: in the same cell behind a colon, or in a cell to its right."""

    field: Field
    row: int
    column: int
    cell: Cell
    label: str


def head_values(grid: Grid, form: Form, rows: Iterable[int]) -> Iterator[HeadValue]:
    """Yield every head field that some rows name, with the cell where its value stands or belongs."""
    for row in rows:
        for column, cell in grid.filled(row):
            if isinstance(cell, str):
                yield from _labels_in(grid, form, row, column, cell)


def _labels_in(grid: Grid, form: Form, row: int, column: int, text: str) -> Iterator[HeadValue]:
    found = labels_of(form, text)
    for position, (field, value, label) in enumerate(found):
        is_last = position == len(found) - 1
        if value or not is_last:
            yield HeadValue(field, row, column, value or None, label)
        else:
            at, cell = _to_the_right(grid, form, row, column)
            yield HeadValue(field, row, at, cell, label)


def _to_the_right(grid: Grid, form: Form, row: int, column: int) -> tuple[int, Cell]:
    """Return the next thing in the row unless it is a label itself; else the cell just beside."""
    beside = min(column + 1, max(grid.width - 1, 0))
    for at, cell in grid.filled(row):
        if at > column:
            half_width = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""
            if labels_of(form, half_width) or _is_group(form, half_width) or _BESIDE_THE_FORM.match(half_width):
                break
            return at, cell
    return beside, None


def _is_group(form: Form, text: str) -> bool:
    return key(text) in {key(field.group) for field in form.head if field.group} if text else False


def labels_of(form: Form, text: str) -> list[tuple[Field, str, str]]:
    """Return the head fields that a cell's text names, each with what follows its label and the label."""
    fields = _head_labels(form)
    whole = fields.get(key(text)) or fields.get(bare_key(text))
    if whole is not None:
        return [(whole, "", " ".join(text.split()))]
    half_width = unicodedata.normalize("NFKC", text)
    matches = [match for match in _head_pattern(form).finditer(half_width) if _fits(fields[key(match[1])], match)]
    ends = [match.start() for match in matches[1:]] + [len(half_width)]
    return [
        (fields[key(match[1])], half_width[match.end() : end].strip(" ;,、。\n\t"), match[1])
        for match, end in zip(matches, ends, strict=True)
    ]


def _fits(field: Field, match: "re.Match[str]") -> bool:
    """Say whether a label counts without its colon: only before a date (截至2022年8月31日)."""
    return ":" in match[0] or field.type is FieldType.DATE


@lru_cache(maxsize=64)
def _head_labels(form: Form) -> Mapping[str, Field]:
    labels: dict[str, Field] = {}
    for field in form.head:
        for label in (field.label, (field.group or "") + field.label, *field.aliases):
            labels.setdefault(key(label), field)
    return labels


@lru_cache(maxsize=64)
def _head_pattern(form: Form) -> "re.Pattern[str]":
    """Match a label at the start of a text or behind a space, with its colon or before a year."""
    labels = {unicodedata.normalize("NFKC", name) for f in form.head for name in (f.label, *f.aliases)}
    spaced = (r"\s*".join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))
    return re.compile(
        rf"(?:(?<=[\s;,、。])|^)({'|'.join(spaced)})(?:\s*(?:\([^()]*\)|%)?\s*:|(?=\s*\d{{4}}\s*[年./-]))"
    )


def title_of(grid: Grid, forms: Iterable[Form], *, before: int) -> Form | None:
    """Return the form whose title stands in the rows above *before*, in one row or split over two."""
    lines = ["".join(key(text) for text in grid.texts(row)) for row in range(min(before, grid.height))]
    lines = [line for line in lines if line]
    split = [upper + lower for upper, lower in zip(lines, lines[1:], strict=False)]
    titles = sorted(
        ((key(title), form) for form in forms for title in (form.title, *form.title_aliases)),
        key=lambda pair: len(pair[0]),
        reverse=True,
    )
    return next((form for title, form in titles if any(title in line for line in (*lines, *split))), None)


def is_instructions(grid: Grid) -> bool:
    """Say whether a sheet explains how to fill a form."""
    first = next((text for row in range(grid.height) for text in grid.texts(row)), "")
    return key(first).startswith("填表说明")
