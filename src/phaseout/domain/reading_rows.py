"""Tells the rows under a header apart: data, totals, examples, notes, zero reports, stray words."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from phaseout.domain.form import FieldType, Form
from phaseout.domain.reading_cells import BEGINNINGS, key, plain, says_nothing
from phaseout.domain.reading_layout import Grid, Header, cell_name
from phaseout.domain.reading_words import FormWords, words_of
from phaseout.domain.submission import Cell

SEQUENCE = "seq"  # 序号: a row that has nothing else is no row
_TOTAL = re.compile(r"(?:.{0,12}(?:合计|总计|共计)|合计.{0,6})")
_SUBTOTAL = re.compile(r".{0,12}小计")
_SUM = "计"  # stands in every word for a sum
REPORT = "报"  # stands in every 零报告
_SUM_COLUMNS = 3  # it may stand behind a blank 序号 or a place
_WORDS = frozenset({FieldType.TEXT, FieldType.CODE})
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
_SUM_WORDS = frozenset({"合计", "总计", "小计"})
_EXAMPLE = re.compile(r"(?:例|示例|样例|填写示例|填报示例|示例行)\d*(?::.*)?|[(\[](?:例|示例|样例)\d*[)\]].*")
_NOTES = re.compile(r"(?:填表说明|填报说明|备注说明|(?:注|说明|备注)(?:\d*[::]|\d+[、.]))")
_NO_ENTERPRISE = re.compile(r".{0,12}(?:无|没有|不涉及|未发现).{0,12}(?:企业|装备|设备|生产线|产能|项目).{0,6}")
_ZERO_WORDS = frozenset({"无", "零", "没有", "不涉及"})
_EXPLAINS = re.compile(r"请|填写|填报说明|是否|方式|如")
_LONGEST_MARK = 60
_SHORT = 64  # characters of a text that is worth remembering
_NOT_MERGED: Mapping[str, int] = MappingProxyType({})
_LEAST_NUMBERS = 5  # a row 1, 2, 3, 4, 5 … numbers the columns


class RowKind(Enum):
    """What a row under a header is."""

    BLANK = auto()
    DATA = auto()
    TOTAL = auto()
    SUBTOTAL = auto()
    EXAMPLE = auto()
    ZERO = auto()
    FOOT = auto()
    NOTES = auto()
    STRAY = auto()
    NUMBERING = auto()


class BodyRow(NamedTuple):
    """A row under a header."""

    row: int
    kind: RowKind
    merged: Mapping[str, int]  # fields whose cell stands further up, in a merged range, with that row


def body_rows(grid: Grid, words: FormWords, header: Header, rows: range) -> list[BodyRow]:
    """Return rows under a header with what each is."""
    own = tuple(column for name, column in header.columns.items() if name != SEQUENCE)
    kind_of_first = _first_texts(words.form)
    witnesses = _witnesses(words.form, header)
    body = []
    for row in rows:
        if witnesses and row not in grid.covered and _is_plainly_data(grid, row, witnesses, kind_of_first):
            body.append(BodyRow(row, RowKind.DATA, _NOT_MERGED))
            continue
        merged = _merged_down(grid, words.form, header, row) if row in grid.covered else _NOT_MERGED
        kind = _kind_by_text(grid, words, header, row, kind_of_first)
        if kind is None:
            stands = own if not merged else _not_merged(header, merged)
            kind = _kind_by_cells(grid, stands, row, has_merged=bool(merged))
        body.append(BodyRow(row, kind, merged))
    return body


def row_text(grid: Grid, row: int) -> str:
    """Return what the first text of a row says."""
    texts = grid.texts(row)
    return texts[0].strip() if texts else ""


def _witnesses(form: Form, header: Header) -> tuple[int, int] | None:
    """Return a column of words and one of numbers that tell at a glance what a row is; None if a form has none."""
    words, numbers = (
        next((header.columns[field.name] for field in form.columns if field.type in types and field.name in own), None)
        for own in (header.columns.keys() - {SEQUENCE},)
        for types in (_WORDS, _NUMBERS)
    )
    return (words, numbers) if words is not None and numbers is not None else None


def _is_plainly_data(
    grid: Grid, row: int, witnesses: tuple[int, int], kind_of_first: Callable[[str], RowKind | None]
) -> bool:
    """Say whether a row is data beyond doubt, as most are; what is said of all others costs more.

    A word and a number in their own columns are two cells of its own, no zero report, and no numbers of columns.
    """
    cells = grid.sheet.rows[row]
    if len(cells) <= max(witnesses):
        return False
    word, number = cells[witnesses[0]], cells[witnesses[1]]
    if not (isinstance(word, str) and word[:1].isalpha() and word[0] not in BEGINNINGS):
        return False
    if not (isinstance(number, float) and number):
        return False
    texts = grid.texts(row)
    return kind_of_first(texts[0]) is None and _SUM not in "".join(texts[:_SUM_COLUMNS])


def _not_merged(header: Header, merged: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(column for name, column in header.columns.items() if name != SEQUENCE and name not in merged)


def _merged_down(grid: Grid, form: Form, header: Header, row: int) -> dict[str, int]:
    """Return the fields whose cell is covered by a merged range from further up, with that row."""
    columns = {field.name: header.columns.get(field.name) for field in form.columns if field.merge_down}
    tops = {name: grid.above(row, column) for name, column in columns.items() if column is not None}
    return {name: top for name, top in tops.items() if top is not None and top > header.bottom}


def _kind_by_cells(grid: Grid, columns: Sequence[int], row: int, *, has_merged: bool) -> RowKind:
    filled = grid.filled(row)
    if not filled and not grid.unread:
        return RowKind.BLANK
    own = _count_own(grid, columns, row)
    if own and _numbers_columns(filled):
        return RowKind.NUMBERING
    if own > 1 or (own and has_merged):
        return RowKind.DATA
    if _is_one_text(filled):
        return RowKind.STRAY
    return RowKind.DATA if own else RowKind.BLANK


def _count_own(grid: Grid, columns: Sequence[int], row: int) -> int:
    """Count the cells that a row has of its own, up to two; an error or a formula without a result counts."""
    own = 0
    for column in columns:
        own += not says_nothing(grid.cell(row, column)) or (bool(grid.unread) and cell_name(row, column) in grid.unread)
        if own > 1:
            break
    return own


def _kind_by_text(
    grid: Grid, words: FormWords, header: Header, row: int, kind_of_first: Callable[[str], RowKind | None]
) -> RowKind | None:
    texts = grid.texts(row)
    if not texts:
        return None
    kind = kind_of_first(texts[0])
    if kind is not RowKind.EXAMPLE and _SUM in "".join(texts[:_SUM_COLUMNS]):
        is_item = _names_item(grid, words.form, header, row)
        kind = _sum_kind(texts, names_item=is_item) or kind
    if kind is None and words.form.allows_zero and _says_zero_report(grid, header, row):
        return RowKind.ZERO
    return kind


def _names_item(grid: Grid, form: Form, header: Header, row: int) -> bool:
    """Say whether a row names what it speaks of; then a 合计 further right is a remark, not a total."""
    places = [header.columns.get(name) for name in form.item_key]
    cells = [grid.cell(row, column) for column in places if column is not None]
    return any(not says_nothing(cell) and key(str(cell)) not in _SUM_WORDS for cell in cells)


def _sum_kind(texts: list[str], *, names_item: bool) -> RowKind | None:
    first = key(texts[0])
    further = set() if names_item else {key(text) for text in texts[:_SUM_COLUMNS]}
    if _TOTAL.fullmatch(first) or further & {"合计", "总计"}:
        return RowKind.TOTAL
    return RowKind.SUBTOTAL if _SUBTOTAL.fullmatch(first) or "小计" in further else None


@lru_cache(maxsize=64)
def _first_texts(form: Form) -> Callable[[str], RowKind | None]:
    """Return what tells a row by its first text; it remembers, for most rows begin like others."""
    words = words_of(form)

    def kind_of(text: str) -> RowKind | None:
        first = plain(text)
        if _EXAMPLE.fullmatch(first):
            return RowKind.EXAMPLE
        if _NOTES.match(first):
            return RowKind.NOTES
        return RowKind.FOOT if words.head_labels(text) else None

    known = lru_cache(maxsize=4096)(kind_of)
    return lambda text: known(text) if len(text) <= _SHORT else kind_of(text)


def _is_one_text(filled: list[tuple[int, Cell]]) -> bool:
    """Say whether a row has one text and nothing else; a row with a number for its sequence is meant as data."""
    said = [cell for _, cell in filled if not says_nothing(cell)]
    return len(said) == 1 and isinstance(said[0], str)


def _numbers_columns(filled: list[tuple[int, Cell]]) -> bool:
    """Say whether a row numbers the columns."""
    if len(filled) < _LEAST_NUMBERS:
        return False
    for wanted, (_, cell) in enumerate(filled, start=1):
        number = plain(cell).strip("()") if isinstance(cell, str) else cell
        if number not in (wanted, str(wanted)):
            return False
    return True


def _says_zero_report(grid: Grid, header: Header, row: int) -> bool:
    """Say whether a row holds nothing but a zero report: that word, or that there is no such enterprise."""
    place = header.columns.get(SEQUENCE)
    for column, cell in grid.filled(row):
        if cell and column != place and not isinstance(cell, str):
            return False
    cells = [cell for column, cell in grid.filled(row) if column != place or not plain(str(cell))[:1].isdigit()]
    said = {plain(cell).strip("。.()") for cell in cells if isinstance(cell, str) and not _is_dash(cell)}
    if len(said) != 1 or any(cell for cell in cells if not isinstance(cell, str)):
        return False
    text = said.pop()
    return text in _ZERO_WORDS or is_zero_mark(text) or _NO_ENTERPRISE.fullmatch(text) is not None


def is_zero_mark(text: str) -> bool:
    """Say whether a text states a zero report (零报告) rather than explains what one is."""
    if REPORT not in text:
        return False
    half_width = plain(text)
    return "零报告" in half_width and len(half_width) <= _LONGEST_MARK and not _EXPLAINS.search(half_width)


def _is_dash(cell: Cell) -> bool:
    return isinstance(cell, str) and says_nothing(cell) and plain(cell) not in {"无", "空"}
