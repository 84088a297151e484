"""How a marked copy looks: plain official cells, and four severities that can be told apart in print as well."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Any

from phaseout.domain.finding import Severity

SONG, HEI = "宋体", "黑体"
GENERAL, TEXT = "General", "@"
_MEDIUM, _MEDIUM_DASHED, _DASHED, _THIN = 2, 8, 3, 1


@dataclass(frozen=True, slots=True)
class Shade:
    """How a severity shows: a light fill under the text, and a border of its own for black and white."""

    word: str
    fill: str
    line: str
    border: int


SHADES: Mapping[Severity, Shade] = {
    Severity.BLOCKING: Shade("阻断", "#FF9F9F", "#9C0006", _MEDIUM),
    Severity.ERROR: Shade("错误", "#FFC7CE", "#C00000", _MEDIUM),
    Severity.WARNING: Shade("警告", "#FFEB9C", "#9C5700", _MEDIUM_DASHED),
    Severity.NOTE: Shade("提示", "#DDEBF7", "#1F4E79", _DASHED),
}
WEIGHTS = tuple(SHADES)  # from the heaviest on


class Part(Enum):
    """What a cell of the copy is part of."""

    TITLE = auto()
    HEADER = auto()
    BODY = auto()
    BESIDE = auto()  # above, below or next to the table
    BESIDE_MERGED = auto()  # there, over several columns: what is longer than they are wide goes on below
    LIST = auto()
    LIST_CENTRED = auto()
    LIST_LINK = auto()
    LIST_OPEN = auto()  # where the unit may write on the protected list
    LIST_TEXT = auto()


_BOXED: Mapping[str, object] = {"border": _THIN, "text_wrap": True, "font_size": 10}
_CENTRED: Mapping[str, object] = {"align": "center", "valign": "vcenter"}
_LEFT: Mapping[str, object] = {"align": "left", "valign": "vcenter"}
_PARTS: Mapping[Part, Mapping[str, object]] = {
    Part.TITLE: {"font_name": HEI, "font_size": 16, **_CENTRED},
    Part.HEADER: {**_BOXED, **_CENTRED, "bold": True, "bg_color": "#F2F2F2"},
    Part.BODY: {**_BOXED, "valign": "vcenter"},
    Part.BESIDE: {"font_size": 10, "valign": "vcenter"},
    Part.BESIDE_MERGED: {"font_size": 10, **_LEFT},  # a number at the right would touch the label behind it
    Part.LIST: {**_BOXED, **_LEFT},
    Part.LIST_CENTRED: {**_BOXED, **_CENTRED},
    Part.LIST_LINK: {**_BOXED, **_CENTRED, "font_color": "#0563C1", "underline": 1},
    Part.LIST_OPEN: {**_BOXED, **_LEFT, "locked": False, "num_format": TEXT},
    Part.LIST_TEXT: {"font_size": 11, "text_wrap": True, "align": "left", "valign": "top"},
}


class Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped here
        self._workbook = workbook
        self._made: dict[tuple[Part, str, Severity | None], Any] = {}

    def of(self, part: Part, num_format: str = GENERAL, severity: Severity | None = None) -> Any:  # noqa: ANN401 - XlsxWriter is untyped here
        """Return the format of a cell; *severity* colours it."""
        kind = (part, num_format, severity)
        if kind not in self._made:
            self._made[kind] = self._workbook.add_format(_properties(*kind))
        return self._made[kind]


def _properties(part: Part, num_format: str, severity: Severity | None) -> dict[str, object]:
    properties: dict[str, object] = {"font_name": SONG, **_PARTS[part]}
    if part is Part.BODY:
        properties["align"] = "left" if num_format == TEXT else "center"
    if num_format != GENERAL:
        properties["num_format"] = num_format
    if severity is not None:
        shade = SHADES[severity]
        properties |= {"bg_color": shade.fill, "border": shade.border, "border_color": shade.line}
    return properties


@lru_cache(maxsize=16_384)
def text_width(text: str) -> int:
    """Return how many columns of a fixed pitch the longest line of a text takes; a Chinese character takes two."""
    lines = text.split("\n")
    return max(sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line) for line in lines)


def lines_needed(text: str, width: float) -> int:
    """Return on how many lines a text breaks in a cell of a width; a line takes whole Chinese characters."""
    room = max(int((width - 1.2) // 2) * 2, 2)
    return sum(max(1, -(-text_width(line) // room)) for line in text.split("\n"))
