"""Tells the rows under a header apart: data, totals, examples, notes, zero reports, stray words."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from phaseout.domain.form import Form
from phaseout.domain.reading_cells import key, plain, says_nothing
from phaseout.domain.reading_layout import Grid, Header, cell_name
from phaseout.domain.reading_words import FormWords, words_of
from phaseout.domain.submission import Cell

SEQUENCE = "seq"  # 序号: a row that has nothing else is no row
_TOTAL = re.compile(r"(?:.{0,12}(?:合计|总计|共计)|合计.{0,6})")
_SUBTOTAL = re.compile(r".{0,12}小计")
_SUM = "计"  # stands in every word for a sum
_REPORT = "报"  # stands in every 零报告
_SUM_COLUMNS = 3  # it may stand behind a blank 序号 or a place
_SUM_WORDS = frozenset({"合计", "总计", "小计"})
_EXAMPLE = re.compile(r"(?:例|示例|样例|填写示例|填报示例|示例行)\d*(?::.*)?|[(\[](?:例|示例|样例)\d*[)\]].*")
_NOTES = re.compile(r"(?:填表说明|填报说明|备注说明|(?:注|说明|备注)(?:\d*[::]|\d+[、.]))")
_NO_ENTERPRISE = re.compile(r".{0,12}(?:无|没有|不涉及|未发现).{0,12}(?:企业|装备|设备|生产线|产能|项目).{0,6}")
_ZERO_WORDS = frozenset({"无", "零", "没有", "不涉及"})
_EXPLAINS = re.compile(r"请|填写|填报说明|是否|方式|如")
_LONGEST_MARK = 60
_SHORT = 64  # characters of a text that is worth remembering
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


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row under a header, its cells by field name; cells of a merged enterprise are filled in."""

    row: int
    kind: RowKind
    cells: Mapping[str, Cell]
    inherited: frozenset[str]  # fields whose cell stands further up, in a merged range
    text: str  # what its first cell says


def body_row(grid: Grid, words: FormWords, header: Header, row: int) -> BodyRow:
    """Return a row with what it is."""
    merged = _merged_down(grid, words.form, header, row) if row in grid.covered else {}
    here = grid.sheet.rows[row]
    width = len(here)
    cells = {name: here[column] if column < width else None for name, column in header.columns.items()}
    cells |= {name: grid.cell(top, header.columns[name]) for name, top in merged.items()}
    kind = _kind_by_text(grid, words, header, row) or _kind_by_cells(grid, header, row, merged)
    texts = grid.texts(row)
    return BodyRow(row, kind, cells, frozenset(merged), texts[0].strip() if texts else "")


def _merged_down(grid: Grid, form: Form, header: Header, row: int) -> dict[str, int]:
    """Return the fields whose cell is covered by a merged range from further up, with that row."""
    columns = {field.name: header.columns.get(field.name) for field in form.columns if field.merge_down}
    tops = {name: grid.above(row, column) for name, column in columns.items() if column is not None}
    return {name: top for name, top in tops.items() if top is not None and top > header.bottom}


def _stands(grid: Grid, row: int, column: int) -> bool:
    """Say whether a cell has anything; an error or a formula without a result looks empty and is not."""
    if not says_nothing(grid.cell(row, column)):
        return True
    return bool(grid.unread) and cell_name(row, column) in grid.unread


def _kind_by_cells(grid: Grid, header: Header, row: int, merged: Mapping[str, int]) -> RowKind:
    filled = grid.filled(row)
    if not filled and not grid.unread:
        return RowKind.BLANK
    own = sum(itertools.islice(_own(grid, header, row, merged), 2))
    if own and _numbers_columns(filled):
        return RowKind.NUMBERING
    if own > 1 or (own and merged):
        return RowKind.DATA
    if _is_one_text(filled):
        return RowKind.STRAY
    return RowKind.DATA if own else RowKind.BLANK


def _own(grid: Grid, header: Header, row: int, merged: Mapping[str, int]) -> Iterator[int]:
    """Yield a 1 for each cell that the row has of its own, its sequence number aside."""
    for name, column in header.columns.items():
        if name != SEQUENCE and name not in merged and _stands(grid, row, column):
            yield 1


def _kind_by_text(grid: Grid, words: FormWords, header: Header, row: int) -> RowKind | None:
    texts = grid.texts(row)
    if not texts:
        return None
    kind = _first_texts(words.form)(texts[0])
    if kind is not RowKind.EXAMPLE and any(_SUM in text for text in texts[:_SUM_COLUMNS]):
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
    numbers = (plain(cell).strip("()") if isinstance(cell, str) else cell for _, cell in filled)
    return len(filled) >= _LEAST_NUMBERS and all(n in {i, str(i)} for i, n in enumerate(numbers, start=1))


def _says_zero_report(grid: Grid, header: Header, row: int) -> bool:
    """Say whether a row holds nothing but a zero report: that word, or that there is no such enterprise."""
    place = header.columns.get(SEQUENCE)
    if any(cell and not isinstance(cell, str) and column != place for column, cell in grid.filled(row)):
        return False
    cells = [cell for column, cell in grid.filled(row) if column != place or not plain(str(cell))[:1].isdigit()]
    said = {plain(cell).strip("。.()") for cell in cells if isinstance(cell, str) and not _is_dash(cell)}
    if len(said) != 1 or any(cell for cell in cells if not isinstance(cell, str)):
        return False
    text = said.pop()
    return text in _ZERO_WORDS or is_zero_mark(text) or _NO_ENTERPRISE.fullmatch(text) is not None


def is_zero_mark(text: str) -> bool:
    """Say whether a text states a zero report (零报告) rather than explains what one is."""
    if _REPORT not in text:
        return False
    half_width = plain(text)
    return "零报告" in half_width and len(half_width) <= _LONGEST_MARK and not _EXPLAINS.search(half_width)


def _is_dash(cell: Cell) -> bool:
    return isinstance(cell, str) and says_nothing(cell) and plain(cell) not in {"无", "空"}
