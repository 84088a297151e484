"""A figure of a benchmark, beside what it is compared with.

The *yardstick* is what the same run gave for something else (another script, an empty warehouse), or, where there is
no such thing, the figure that the design asks for; `against` says which. The *ratio* compares the two so that more
than 1 is better than the yardstick, whether much or little of the figure is good. Whether the figure *asked* for is
met is another question, and answered apart.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

BY_DESIGN = "asked for"


@dataclass(frozen=True, slots=True)
class Asked:
    """The figure that the design asks for."""

    figure: float
    is_most: bool  # else it is the least

    def is_met_by(self, value: float) -> bool:
        """Say whether a value is as good as asked, or better."""
        return value <= self.figure if self.is_most else value >= self.figure

    def __str__(self) -> str:
        return f"{'≤' if self.is_most else '≥'} {_number(self.figure)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured; `cost` and `yields` make those with a yardstick, so that no ratio is the wrong way round."""

    figure: str
    value: float
    unit: str
    yardstick: float | None = None
    ratio: float | None = None
    against: str = ""  # what the yardstick is
    asked: Asked | None = None
    note: str = ""  # of what size, and computed from what, when that is not plain

    @property
    def is_met(self) -> bool | None:
        """Whether it is as good as asked; None when nothing is asked."""
        return self.asked.is_met_by(self.value) if self.asked else None

    def as_json(self) -> dict[str, object]:
        """Return it as it stands in the results."""
        return {
            "figure": self.figure,
            "value": self.value,
            "unit": self.unit,
            "yardstick": self.yardstick,
            "ratio": self.ratio,
            "against": self.against,
            "asked": str(self.asked) if self.asked else None,
            "is_met": self.is_met,
            "note": self.note,
        }


def cost(
    figure: str,
    value: float,
    unit: str,
    *,
    at_most: float | None = None,
    yardstick: float | None = None,
    against: str = "",
    note: str = "",
) -> Figure:
    """Return a figure of which little is good."""
    asked = None if at_most is None else Asked(at_most, is_most=True)
    beside, words = (at_most, BY_DESIGN) if yardstick is None else (yardstick, against)
    ratio = None if beside is None or value == 0 else beside / value
    return Figure(figure, value, unit, beside, ratio, words if beside is not None else "", asked, note)


def yields(
    figure: str,
    value: float,
    unit: str,
    *,
    at_least: float | None = None,
    yardstick: float | None = None,
    against: str = "",
    note: str = "",
) -> Figure:
    """Return a figure of which much is good."""
    asked = None if at_least is None else Asked(at_least, is_most=False)
    beside, words = (at_least, BY_DESIGN) if yardstick is None else (yardstick, against)
    ratio = None if not beside else value / beside
    return Figure(figure, value, unit, beside, ratio, words if beside is not None else "", asked, note)


def figure_of(told: Mapping[str, object]) -> Figure:
    """Return the figure that `as_json` told; what is asked is told again by whoever measured it."""
    known = dict(told)
    asked = known.pop("asked")
    known.pop("is_met")
    return Figure(**known, asked=_asked(str(asked)) if asked else None)  # type: ignore[arg-type]  # as they were told


def _asked(words: str) -> Asked:
    sign, figure = words.split()
    return Asked(float(figure.replace(",", "")), is_most=sign == "≤")


HEADINGS = ("figure", "value", "unit", "yardstick", "what that is", "ratio", "asked", "")
RIGHT = frozenset({"value", "yardstick", "ratio", "asked"})


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """Yield the lines of a table, the notes below it by number."""
    notes = list(dict.fromkeys(each.note for each in figures if each.note))
    rows = [HEADINGS, *(_row(each, notes) for each in figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for number, row in enumerate(rows):
        cells = zip(HEADINGS, row, widths, strict=True)
        yield "  ".join(_padded(text, width, right=name in RIGHT) for name, text, width in cells).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths).rstrip()
    yield from (f"[{number}] {note}" for number, note in enumerate(notes, start=1))


def misses(figures: Iterable[Figure]) -> Iterator[str]:
    """Yield a line for each figure that is not as good as asked."""
    for each in figures:
        if each.is_met is False:
            yield f"missed: {each.figure} is {_number(each.value)} {each.unit}, asked for {each.asked}"


def _row(each: Figure, notes: Sequence[str]) -> tuple[str, ...]:
    met = {True: "met", False: "MISSED", None: ""}[each.is_met]
    note = f"[{notes.index(each.note) + 1}]" if each.note else ""
    return (
        each.figure,
        _number(each.value),
        each.unit,
        "" if each.yardstick is None else _number(each.yardstick),
        each.against,
        "" if each.ratio is None else f"{_number(each.ratio)} x",
        str(each.asked or ""),
        f"{met} {note}".strip(),
    )


def _number(value: float) -> str:
    """Return a number with as many places as it is worth."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}" if abs(value) < 1 else f"{value:,.2f}"  # noqa: PLR2004  three digits say enough


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks
