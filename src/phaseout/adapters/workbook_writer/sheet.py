"""Writes one sheet of a form: title, head, table, total, foot."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from phaseout.adapters.workbook_writer.looks import LINE_HEIGHT, Looks, lines_needed, text_width
from phaseout.domain.cell_text import writable
from phaseout.domain.form import Field, FieldType, Form
from phaseout.domain.submission import Value
from phaseout.ports import FormSheet

_RULED_ROWS, _RULED_ROWS_OF_A_CARD = 15, 5  # what a blank form offers to fill in
_HEAD_ON_LINES = 9  # with more head fields than this, they are boxed as a card
_A4 = 9  # what every city's printer has, the two copies with seal too
_DEEPEST_FREEZE = 10  # rows; freezing more would leave no room to scroll
_SHORT_VALUE, _LONG_VALUE, _SHORT_COLUMN = 14, 26, 9
_TALLEST_ROW = 409  # points; a spreadsheet takes no more
_EXACT_DIGITS = 10**15
_ZERO_REPORT = "零报告"
_SEQUENCE = "seq"
_CARD_CUTS = (0.18, 0.5, 0.68)  # label, value, label, value: two fields a line


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a head field goes: its line, and the columns of its label and its value."""

    field: Field
    line: int
    label: tuple[int, int]
    value: tuple[int, int]


class SheetWriter:
    """Writes a form sheet into a worksheet; *lists* are the drop-downs by field."""

    def __init__(
        self,
        worksheet: Any,  # noqa: ANN401 - XlsxWriter is untyped here
        form: Form,
        looks: Looks,
        lists: Mapping[str, Sequence[str] | str],
    ) -> None:
        self._worksheet = worksheet
        self._form = form
        self._looks = looks
        self._lists = lists
        self._widths = [column.width for column in form.columns]
        self._last = len(form.columns) - 1
        self._is_card = sum(not field.foot for field in form.head) > _HEAD_ON_LINES

    def write(self, sheet: FormSheet) -> None:
        """Write everything, from top to bottom."""
        for column, width in enumerate(self._widths):
            self._worksheet.set_column(column, column, width)
        row = self._write_title()
        row = self._write_head(row, [f for f in self._form.head if not f.foot], sheet.head, hint=self._form.unit_hint)
        body = self._write_header(row)
        row = self._write_body(body, sheet)
        self._write_head(row + 1, [f for f in self._form.head if f.foot], sheet.head, hint=None)
        self._set_page(row, body)

    def _write_title(self) -> int:
        if self._form.number:
            self._worksheet.write_string(0, 0, f"[{self._form.number}]", self._looks.number)
        self._span(1, 0, self._last, self._form.title, self._looks.title)
        self._worksheet.set_row(1, 30)
        return 2

    def _write_head(self, row: int, fields: Sequence[Field], head: Mapping[str, Value], *, hint: str | None) -> int:
        is_card = self._is_card and not all(field.foot for field in fields)
        slots = list(_card(fields, self._widths) if is_card else _lines(fields, self._widths))
        lines = 1 + max((slot.line for slot in slots), default=-1)
        for slot in slots:
            self._write_slot(row + slot.line, slot, head.get(slot.field.name), boxed=is_card)
        for line in range(lines):
            self._worksheet.set_row(row + line, self._line_height([s for s in slots if s.line == line], head))
        row += lines
        if hint:
            self._worksheet.write_string(row, self._last, f"单位：{hint}", self._looks.hint)
            row += 1
        return row

    def _write_slot(self, row: int, slot: _Slot, value: Value, *, boxed: bool) -> None:
        label, looks = _head_label(slot.field), self._looks
        self._span(row, *slot.label, label if boxed else f"{label}：", looks.card_label if boxed else looks.label)
        look = looks.value(slot.field.type, border=boxed)
        if slot.value[0] < slot.value[1]:
            self._worksheet.merge_range(row, slot.value[0], row, slot.value[1], "", look)
        self._put(row, slot.value[0], slot.field, value, look)
        self._validate(slot.field, row, slot.value[0], row, slot.value[0])

    def _line_height(self, slots: Sequence[_Slot], head: Mapping[str, Value]) -> int:
        texts = [(str(head.get(slot.field.name) or ""), slot.value) for slot in slots]
        needed = [lines_needed(text, sum(self._widths[first : last + 1])) for text, (first, last) in texts]
        return min(LINE_HEIGHT * max(needed, default=1) + 6, _TALLEST_ROW)

    def _write_header(self, row: int) -> int:
        columns, look = self._form.columns, self._looks.header
        has_groups = any(column.group for column in columns)
        bottom = row + has_groups
        for group, members in itertools.groupby(enumerate(columns), key=lambda pair: pair[1].group):
            places = [column for column, _ in members]
            if group:
                self._span(row, places[0], places[-1], group, look)
            for place in places:
                if has_groups and not group:
                    self._worksheet.merge_range(row, place, bottom, place, columns[place].label, look)
                else:
                    self._worksheet.write_string(bottom, place, columns[place].label, look)
        lower = max(lines_needed(c.label, c.width) for c in columns if c.group or not has_groups)
        whole = max((lines_needed(c.label, c.width) for c in columns if not c.group), default=1)
        self._worksheet.set_row(bottom, LINE_HEIGHT * max(lower, whole - has_groups) + 4)
        if has_groups:
            self._worksheet.set_row(row, LINE_HEIGHT + 4)
        return bottom + 1

    def _write_body(self, row: int, sheet: FormSheet) -> int:
        """Write the rows and what they add up to; return the row below."""
        if sheet.is_zero and not sheet.rows:
            self._span(row, 0, self._last, _ZERO_REPORT, self._looks.zero)
            self._worksheet.set_row(row, 24)
            return row + 1
        count = len(sheet.rows) or (_RULED_ROWS_OF_A_CARD if self._is_card else _RULED_ROWS)
        looks = [
            self._looks.value(column.type, border=True, centred=_is_short(column)) for column in self._form.columns
        ]
        for number, values in enumerate(sheet.rows, start=1):
            for place, column in enumerate(self._form.columns):
                value = values.get(column.name)
                value = number if value is None and column.name == _SEQUENCE else value
                self._put(row + number - 1, place, column, value, looks[place])
            self._worksheet.set_row(row + number - 1, self._row_height(values))
        for blank in range(row + len(sheet.rows), row + count):
            self._worksheet.set_row(blank, LINE_HEIGHT + 6)
            for place, look in enumerate(looks):
                self._worksheet.write_blank(blank, place, None, look)
        for place, column in enumerate(self._form.columns):
            self._validate(column, row, place, row + count - 1, place)
        return self._write_totals(row + count, sheet)

    def _row_height(self, values: Mapping[str, Value]) -> int:
        texts = ((values.get(column.name), column.width) for column in self._form.columns)
        needed = (lines_needed(text, width) for text, width in texts if isinstance(text, str))
        return min(LINE_HEIGHT * max(needed, default=1) + 3, _TALLEST_ROW)

    def _write_totals(self, row: int, sheet: FormSheet) -> int:
        """Write the 合计 row of a filled form; on one still to be filled in, it would soon be wrong."""
        if not self._form.totals or not sheet.rows or (sheet.stated_totals is None and not sheet.head.get("filled_on")):
            return row
        places = {column.name: place for place, column in enumerate(self._form.columns)}
        first = min(places[name] for name in self._form.totals)
        self._span(row, 0, min(first - 1, 3), "合计", self._looks.total_label)
        for column in self._form.columns[min(first, 4) :]:
            look = self._looks.value(
                FieldType.INTEGER if column.name in self._form.totals else column.type, border=True
            )
            value = _total(column.name, sheet) if column.name in self._form.totals else None
            self._put(row, places[column.name], column, value, look)
        return row + 1

    def _put(self, row: int, place: int, field: Field, value: Value, look: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped here
        worksheet = self._worksheet
        if value is None or value == "":
            worksheet.write_blank(row, place, None, look)
        elif isinstance(value, bool):
            worksheet.write_string(row, place, "是" if value else "否", look)
        elif isinstance(value, date):
            worksheet.write_datetime(row, place, datetime.combine(value, time()), look)
        elif field.type is FieldType.MONTH and isinstance(value, str):
            worksheet.write_datetime(row, place, datetime.strptime(f"{value}-01", "%Y-%m-%d"), look)  # noqa: DTZ007 - a day
        elif isinstance(value, int | float | Decimal) and _fits_number(field, value):
            worksheet.write_number(row, place, float(value), look)
        else:
            worksheet.write_string(row, place, _as_text(field, value), look)

    def _validate(self, field: Field, top: int, left: int, bottom: int, right: int) -> None:
        rule = self._rule(field)
        if rule is not None:
            self._worksheet.data_validation(top, left, bottom, right, {**rule, **_messages(field)})

    def _rule(self, field: Field) -> dict[str, object] | None:
        if field.name in self._lists:
            is_open = field.type is FieldType.TEXT
            return {
                "validate": "list",
                "source": self._lists[field.name],
                "error_type": "warning" if is_open else "stop",
            }
        if field.type is FieldType.INTEGER and field.name != _SEQUENCE:  # people write 零报告 into the first cell
            return {"validate": "integer", "criteria": ">=", "value": 0}
        if field.type is FieldType.DECIMAL and field.unit != "%":
            return {"validate": "decimal", "criteria": ">=", "value": 0}
        if field.type in {FieldType.DATE, FieldType.MONTH}:
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": date(1949, 10, 1),
                "maximum": date(2099, 12, 31),
            }
        return {"validate": "any"} if field.help else None

    def _span(self, row: int, first: int, last: int, text: str, look: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped here
        if first == last:
            self._worksheet.write_string(row, first, text, look)
        else:
            self._worksheet.merge_range(row, first, row, last, "", look)
            self._worksheet.write_string(row, first, text, look)

    def _set_page(self, last: int, body: int) -> None:
        worksheet = self._worksheet
        worksheet.set_landscape()
        worksheet.set_paper(_A4)
        worksheet.set_margins(left=0.25, right=0.25, top=0.4, bottom=0.5)
        worksheet.fit_to_pages(1, 0)
        worksheet.print_area(0, 0, last + 4, self._last)
        worksheet.set_footer("&C第 &P 页，共 &N 页")
        if body <= _DEEPEST_FREEZE:
            worksheet.freeze_panes(body, 0)
        header_rows = 2 if any(column.group for column in self._form.columns) else 1
        worksheet.repeat_rows(body - header_rows, body - 1)
        worksheet.hide_gridlines(2)


def _is_short(column: Field) -> bool:
    """Say whether a column is for a word or two, which stand in its middle."""
    return column.width <= _SHORT_COLUMN and not column.free_text


def _head_label(field: Field) -> str:
    group = f"（{field.group}）" if field.group else ""
    return f"{field.label}{'（%）' if field.unit == '%' else ''}{group}"


def _lines(fields: Sequence[Field], widths: Sequence[int]) -> Iterator[_Slot]:
    """Place fields one behind the other, each label and value over as many columns as it needs; free text alone."""
    line, column = 0, 0
    for field in fields:
        if field.free_text and column:
            line, column = line + 1, 0
        wide = field.type is FieldType.TEXT and not field.personal
        label = _reach(widths, column, text_width(_head_label(field)) + 3)
        value = label and _reach(widths, label[1] + 1, _LONG_VALUE if wide else _SHORT_VALUE)
        if not label or not value:
            line, column = line + 1, 0
            label = _reach(widths, 0, text_width(_head_label(field)) + 3) or (0, 0)
            value = _reach(widths, label[1] + 1, _SHORT_VALUE) or (label[1] + 1, len(widths) - 1)
        value = (value[0], len(widths) - 1) if field.free_text else value
        yield _Slot(field, line, label, value)
        column = value[1] + 1


def _reach(widths: Sequence[int], start: int, room: int) -> tuple[int, int] | None:
    """Return the columns from *start* that together give enough room; None if the sheet ends before."""
    for end in range(start, len(widths)):
        if sum(widths[start : end + 1]) >= room:
            return start, end
    return None


def _card(fields: Sequence[Field], widths: Sequence[int]) -> Iterator[_Slot]:
    """Place fields in boxes, two a line, with borders at the columns nearest to fixed shares of the width.

    Free text, and a field that would stand alone, takes its whole line.
    """
    ends = list(itertools.accumulate(widths))
    cuts = [min(range(len(ends)), key=lambda at: abs(ends[at] - share * ends[-1])) for share in _CARD_CUTS]
    left, right = (0, cuts[0]), (cuts[1] + 1, cuts[2])
    last = len(widths) - 1
    line, is_left = 0, True
    for field, following in itertools.zip_longest(fields, fields[1:]):
        is_alone = is_left and (field.free_text or following is None or following.free_text)
        if is_left:
            yield _Slot(field, line, left, (cuts[0] + 1, last if is_alone else cuts[1]))
        else:
            yield _Slot(field, line, right, (cuts[2] + 1, last))
        line += is_alone or not is_left
        is_left = is_alone or not is_left


def _total(name: str, sheet: FormSheet) -> Value:
    if sheet.stated_totals is not None and name in sheet.stated_totals:
        return sheet.stated_totals[name]
    numbers = [value for row in sheet.rows if isinstance(value := row.get(name), int | Decimal)]
    return sum(numbers, start=Decimal()) if any(isinstance(n, Decimal) for n in numbers) else int(sum(numbers))


def _fits_number(field: Field, value: float | Decimal) -> bool:
    """Say whether a spreadsheet's number keeps a value; a percentage up to one would be read as a fraction."""
    if field.type not in {FieldType.INTEGER, FieldType.DECIMAL} or abs(float(value)) >= _EXACT_DIGITS:
        return False
    if field.unit == "%" and 0 < abs(float(value)) <= 1:
        return False
    return not isinstance(value, Decimal) or Decimal(format(float(value), ".15g")) == value


def _as_text(field: Field, value: Value) -> str:
    words = f"{value:f}" if isinstance(value, Decimal) else writable(str(value))
    return f"{words}%" if field.unit == "%" else words


def _messages(field: Field) -> dict[str, object]:
    """Return what the spreadsheet says beside a cell and when it refuses an entry; short, as it demands."""
    messages: dict[str, object] = {"error_title": "填写有误", "error_message": "请按填表说明填写"}
    if field.help:
        messages |= {"input_title": field.label[:32], "input_message": field.help[:255]}
    return messages
