"""Reads a sender's workbook (工作簿) as a form: its rows, its head, and what could not be read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise, repeat

from phaseout.domain.form import Field, Form, HeadRole
from phaseout.domain.reading_cells import (
    ERROR_CELL,
    UNCACHED_FORMULA,
    CellRead,
    is_blank,
    key,
    read_cell,
    says_nothing,
)
from phaseout.domain.reading_columns import Columns, read_columns
from phaseout.domain.reading_layout import (
    Grid,
    Header,
    HeadValue,
    cell_name,
    column_letter,
    grid_of,
    head_values,
    headers,
    titled,
)
from phaseout.domain.reading_rows import SEQUENCE, BodyRow, RowKind, body_rows, is_zero_mark, row_text
from phaseout.domain.reading_words import FormWords, words_of
from phaseout.domain.recognising import TITLE_ROWS, is_ours_beside_the_form, is_whole, may_be_zero
from phaseout.domain.submission import (
    Breach,
    Cell,
    FormRow,
    Reading,
    Section,
    TotalRow,
    Value,
    Workbook,
)

MISSING_COLUMN = "READ-001"
NO_ROWS = "READ-011"
EXAMPLE_SKIPPED = "READ-012"
HIDDEN_SHEET = "READ-013"
FILLED_DOWN = "READ-014"
ZERO_AND_ROWS = "READ-015"
EXTRA_COLUMN = "READ-016"
DOUBLE_COLUMN = "READ-017"
SHEET_SKIPPED = "READ-022"
STRAY_TEXT = "READ-023"
HEAD_CONTRADICTION = "READ-024"
RENAMED_COLUMN = "READ-028"
HIDDEN_ROWS = "READ-029"

_SAID_ONCE = frozenset({HeadRole.UNIT, HeadRole.FILLED_ON, HeadRole.PERIOD})  # over several tables of a sheet
_ZERO_REPORT = "零报告"
_ALIKE = 0.6  # of the characters of two headers


def read_form(workbook: Workbook, form: Form) -> Reading:
    """Return the rows, head values and totals of every sheet that holds *form*, and each thing that is unreadable."""
    reader = _Reader(words_of(form.without_serials() if workbook.is_1904 else form))
    for sheet in workbook.sheets:
        reader.read_sheet(grid_of(sheet))
    return reader.reading()


@dataclass(frozen=True, slots=True)
class _Section:
    """A form's place on a sheet: a sheet may repeat title, head and header further down."""

    head: range
    header: Header | None
    body: range


@dataclass(frozen=True, slots=True)
class _Table:
    """What stands under a header, read by column."""

    grid: Grid
    header: Header
    columns: Columns
    start: int  # the row from which the columns were read
    names: Sequence[str]  # of all that a row carries: the head's fields, and the form's columns
    rows: Sequence[tuple[Value, ...]]  # what each row carries
    wrong: Mapping[int, Sequence[tuple[str, CellRead]]]  # by position, in the order of the columns

    def is_blank(self, name: str, row: BodyRow) -> bool:
        """Say whether nothing stands in a row's cell, nor in the merged one that covers it."""
        at = self.header.columns.get(name)
        return at is None or is_blank(self.grid.cell(row.merged.get(name, row.row), at))


@dataclass(slots=True)
class _Reader:
    """Gathers a reading, sheet by sheet."""

    words: FormWords
    sections: list[Section] = field(default_factory=list)
    rows: list[FormRow] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    head_cells: dict[tuple[str, str], str] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)
    zero_marks: int = 0
    _columns: tuple[str, ...] = field(init=False)
    _shared: tuple[str, ...] = field(init=False)  # what the rows of one enterprise may take over from the one above

    def __post_init__(self) -> None:
        columns = self.words.form.columns
        self._columns = tuple(column.name for column in columns)
        self._shared = tuple(column.name for column in columns if column.merge_down and column.name != SEQUENCE)

    def reading(self) -> Reading:
        """Return what was gathered; a workbook without rows that does not say why is no report."""
        form = self.words.form
        is_zero = not self.rows and self.zero_marks > 0
        if not self.rows and not is_zero:
            self.breaches.append(Breach(NO_ROWS, None, None, None, {}))
        return Reading(
            form=form.id,
            layout_version=form.layout_version,
            head=self.sections[0].head if self.sections else dict.fromkeys(field.name for field in form.head),
            rows=tuple(self.rows),
            totals=tuple(self.totals),
            columns=self.columns,
            head_cells=self.head_cells,
            is_zero=is_zero,
            breaches=tuple(self.breaches),
            sections=tuple(self.sections),
        )

    def read_sheet(self, grid: Grid) -> None:
        """Read a sheet if it holds the form; note a visible one that does not."""
        if is_ours_beside_the_form(grid) or grid.is_blank:
            return
        sections = _sections(grid, self.words)
        if not sections:
            if not grid.sheet.is_hidden:
                self._breach(SHEET_SKIPPED, grid, found=grid.sheet.name)
            return
        before = len(self.rows)
        head = None
        for section in sections:
            head = self._read_section(grid, section, head)
        if grid.sheet.is_hidden and len(self.rows) > before:
            self._breach(HIDDEN_SHEET, grid, found=grid.sheet.name)

    def _read_section(self, grid: Grid, section: _Section, above: Mapping[str, Value] | None) -> Mapping[str, Value]:
        """Read one table; return its head, which a further page without one takes over."""
        header = section.header
        body = body_rows(grid, self.words, header, section.body) if header else []
        head = self._head(grid, section, [row.row for row in body if row.kind is RowKind.FOOT], above)
        if header is None:
            self.zero_marks += 1
            self._note_section(grid, section, head, [_ZERO_REPORT])
            return head
        self._note_columns(grid, header)
        before = len(self.rows)
        self._read_body(grid, header, section.body, body, head)
        hidden = [row.row for row in self.rows[before:] if row.row in grid.sheet.hidden_rows]
        if hidden:
            self._breach(HIDDEN_ROWS, grid, row=hidden[0] - 1, found=len(hidden))
        marks = self._zero_marks(grid, section, body)
        self.zero_marks += len(marks)
        if marks and len(self.rows) > before:
            self._breach(ZERO_AND_ROWS, grid, found=marks[0])
        self._note_section(grid, section, head, marks)
        return head

    def _note_section(self, grid: Grid, section: _Section, head: Mapping[str, Value], marks: list[str]) -> None:
        sheet, header = grid.sheet.name, section.header
        cells = {name: self.head_cells.get((sheet, name)) for name in head}
        self.sections.append(
            Section(
                sheet=sheet,
                first_row=section.head.start + 1,
                head=head,
                head_cells={name: cell for name, cell in cells.items() if cell is not None},
                columns={name: column_letter(at) for name, at in header.columns.items()} if header else {},
                zero_mark=marks[0] if marks else None,
            )
        )

    def _zero_marks(self, grid: Grid, section: _Section, body: list[BodyRow]) -> list[str]:
        if not self.words.form.allows_zero:
            return []
        notes = next((row.row for row in body if row.kind is RowKind.NOTES), grid.height)
        over_the_table = [text for row in section.head for text in grid.texts(row) if is_zero_mark(text)]
        return over_the_table + [
            row_text(grid, row.row) for row in body if row.kind is RowKind.ZERO and row.row < notes
        ]

    def _note_columns(self, grid: Grid, header: Header) -> None:
        sheet = grid.sheet.name
        self.columns.update({(sheet, name): column_letter(column) for name, column in header.columns.items()})
        for column in self.words.form.columns:
            if column.required and column.name not in header.columns:
                self._missing(grid, header, column)
        for rule, captions in ((DOUBLE_COLUMN, header.doubles), (EXTRA_COLUMN, header.extras)):
            for caption, _ in captions:
                self._breach(rule, grid, row=header.bottom, found=caption)

    def _missing(self, grid: Grid, header: Header, column: Field) -> None:
        """Tell of a column that is asked and not found; name the one that its header was made of, if one looks so."""
        wanted = (key(column.full_label), key(column.label))
        nearness = {
            caption: max(SequenceMatcher(None, key(caption), label).ratio() for label in wanted)
            for caption, _ in header.extras
        }
        nearest = max(nearness, key=lambda caption: nearness[caption], default="")
        if nearness.get(nearest, 0) < _ALIKE:
            self._breach(MISSING_COLUMN, grid, row=header.bottom, field=column.name, found=column.full_label)
            return
        facts = {"found": column.full_label, "nearest": nearest}
        self._breach(RENAMED_COLUMN, grid, row=header.bottom, field=column.name, **facts)

    def _head(
        self, grid: Grid, section: _Section, foot: list[int], above: Mapping[str, Value] | None
    ) -> Mapping[str, Value]:
        head: dict[str, Value] = dict.fromkeys(field.name for field in self.words.form.head)
        for found in head_values(grid, self.words, section.head):
            self._head_value(grid, found, head)
        if above is not None:
            is_bare = not any(value is not None for value in head.values())
            head.update(above if is_bare else self._said_once(head, above))
        for found in head_values(grid, self.words, foot):
            self._head_value(grid, found, head)
        return head

    def _said_once(self, head: Mapping[str, Value], above: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what only the first of a sheet's tables says: who reports, and when."""
        names = (field.name for field in self.words.form.head if field.role in _SAID_ONCE)
        return {name: above[name] for name in names if head[name] is None}

    def _head_value(self, grid: Grid, found: HeadValue, head: dict[str, Value]) -> None:
        place = (grid.sheet.name, found.field.name)
        value = self._value(grid, found.row, found.column, found.field, found.cell)
        known = head[found.field.name]
        if known is None:
            head[found.field.name] = value
            if value is not None or place not in self.head_cells:
                self.head_cells[place] = cell_name(found.row, found.column)
        elif value is not None and value != known:
            self._breach(
                HEAD_CONTRADICTION, grid, row=found.row, field=found.field.name, label=found.label, found=value
            )

    def _read_body(
        self, grid: Grid, header: Header, rows: range, body: list[BodyRow], head: Mapping[str, Value]
    ) -> None:
        in_notes = False
        table = self._table(grid, header, rows, head)
        enterprise: Mapping[str, Value] | None = None  # the row above, whose values a row may take over
        for row in body:
            in_notes |= row.kind is RowKind.NOTES
            if row.kind is RowKind.DATA:
                enterprise = self._read_row(table, row, enterprise)
            elif row.kind in {RowKind.TOTAL, RowKind.SUBTOTAL}:
                enterprise = None
                if row.kind is RowKind.TOTAL:
                    self._read_total(grid, header, row)
            elif row.kind is RowKind.EXAMPLE:
                self._breach(EXAMPLE_SKIPPED, grid, row=row.row)
            elif row.kind is RowKind.STRAY and not in_notes:
                self._breach(STRAY_TEXT, grid, row=row.row, found=row_text(grid, row.row))

    def _table(self, grid: Grid, header: Header, rows: range, head: Mapping[str, Value]) -> "_Table":
        columns = read_columns(grid, header, self.words.form.columns, rows)
        carried: dict[str, Iterable[Value]] = {name: repeat(value, len(rows)) for name, value in head.items()}
        carried |= {name: columns.values.get(name, repeat(None, len(rows))) for name in self._columns}
        wrong: dict[int, list[tuple[str, CellRead]]] = {}
        for name, of_column in columns.wrong:
            for position, read in of_column.items():
                wrong.setdefault(position, []).append((name, read))
        carries = list(zip(*carried.values(), strict=True))
        return _Table(grid, header, columns, rows.start, tuple(carried), carries, wrong)

    def _read_row(self, table: "_Table", row: BodyRow, above: Mapping[str, Value] | None) -> Mapping[str, Value]:
        """Add a row; return its values."""
        grid, position = table.grid, row.row - table.start
        values = dict(zip(table.names, table.rows[position], strict=True))
        for name, top in row.merged.items():
            values[name] = self._merged_value(table, name, top)
        if grid.unread:
            self._read_unread(table, row, values)
        else:
            for name, read in table.wrong.get(position, ()):
                if name not in row.merged:
                    self._breach(read.rule or "", grid, row=row.row, field=name, **read.facts)
        shared = self._shared
        if above and shared and all(values[name] is None and table.is_blank(name, row) for name in shared):
            values.update({name: above[name] for name in shared})
            self._breach(FILLED_DOWN, grid, row=row.row, found=values.get("enterprise_name"))
        self.rows.append(FormRow(grid.sheet.name, row.row + 1, values))
        return values

    def _read_unread(self, table: "_Table", row: BodyRow, values: dict[str, Value]) -> None:
        """Read a row cell by cell: on this sheet, some cells look empty and are not."""
        for name in table.columns.names:
            if name not in row.merged:
                at, wanted = table.header.columns[name], self.words.form.field(name)
                values[name] = self._value(table.grid, row.row, at, wanted, table.grid.cell(row.row, at))

    def _merged_value(self, table: "_Table", name: str, top: int) -> Value:
        if top >= table.start:
            return table.columns.values[name][top - table.start]
        return read_cell(table.grid.cell(top, table.header.columns[name]), self.words.form.field(name)).value

    def _read_total(self, grid: Grid, header: Header, row: BodyRow) -> None:
        totals = [self.words.form.field(name) for name in self.words.form.totals if name in header.columns]
        values = {
            total.name: self._value(grid, row.row, at, total, grid.cell(row.merged.get(total.name, row.row), at))
            for total in totals
            for at in (header.columns[total.name],)
        }
        self.totals.append(TotalRow(grid.sheet.name, row.row + 1, values))

    def _value(self, grid: Grid, row: int, column: int, wanted: Field, cell: Cell) -> Value:
        """Read a cell and keep what is wrong with it."""
        place = cell_name(row, column) if grid.unread else ""
        if place in grid.sheet.error_cells:
            self._breach(ERROR_CELL, grid, row=row, field=wanted.name)
            return None
        if says_nothing(cell) and place in grid.sheet.uncached_cells:
            self._breach(UNCACHED_FORMULA, grid, row=row, field=wanted.name)
            return None
        read = read_cell(cell, wanted)
        if read.rule is not None:
            self._breach(read.rule, grid, row=row, field=wanted.name, **read.facts)
        return read.value

    def _breach(
        self, rule: str, grid: Grid, *, row: int | None = None, field: str | None = None, **facts: object
    ) -> None:
        number = None if row is None else row + 1
        self.breaches.append(Breach(rule, grid.sheet.name, number, field, facts))


def _sections(grid: Grid, words: FormWords) -> list[_Section]:
    found = headers(grid, words)
    top = min([TITLE_ROWS, grid.height, *(header.top for header in found)])
    has_title = titled(grid, (words,), rows=range(top)) is not None
    if found and not has_title and not is_whole(found[0], words):
        return []
    if not found:
        return [_Section(range(grid.height), None, range(0))] if has_title and may_be_zero(grid, words) else []
    starts = [0, *(_start(grid, words, above, header) for above, header in pairwise(found))]
    ends = [*starts[1:], grid.height]
    return [
        _Section(range(start, header.top), header, range(header.bottom + 1, end))
        for start, header, end in zip(starts, found, ends, strict=True)
    ]


def _start(grid: Grid, words: FormWords, above: Header, header: Header) -> int:
    """Return the row at which a repeated form begins: at its title, or at its header if it has none."""
    reach = TITLE_ROWS + len(words.form.head)  # a card (表4) has a line for each pair of its head fields
    rows = range(header.top - 1, max(above.bottom, header.top - reach), -1)
    title = next((row for row in rows if titled(grid, (words,), rows=range(row, header.top))), header.top)
    has_number = [key(text) for text in grid.texts(title - 1)] == [key(words.form.number or "")]  # [表2]
    return title - 1 if has_number and title - 1 > above.bottom else title
