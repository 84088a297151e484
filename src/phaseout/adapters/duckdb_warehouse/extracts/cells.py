"""Cells of a workbook: texts stay texts whatever they look like, dates are dates, and no figure loses a digit."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any
from unicodedata import east_asian_width

from phaseout.domain.cell_text import writable

NARROWEST, WIDEST, MARGIN = 8, 46, 3  # in half-width characters
EXACT_DIGITS = 15  # a spreadsheet keeps no more
FIRST_DAY = date(1900, 3, 1)  # before that, spreadsheets count a day that never was
LONGEST = 32_767  # characters that a cell takes

_FONT: dict[str, object] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_LOOKS: dict[str, dict[str, object]] = {
    "title": {"font_name": "黑体", "font_size": 16, "valign": "vcenter"},
    "heading": {"font_name": "黑体", "font_size": 12, "valign": "vcenter"},
    "head": _FONT | {"font_name": "黑体", "bg_color": "#E8ECF1", "border": 1, "text_wrap": True, "align": "center"},
    "plain": _FONT,
    "text": _FONT | {"num_format": "@"},
    "number": _FONT | {"num_format": "General"},
    "day": _FONT | {"num_format": "yyyy-mm-dd", "align": "center"},
    "instant": _FONT | {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "center"},
}


class Cells:
    """Writes values into the sheets of one workbook."""

    def __init__(self, workbook: Any) -> None:  # noqa: ANN401  XlsxWriter has no types
        self._looks = {name: workbook.add_format(look) for name, look in _LOOKS.items()}

    def text(self, page: Any, row: int, column: int, words: str, *, look: str) -> None:  # noqa: ANN401  as above
        """Write a text that never becomes a formula, a link or a number."""
        page.write_string(row, column, writable(words)[:LONGEST], self._looks[look])

    def head(self, page: Any, row: int, words: Sequence[str]) -> None:  # noqa: ANN401  as above
        """Write a row of headers."""
        page.set_row(row, 32)
        for column, one in enumerate(words):
            self.text(page, row, column, one, look="head")

    def row(self, page: Any, row: int, values: Sequence[object]) -> None:  # noqa: ANN401  as above
        """Write the values of one row; where there is none, nothing."""
        for column, value in enumerate(values):
            if value is not None:
                self._write(page, row, column, value)

    def _write(self, page: Any, row: int, column: int, value: object) -> None:  # noqa: ANN401  as above
        match value:
            case str():
                self.text(page, row, column, value, look="text")
            case bool():
                self.text(page, row, column, "是" if value else "否", look="text")
            case int() | float() | Decimal() if is_exact(value):
                page.write_number(row, column, value, self._looks["number"])
            case datetime() if value.date() >= FIRST_DAY:
                page.write_datetime(row, column, value, self._looks["instant"])
            case date() if not isinstance(value, datetime) and value >= FIRST_DAY:
                page.write_datetime(row, column, value, self._looks["day"])
            case list():
                self.text(page, row, column, "、".join(map(str, value)), look="text")
            case _:
                self.text(page, row, column, str(value), look="text")


def width_of(label: str, values: Sequence[object]) -> int:
    """Return how wide a column must be for its header and its first values."""
    longest = max((_length(str(value)) for value in values if value is not None), default=0)
    return min(max(longest, _length(label), NARROWEST) + MARGIN, WIDEST)


def is_exact(value: float | Decimal) -> bool:
    """Say whether a spreadsheet shows all digits of a figure; one that it would round stays a text."""
    if isinstance(value, float):
        return isfinite(value)
    digits = str(abs(value)).replace(".", "").strip("0")
    return (digits.isdecimal() and len(digits) <= EXACT_DIGITS) or not digits


def _length(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
