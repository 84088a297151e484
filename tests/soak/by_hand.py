"""Workbooks as a city makes them by hand: one form's words, laid out by drawn habits, with XlsxWriter alone."""

import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random

import xlsxwriter

from phaseout.domain.form import Field, FieldType, Form
from phaseout.domain.submission import Cell, Value
from phaseout.ports import FormSheet
from tests.soak.habits import Habits

SEQUENCE = "seq"
_CARD_FROM = 9  # head fields; with more, label and value stand beside each other, two a line
_EPOCH = date(1899, 12, 30)
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(slots=True)
class Written:
    """A workbook, and the rows that its reading must give, in order."""

    content: bytes
    rows: list[Mapping[str, Value]] = field(default_factory=list)


def write(form: Form, sheets: Sequence[FormSheet], habits: Habits, chance: Random) -> Written:
    """Return the .xlsx that a clerk of these habits makes of a form."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    clerk = _Clerk(book, form, habits, chance)
    parts = [_numbered(part, habits) for sheet in sheets for part in _divided(form, sheet, habits)]
    is_stacked = habits.divided == "one sheet below each other"
    clerk.write_beside("填表说明", ["填表说明", f"1. {form.title}按月填报，没有的填“零报告”。"], habits.has_help_sheet)
    for number, part in enumerate(parts):
        clerk.write_table(part, is_stacked=is_stacked and number > 0)
    clerk.write_beside("照片", ["现场照片另附"], habits.has_photo_sheet)
    book.close()
    return Written(target.getvalue(), [{**part.head, **row} for part in parts for row in part.rows])


def _divided(form: Form, sheet: FormSheet, habits: Habits) -> Iterator[FormSheet]:
    """Divide a table by industry where its rows name it; each part says the whole head."""
    by = "industry"
    if habits.divided == "one table" or not any(column.name == by for column in form.columns) or len(sheet.rows) < 2:
        yield sheet
        return
    rows = sorted(sheet.rows, key=lambda row: str(row[by]))
    for name, members in itertools.groupby(rows, key=lambda row: str(row[by])):
        yield replace(sheet, name=name, rows=tuple(members))


def _numbered(sheet: FormSheet, habits: Habits) -> FormSheet:
    rows: list[Mapping[str, Value]] = []
    county, enterprise, number = None, None, 0
    for row in sheet.rows:
        if SEQUENCE not in row:
            return sheet
        place = (row.get("county"), row.get("uscc"))
        if habits.sequence == "by county" and place[0] != county:
            number = 0
        is_same = place[1] is not None and place == (county, enterprise)
        number += not (habits.sequence == "by enterprise" and is_same)
        county, enterprise = place
        rows.append({**row, SEQUENCE: number})
    return replace(sheet, rows=tuple(rows))


class _Clerk:
    """Writes tables of one form into a workbook, cell by cell."""

    def __init__(self, book: xlsxwriter.Workbook, form: Form, habits: Habits, chance: Random) -> None:
        self._book = book
        self._form = form
        self._habits = habits
        self._chance = chance
        self._day = book.add_format({"num_format": "yyyy/m/d"})
        self._sheet = None
        self._row = 0
        self._names: set[str] = set()
        self._blocks = self._drawn_blocks()

    def write_beside(self, name: str, lines: Sequence[str], is_wanted: bool) -> None:  # noqa: FBT001 - a habit
        if is_wanted:
            sheet = self._book.add_worksheet(name)
            sheet.write_column(0, 0, lines)

    def write_table(self, sheet: FormSheet, *, is_stacked: bool) -> None:
        if is_stacked:
            self._row += 2
        else:
            self._sheet = self._book.add_worksheet(self._free(sheet.name))
            self._row = self._chance.choice((0, 0, 1))
        self._write_title()
        self._write_fields([f for f in self._form.head if not f.foot], sheet.head)
        self._write_header()
        if sheet.rows:
            self._write_rows(sheet)
        else:
            self._write_zero()
        self._row += self._chance.choice((0, 1))
        self._write_fields([f for f in self._form.head if f.foot], sheet.head)
        self._write_notes()

    def _free(self, name: str) -> str:
        wanted = (name or "报表")[:25]
        known = next(n for n in (wanted, *(f"{wanted}({at})" for at in range(2, 99))) if n not in self._names)
        self._names.add(known)
        return known

    def _drawn_blocks(self) -> list[list[Field | str]]:
        """Return the columns, those of one group together; a stranger's column is its caption alone."""
        is_one_row = self._habits.header == "one row"
        groups = itertools.groupby(self._form.columns, key=lambda f: (f.group or f.name) if not is_one_row else f.name)
        blocks: list[list[Field | str]] = [list(members) for _, members in groups]
        if self._habits.is_shuffled:
            first, *others = blocks
            self._chance.shuffle(others)
            blocks = [first, *others]  # the first column says what a row is: a total, an example
        for caption in self._habits.extra_columns:
            blocks.insert(self._chance.randint(1, len(blocks)), [caption])
        return blocks

    @property
    def _columns(self) -> list[Field | str]:
        return [column for block in self._blocks for column in block]

    @property
    def _left(self) -> int:
        return 1 if self._habits.has_blank_column else 0

    def _write_title(self) -> None:
        title, number = self._form.title, self._form.number
        lines = {
            "one row": [title],
            "two rows": [title[: len(title) // 2], title[len(title) // 2 :]],
            "spaced": [" ".join(title)],
            "numbered": [f"{number} {title}" if number else title],
        }[self._habits.title]
        for line in lines:
            last = self._left + len(self._columns) - 1
            self._sheet.merge_range(self._row, self._left, self._row, last, line)
            self._row += 1

    def _write_fields(self, fields: Sequence[Field], head: Mapping[str, Value]) -> None:
        if self._habits.head == "one cell" and len(fields) <= _CARD_FROM:
            texts = [f"{one.label}：{self._plain(one, head.get(one.name))}" for one in fields]
            self._sheet.write_string(self._row, self._left, "   ".join(texts))
            self._row += 1
            return
        for pair in (fields[at : at + 2] for at in range(0, len(fields), 2)):
            for place, one in enumerate(pair):
                self._sheet.write_string(self._row, self._left + 4 * place, f"{one.label}：")
                value = head.get(one.name)
                cell = self._cell(one, value) if value is not None else None
                self._put(self._row, self._left + 4 * place + 1, cell)
            self._row += 1

    def _plain(self, one: Field, value: Value) -> str:
        if value is None:
            return "  年  月  日" if one.type is FieldType.DATE else ""
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        if isinstance(value, bool):
            return "是" if value else "否"
        return f"{value}{'%' if one.unit == '%' else ''}"

    def _write_header(self) -> None:
        has_groups = any(isinstance(c, Field) and c.group for c in self._columns) and self._habits.header != "one row"
        column = self._left
        for block in self._blocks:
            first = block[0]
            group = first.group if isinstance(first, Field) and has_groups else None
            for one in block:
                label = one if isinstance(one, str) else one.label
                if isinstance(one, Field) and one.group and not has_groups:
                    label = f"{one.group}{one.label}"
                self._caption(column, label, below=has_groups and group is not None, over_two=has_groups)
                column += 1
            if group is not None:
                self._span(self._row, column - len(block), column - 1, self._spelt(group))
        self._row += 2 if has_groups else 1
        if self._habits.has_numbered_columns:
            self._sheet.write_row(self._row, self._left, range(1, len(self._columns) + 1))
            self._row += 1

    def _caption(self, column: int, label: str, *, below: bool, over_two: bool) -> None:
        if below:
            self._sheet.write_string(self._row + 1, column, self._spelt(label))
        elif over_two:
            self._sheet.merge_range(self._row, column, self._row + 1, column, self._spelt(label))
        else:
            self._sheet.write_string(self._row, column, self._spelt(label))

    def _spelt(self, label: str) -> str:
        match self._habits.header:
            case "newlines":
                middle = len(label) // 2
                return f"{label[:middle]}\n{label[middle:]}"
            case "full width":
                return label.translate(_FULL_WIDTH).replace("（", "(").replace("）", ")")
            case "spaced":
                return " ".join(label)
            case _:
                return label

    def _span(self, row: int, first: int, last: int, text: str) -> None:
        if first < last:
            self._sheet.merge_range(row, first, row, last, text)
        else:
            self._sheet.write_string(row, first, text)

    def _write_zero(self) -> None:
        words = self._chance.choice(
            (["零报告"], ["1", "无"], ["", "本市无此类企业"], ["无", "无", "无"], [1, "零报告。"])
        )
        for place, word in enumerate(words):
            self._put(self._row, self._left + place, word)
        self._row += 1

    def _write_rows(self, sheet: FormSheet) -> None:
        if self._habits.has_example and self._columns[0].name == SEQUENCE:
            self._write_cells({**sheet.rows[0], SEQUENCE: "示例"})
        for _, of_county in itertools.groupby(sheet.rows, key=lambda row: row.get("county")):
            rows = list(of_county)
            for _, group in itertools.groupby(rows, key=self._enterprise_values):
                self._write_enterprise(list(group))
            if self._habits.has_subtotals and self._form.totals and "county" in rows[0]:
                self._write_sum(rows, f"{rows[0]['county']}小计")
        if self._habits.has_total and self._form.totals:
            self._write_sum(sheet.rows, self._chance.choice(("合计", "合 计", "总计")))

    @property
    def _shared(self) -> tuple[str, ...]:
        return tuple(f.name for f in self._form.columns if f.merge_down and f.name != SEQUENCE)

    def _enterprise_values(self, row: Mapping[str, Value]) -> object:
        return tuple(row[name] for name in self._shared) or id(row)

    def _write_enterprise(self, rows: Sequence[Mapping[str, Value]]) -> None:
        below = self._habits.below_enterprise if len(rows) > 1 else "repeated"
        left_out = {"repeated": set(), "blank": set(self._shared), "merged": set(self._shared)}[below]
        if below == "merged":
            if len({row[SEQUENCE] for row in rows}) == 1:
                left_out.add(SEQUENCE)
            for place, column in enumerate(self._columns, start=self._left):
                if isinstance(column, Field) and column.name in left_out:
                    self._sheet.merge_range(self._row, place, self._row + len(rows) - 1, place, "")
        for number, row in enumerate(rows):
            self._write_cells(row, left_out=frozenset(left_out if number else ()))

    def _write_cells(self, row: Mapping[str, Value], *, left_out: frozenset[str] = frozenset()) -> None:
        for place, column in enumerate(self._columns, start=self._left):
            if isinstance(column, str):
                self._put(self._row, place, "某镇")
            elif column.name not in left_out:
                self._put(self._row, place, self._cell(column, row.get(column.name)))
        self._row += 1

    def _write_sum(self, rows: Sequence[Mapping[str, Value]], word: str) -> None:
        for place, column in enumerate(self._columns, start=self._left):
            if place == self._left:
                self._put(self._row, place, word)
            elif isinstance(column, Field) and column.name in self._form.totals:
                self._put(self._row, place, float(sum(row[column.name] or 0 for row in rows)))
        self._row += 1

    def _write_notes(self) -> None:
        if self._chance.random() < 0.3:
            self._row += 1
            self._put(self._row, self._left, "注：1.本表一式两份。")
            self._put(self._row + 1, self._left, "2.没有企业的行业报送零报告。")
            self._row += 2

    def _cell(self, column: Field, value: Value) -> Cell:
        """Return a value as this clerk types it."""
        if value is None:
            return self._habits.nothing
        if isinstance(value, bool):
            return self._habits.yes_no[0 if value else 1]
        if isinstance(value, date):
            return self._typed_day(value)
        if column.type is FieldType.MONTH:
            return self._typed_month(str(value))
        if isinstance(value, int | Decimal):
            return self._typed_number(column, value)
        return value

    def _typed_day(self, day: date) -> Cell:
        dotted, serial = f"{day.year}.{day.month}.{day.day}", (day - _EPOCH).days
        shapes: dict[str, Cell] = {
            "dotted": dotted,
            "dashed": day.isoformat(),
            "slashed": dotted.replace(".", "/"),
            "chinese": f"{day.year}年{day.month}月{day.day}日",
            "full width": dotted.translate(_FULL_WIDTH),
            "serial": float(serial),
            "serial text": str(serial),
        }
        return shapes.get(self._habits.days, day)

    def _typed_month(self, month: str) -> Cell:
        year, number = month.split("-")
        match self._habits.days:
            case "dotted":
                return f"{year}.{int(number)}"
            case "chinese" | "serial text":
                return f"{year}年{int(number)}月"
            case "slashed":
                return f"{year}/{number}"
            case "full width":
                return f"{year}年{int(number)}月".translate(_FULL_WIDTH)
            case "real":
                return date(int(year), int(number), 1)
            case _:
                return month

    def _typed_number(self, column: Field, value: int | Decimal) -> Cell:
        if column.unit == "%":
            return f"{value}%"
        match self._habits.numbers:
            case "texts":
                return str(value)
            case "full width":
                return str(value).translate(_FULL_WIDTH)
            case "thousands":
                return f"{value:,}"
            case _:
                return float(value)

    def _put(self, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, date):
            self._sheet.write_datetime(row, column, cell, self._day)
        elif isinstance(cell, int | float):
            self._sheet.write_number(row, column, cell)
        elif cell:
            self._sheet.write_string(row, column, cell)
