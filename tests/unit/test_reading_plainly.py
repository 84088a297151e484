"""What is read at a glance is what a closer look reads: shortcuts for plain cells and rows change nothing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaseout.domain import reading_rows
from phaseout.domain.form import Field, FieldType
from phaseout.domain.reading_cells import CellRead, plain_value, read_cell
from phaseout.domain.reading_columns import ColumnReader
from phaseout.domain.reading_layout import grid_of, headers
from phaseout.domain.reading_rows import RowKind, body_rows
from phaseout.domain.reading_words import words_of
from tests.form_samples import SURVEY, header, sheet, survey_row

KINDS = [
    *(Field(name=kind, label="某项", type=kind) for kind in FieldType),
    Field(name="share", label="占比", type=FieldType.DECIMAL, unit="%"),
    Field(name="capacity", label="产能", type=FieldType.DECIMAL, unit="万吨"),
    Field(name="state", label="状态", type=FieldType.CHOICE, choices=("在产", "停产"), synonyms=(("在生产", "在产"),)),
]
TEXTS = [
    "",
    " ",
    "无",
    "空",
    "无锡",
    "空压机",
    "—",
    "-",
    "/",
    "0",
    "1",
    "１２",
    "①",
    "Ⅳ",
    "㎡",
    "ﬁ",
    "A1",
    "甲\u200b",
    "甲 乙",
]
WORDS = [
    "甲\n乙",
    "\ufeff甲",
    "合计",
    "合计：",
    "小计",
    "例",
    "示例1",
    "零报告",
    "注：",
    "是",
    "否",
    "12.5",
    "12.5万吨",
    "1e3",
]
CODES = ["2022.7.5", "91320111MA1XXXXX0Y", "９１３２"]
NUMBERS = [
    0.0,
    -0.0,
    1.0,
    1,
    5.5,
    0.1 + 0.2,
    12.34567,
    0.00004,
    1e-7,
    1e14,
    1e15,
    -1e14,
    99999999999999.5,
    3.2e17,
    44757.0,
]
OTHERS = [None, True, False, float("nan"), float("inf"), 20220715.0, 2008.1, date(2022, 7, 5)]
ODD = [*TEXTS, *WORDS, *CODES, *NUMBERS, *OTHERS]
CELLS = st.sampled_from(ODD) | st.text(max_size=6) | st.floats() | st.integers(-5, 10**16) | st.dates()


@pytest.mark.parametrize("field", KINDS, ids=lambda field: field.name)
@settings(max_examples=60, deadline=None)
@given(cell=CELLS)
def test_a_plain_cell_is_read_as_any_other(field, cell):
    value = plain_value(cell, field)

    assert value is None or same([CellRead(value)], [read_cell(cell, field)])


@pytest.mark.parametrize("field", KINDS, ids=lambda field: field.name)
def test_odd_cells_are_read_as_any_other(field):
    plain = [cell for cell in ODD if plain_value(cell, field) is not None]

    assert same([CellRead(plain_value(cell, field)) for cell in plain], [read_cell(cell, field) for cell in plain])


@pytest.mark.parametrize("field", KINDS, ids=lambda field: field.name)
@settings(max_examples=40, deadline=None)
@given(columns=st.lists(st.lists(CELLS, max_size=8), max_size=4))
def test_a_column_is_read_as_its_cells_are_whatever_was_read_before(field, columns):
    reader = ColumnReader(field)
    for cells in columns:
        values, wrong = reader.read(cells)
        one_by_one = [read_cell(cell, field) for cell in cells]

        assert same([CellRead(value) for value in values], [CellRead(read.value) for read in one_by_one])
        assert same([*wrong.values()], [read for read in one_by_one if read.rule is not None])
        assert [*wrong] == [at for at, read in enumerate(one_by_one) if read.rule is not None]


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.dictionaries(st.integers(0, 21), CELLS, max_size=22), min_size=1, max_size=4), data=st.data())
def test_a_row_that_is_plainly_data_is_data_by_a_closer_look(rows, data):
    cells = [list(survey_row()) for _ in rows]
    for row, changes in zip(cells, rows, strict=True):
        for at, cell in changes.items():
            if at < len(row):
                row[at] = cell
    cells[0] = cells[0][: data.draw(st.integers(1, len(cells[0])))]
    grid, words = grid_of(sheet(header(), cells)), words_of(SURVEY)
    (found, *_) = headers(grid, words)
    body = range(found.bottom + 1, grid.height)

    at_a_glance = body_rows(grid, words, found, body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading_rows, "_witnesses", lambda *_: None)
        assert at_a_glance == body_rows(grid, words, found, body)


def test_most_rows_are_told_at_a_glance():
    grid, words = grid_of(sheet(header(), [survey_row()])), words_of(SURVEY)
    (found,) = headers(grid, words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading_rows, "_kind_by_cells", lambda *_, **__: RowKind.STRAY)
        assert [row.kind for row in body_rows(grid, words, found, range(found.bottom + 1, grid.height))] == [
            RowKind.DATA
        ]


def same(some, others):
    """Say whether two series of readings are the same, types included; what is not a number equals itself."""
    return list(map(_told, some)) == list(map(_told, others))


def _told(read):
    value = read.value
    digits = value.as_tuple() if isinstance(value, Decimal) else value
    return type(value), digits, read.rule, repr(sorted(read.facts.items()))
