"""How the cells of a form look: fonts, borders, number formats; and how much room a text needs."""

import math
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from phaseout.domain.form import FieldType

SONG, HEI = "宋体", "黑体"
LINE_HEIGHT = 15
_NUMBER_FORMATS: Mapping[FieldType, str] = {
    FieldType.TEXT: "@",
    FieldType.CODE: "@",
    FieldType.CHOICE: "@",
    FieldType.FLAG: "@",
    FieldType.INTEGER: "0",
    FieldType.DECIMAL: "General",
    FieldType.DATE: "yyyy-mm-dd",  # narrower than 年月日: a date that does not fit shows as ####
    FieldType.MONTH: "yyyy-mm",
}
_LONG_DATE = 'yyyy"年"m"月"d"日"'
_LEFT = frozenset({FieldType.TEXT})


class Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped here
        self._workbook = workbook
        self.number = self._look(size=10)
        self.title = self._look(font=HEI, size=18, align="center")
        self.hint = self._look(size=10, align="right")
        self.label = self._look(size=10, align="right")
        self.card_label = self._look(size=10, align="center", wrap=True, border=True, fill="#F2F2F2")
        self.header = self._look(size=10, align="center", wrap=True, border=True, bold=True, fill="#F2F2F2")
        self.total_label = self._look(size=10, align="center", border=True, bold=True)
        self.zero = self._look(size=12, align="center", border=True)
        self.note = self._look(size=11, align="left", wrap=True)
        self.note_title = self._look(font=HEI, size=16, align="left")
        self._values = {
            (kind, border, centred): self._look(
                size=10,
                align="left" if kind in _LEFT and not centred else "center",
                wrap=True,
                border=border,
                bottom=not border,
                num_format=num_format if border or kind is not FieldType.DATE else _LONG_DATE,
            )
            for kind, num_format in _NUMBER_FORMATS.items()
            for border in (True, False)
            for centred in ((True, False) if kind in _LEFT else (False,))
        }

    def value(self, kind: FieldType, *, border: bool, centred: bool = False) -> Any:  # noqa: ANN401 - XlsxWriter is untyped here
        """Return the format of a cell to fill in, boxed or on a line; all but texts are centred anyway."""
        return self._values[kind, border, centred and kind in _LEFT]

    def _look(
        self,
        *,
        font: str = SONG,
        size: int,
        align: str = "left",
        wrap: bool = False,
        border: bool = False,
        bottom: bool = False,
        bold: bool = False,
        fill: str | None = None,
        num_format: str | None = None,
    ) -> Any:  # noqa: ANN401 - XlsxWriter is untyped here
        properties: dict[str, object] = {"font_name": font, "font_size": size, "align": align, "valign": "vcenter"}
        properties |= {"text_wrap": True} if wrap else {}
        properties |= {"border": 1} if border else {"bottom": 4} if bottom else {}
        properties |= {"bold": True} if bold else {}
        properties |= {"bg_color": fill} if fill else {}
        properties |= {"num_format": num_format} if num_format else {}
        return self._workbook.add_format(properties)


@lru_cache(maxsize=16_384)
def text_width(text: str) -> int:
    """Return how many columns of a fixed pitch a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def lines_needed(text: str, width: float) -> int:
    """Return on how many lines a text breaks in a cell of a width; a line takes whole Chinese characters."""
    room = max(int((width - 1.2) // 2) * 2, 2)
    return sum(max(1, math.ceil(text_width(line) / room)) for line in text.split("\n"))
