"""Finds its way on a sender's sheet: the title, the header rows, the labels of head fields, merged cells."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from phaseout.domain.form import Field, Form
from phaseout.domain.reading_cells import key
from phaseout.domain.reading_words import BELOW_ITS_GROUP, FormWords, words_of
from phaseout.domain.submission import Cell, Sheet, Unreadable

_MOST_MERGED_CELLS = 500_000
_EMPTY = (None, "")  # what most blank cells hold
_LEAST_COLUMNS = 3
_HAN = ("\u4e00", "\u9fff")  # characters that no normalisation changes
_first_character = itemgetter(0)
_MOST_OTHERS = 20_000  # texts that are remembered
_LONGEST_HEADER = 4000  # characters of a header that is worth remembering
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
        self.unread = sheet.error_cells | sheet.uncached_cells
        self._filled: dict[int, list[tuple[int, Cell]]] = {}
        self._texts: dict[int, list[str]] = {}
        self._lines: dict[int, str] = {}
        self._captions: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._origins = _origins(sheet, self.height, self.width)
        self.covered = frozenset(row for (row, _), (top, _) in self._origins.items() if row > top)  # from further up

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

    def right_of(self, row: int, column: int) -> int:
        """Return the column behind a cell, or behind the merged range that begins there."""
        beside = column + 1
        while self._origins.get((row, beside)) == (row, column):
            beside += 1
        return beside

    def filled(self, row: int) -> list[tuple[int, Cell]]:
        """Return column and cell of what stands in a row."""
        known = self._filled.get(row)
        if known is None:
            cells = enumerate(self.sheet.rows[row] if 0 <= row < self.height else ())
            known = [
                (column, cell)
                for column, cell in cells
                if cell not in _EMPTY and not (isinstance(cell, str) and cell.isspace())
            ]
            self._filled[row] = known
        return known

    def texts(self, row: int) -> list[str]:
        """Return the texts that stand in a row."""
        known = self._texts.get(row)
        if known is None:
            cells = self.sheet.rows[row] if 0 <= row < self.height else ()
            known = self._texts[row] = [cell for cell in cells if cell.__class__ is str and cell and not cell.isspace()]
        return known

    def line(self, row: int) -> str:
        """Return the texts of a row as one, by key."""
        known = self._lines.get(row)
        if known is None:
            known = self._lines[row] = "".join(map(key, self.texts(row)))
        return known

    def captions(self, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the texts of the row above, and of the row itself, by column."""
        known = self._captions.get(row)
        if known is None:
            upper, lower = (tuple(self.text(at, c).strip() for c in range(self.width)) for at in (row - 1, row))
            known = self._captions[row] = (upper, lower)
        return known

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on the sheet."""
        return not any(self.filled(row) for row in range(self.height))


grid_of = lru_cache(maxsize=16)(Grid)  # a workbook is looked at more than once


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
class HeadValue:
    """The value of a head field: in its label's cell behind the colon, or in a cell to the right."""

    field: Field
    label: str
    row: int
    column: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class _Caption:
    """What stands over one column: the text of the row and of the row above it."""

    column: int
    upper: str
    lower: str

    @property
    def text(self) -> str:
        return " ".join((self.lower or self.upper).split())


class _Beginnings(dict[str, bool]):
    """By a text's first character, whether it may be a word of headers; worked out when first asked."""

    def __init__(self, words: frozenset[str]) -> None:
        super().__init__()
        self._first = frozenset(word[0] for word in words)
        self._has_ascii = any(map(str.isascii, words))

    def __missing__(self, character: str) -> bool:
        if _HAN[0] <= character <= _HAN[1]:  # such a character begins the key as it is
            may_be = character in self._first
        else:  # what else there is may be left out of the key
            may_be = self._has_ascii or not (character.isascii() and character.isalnum())
        self[character] = may_be
        return may_be


class HeaderWords:
    """Tells which texts are words of headers; it remembers those that are not, for most texts come again."""

    __slots__ = ("_beginnings", "_longest", "_others", "_words")

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words
        self._others: set[str] = set()
        self._longest = 4 * max(map(len, words), default=0)  # with spaces and punctuation
        self._beginnings = _Beginnings(words)

    def may_stand_in(self, texts: Sequence[str]) -> bool:
        """Say whether enough of the texts are words of headers for their row to be looked at."""
        if len(texts) < _LEAST_COLUMNS:
            return False
        if sum(map(self._beginnings.__getitem__, map(_first_character, texts))) < _LEAST_COLUMNS:
            return False
        unknown = set(texts).difference(self._others)
        words = {text for text in unknown if len(text) <= self._longest and key(text) in self._words}
        self._others.update(unknown - words)
        if len(self._others) > _MOST_OTHERS:
            self._others.clear()
        return bool(words) and sum(text in words for text in texts) >= _LEAST_COLUMNS


header_words = lru_cache(maxsize=64)(HeaderWords)


def headers(grid: Grid, words: FormWords, rows: Iterable[int] | None = None) -> list[Header]:
    """Return every header of a form on a sheet, or in some of its rows, from top to bottom; usually one."""
    known = header_words(words.header_words)
    least = max(_LEAST_COLUMNS, round(len(words.form.columns) * _LEAST_COVERAGE))
    found: list[Header] = []
    for row in range(grid.height) if rows is None else rows:
        if found and row <= found[-1].bottom:
            continue
        if not known.may_stand_in(grid.texts(row)):
            continue
        candidates = [_header(grid, words, at) for at in (row, row + 1) if at < grid.height]
        best = max(candidates, key=lambda header: len(header.columns))
        if len(best.columns) >= least:
            found.append(best)
    return found


def _header(grid: Grid, words: FormWords, row: int) -> Header:
    upper, lower = grid.captions(row)
    is_short = sum(map(len, upper)) + sum(map(len, lower)) <= _LONGEST_HEADER
    found = (_known_header if is_short else _read_header)(words.form, upper, lower)
    return Header(row + found.top, row, found.columns, found.doubles, found.extras)


def _read_header(form: Form, upper: tuple[str, ...], lower: tuple[str, ...]) -> Header:
    """Return what two rows of texts mean, as if the lower one were row 0."""
    captions = tuple(_captions(upper, lower))
    words = words_of(form)
    claims: dict[str, list[tuple[int, _Caption]]] = {}
    strangers = []
    for caption in captions:
        rank, name = words.meaning(caption.upper, caption.lower)
        if name is None:
            strangers.append(caption)
        else:
            claims.setdefault(name, []).append((rank, caption))
    ranked = {name: sorted(claim, key=lambda pair: (pair[0], pair[1].column)) for name, claim in claims.items()}
    has_two_rows = any(claim[0][0] == BELOW_ITS_GROUP or not claim[0][1].lower for claim in ranked.values())
    losers = [(claim[0][0], *pair) for claim in ranked.values() for pair in claim[1:]]
    strangers += [caption for best, rank, caption in losers if rank > best]
    return Header(
        top=-1 if has_two_rows else 0,
        bottom=0,
        columns={name: claim[0][1].column for name, claim in ranked.items()},
        doubles=tuple((caption.text, caption.column) for best, rank, caption in losers if rank == best),
        extras=tuple((caption.text, caption.column) for caption in strangers if has_two_rows or caption.lower),
    )


_known_header = lru_cache(maxsize=512)(_read_header)  # most workbooks have the header that we sent out


def _captions(upper: Iterable[str], lower: Iterable[str]) -> Iterator[_Caption]:
    over = ""
    for column, (above, here) in enumerate(zip(upper, lower, strict=True)):
        over = above or over
        if here:
            yield _Caption(column, over, here)
        elif above:
            yield _Caption(column, above, "")


def head_values(grid: Grid, words: FormWords, rows: Iterable[int]) -> Iterator[HeadValue]:
    """Yield every head field that some rows name, with the cell where its value stands or belongs."""
    for row in rows:
        for column, cell in grid.filled(row):
            labels = words.head_labels(cell) if isinstance(cell, str) else []
            for label in labels:
                if label.value or label is not labels[-1]:
                    yield HeadValue(label.field, label.label, row, column, label.value or None)
                else:
                    yield HeadValue(label.field, label.label, row, *_to_the_right(grid, words, row, column))


def _to_the_right(grid: Grid, words: FormWords, row: int, column: int) -> tuple[int, Cell]:
    """Return the next thing in the row unless it is a label itself; else the cell just beside."""
    for at, cell in grid.filled(row):
        if at > column:
            if isinstance(cell, str) and _is_label(words, cell):
                break
            return at, cell
    return min(grid.right_of(row, column), max(grid.width - 1, 0)), None


def _is_label(words: FormWords, text: str) -> bool:
    if key(text) in words.head_groups or words.head_labels(text):
        return True
    return _BESIDE_THE_FORM.match(unicodedata.normalize("NFKC", text).strip()) is not None


def titled(grid: Grid, forms: tuple[FormWords, ...], *, rows: range) -> FormWords | None:
    """Return the form whose title stands in some rows, in one row or split over two; the longest title wins."""
    lines = [line for row in rows if (line := grid.line(row))]
    lines += [upper + lower for upper, lower in itertools.pairwise(lines)]
    if not lines:
        return None
    by_length = _titles(tuple(words.form for words in forms))
    place = next((place for title, place in by_length if any(title in line for line in lines)), None)
    return None if place is None else forms[place]


@lru_cache(maxsize=64)
def _titles(forms: tuple[Form, ...]) -> list[tuple[str, int]]:
    """Return each title with the place of its form, the longest first."""
    titles = [(title, place) for place, form in enumerate(forms) for title in words_of(form).titles]
    return sorted(titles, key=lambda pair: -len(pair[0]))


def is_instructions(grid: Grid) -> bool:
    """Say whether a sheet explains how to fill a form."""
    first = next((text for row in range(grid.height) for text in grid.texts(row)), "")
    return key(first).startswith("填表说明")
