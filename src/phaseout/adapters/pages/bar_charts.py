"""Charts of stacked bars: a unit, an industry or a status a line, or a month a column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from phaseout.adapters.pages.drawing import INK, LIMIT, PAPER, SEALED

WIDTH, LINE, TEXT_ROOM = 640, 26, 1.12
COLUMN, COLUMNS_WIDTH, COLUMNS_HEIGHT = 108, 760, 220
# Of the longest bar, lying and standing; a number does not fit a shorter segment.
SMALLEST_LABELLED, SMALLEST_LABELLED_HIGH = 0.045, 0.09


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its parts by kind, and what stands at its end."""

    label: str
    parts: tuple[tuple[str, int], ...]
    text: str

    @property
    def total(self) -> int:
        """The length of the bar."""
        return sum(count for _, count in self.parts)


@dataclass(frozen=True, slots=True)
class Words:
    """What the pointer is told: what a bar and a count are."""

    bar: str
    count: str = "数量（台、套）"
    kind: str = "情况"
    share: str = "占比"


def lines(bars: Sequence[Bar], *, colours: Mapping[str, str], words: Words) -> Any:  # noqa: ANN401  Altair's types are not read
    """Return bars that lie, as long as what they count."""
    longest = max([1, *(bar.total for bar in bars)])
    axis = alt.Axis(tickCount=5, tickMinStep=1, format="d")
    x = alt.X("count:Q", title=words.count, stack="zero", axis=axis, scale=alt.Scale(domain=[0, longest * TEXT_ROOM]))
    values = list(_values(bars, least=longest * SMALLEST_LABELLED))
    return _lying(values, bars, x=x, colours=colours, words=words, ends=[bar.total for bar in bars])


def shares(
    bars: Sequence[Bar],
    wholes: Sequence[int],
    *,
    colours: Mapping[str, str],
    words: Words,
    overall: tuple[float, str] | None = None,
) -> Any:  # noqa: ANN401  as above
    """Return bars that lie, each as long as its share of its own whole; a line where *overall* is."""
    by_label = dict(zip((bar.label for bar in bars), wholes, strict=True))
    values = [
        value | {"share": value["count"] / (by_label[value["bar"]] or 1), "label": ""}
        for value in _values(bars, least=0)
    ]
    axis = alt.Axis(format="%", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    scale = alt.Scale(domain=[0, TEXT_ROOM], nice=False)
    x = alt.X("share:Q", title=None, stack="zero", axis=axis, scale=scale)
    ends = [1.01] * len(bars)  # one below another, clear of the line
    drawn = _lying(values, bars, x=x, colours=colours, words=words, ends=ends)
    return alt.layer(drawn, *_overall(*overall)) if overall else drawn


def columns(bars: Sequence[Bar], *, colours: Mapping[str, str], words: Words) -> Any:  # noqa: ANN401  as above
    """Return bars that stand, a month a column; what was taken back hangs below the line."""
    labels = [bar.label for bar in bars]
    highest = max([1, *(bar.total for bar in bars)])
    scale = alt.Scale(domain=labels, paddingInner=0.3, paddingOuter=0.3)
    x = alt.X("bar:O", scale=scale, sort=labels, title=None, axis=alt.Axis(labelAngle=0, ticks=False))
    y = alt.Y("count:Q", title=words.count, stack="zero", axis=alt.Axis(tickCount=4, tickMinStep=1, format="d"))
    values = _inked(_values(bars, least=highest * SMALLEST_LABELLED_HIGH), colours)
    base = alt.Chart(alt.Data(values=values)).encode(x=x, order=alt.Order("order:Q"))
    drawn = base.mark_bar(stroke=PAPER, strokeWidth=1).encode(y=y, color=_colour(colours), tooltip=_tooltip(words))
    numbers = base.mark_text().encode(
        y=alt.Y("count:Q", stack="zero", bandPosition=0.5),
        text=alt.Text("label:N"),
        color=alt.Color("ink:N", scale=None),
    )
    width = min(COLUMN * len(bars), COLUMNS_WIDTH)
    return alt.layer(drawn, numbers).properties(width=width, height=COLUMNS_HEIGHT)


def _values(bars: Sequence[Bar], *, least: float) -> Iterator[dict[str, Any]]:
    for bar in bars:
        for order, (kind, count) in enumerate(bar.parts):
            yield {
                "bar": bar.label,
                "kind": kind,
                "order": order,
                "count": count,
                "label": str(count) if count > least else "",
                "share": count / bar.total if bar.total else 0,
            }


def _inked(values: Iterable[Mapping[str, Any]], colours: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give each number a colour that can be read on its segment."""
    return [{**value, "ink": INK if colours.get(value["kind"]) == SEALED else PAPER} for value in values]


def _lying(
    values: Sequence[Mapping[str, Any]],
    bars: Sequence[Bar],
    *,
    x: Any,  # noqa: ANN401  as above
    colours: Mapping[str, str],
    words: Words,
    ends: Sequence[float],
) -> Any:  # noqa: ANN401  as above
    labels = [bar.label for bar in bars]
    y = alt.Y("bar:N", sort=labels, title=None, axis=alt.Axis(labelLimit=240, ticks=False, domain=False))
    base = alt.Chart(alt.Data(values=_inked(values, colours))).encode(y=y, order=alt.Order("order:Q"))
    drawn = base.mark_bar(stroke=PAPER, strokeWidth=1, height={"band": 0.7}).encode(
        x=x, color=_colour(colours), tooltip=_tooltip(words)
    )
    field = x.to_dict()["field"]
    numbers = base.mark_text(fontSize=12).encode(
        x=alt.X(f"{field}:Q", stack="zero", bandPosition=0.5),
        text=alt.Text("label:N"),
        color=alt.Color("ink:N", scale=None),
    )
    at_end = [{"bar": bar.label, field: end, "text": bar.text} for bar, end in zip(bars, ends, strict=True)]
    told = (
        alt.Chart(alt.Data(values=at_end))
        .mark_text(align="left", dx=6, color=INK)
        .encode(y=y, x=alt.X(f"{field}:Q"), text=alt.Text("text:N"))
    )
    return alt.layer(drawn, numbers, told).properties(width=WIDTH, height=LINE * len(bars))


def _overall(share: float, words: str) -> Iterator[Any]:
    base = alt.Chart(alt.Data(values=[{"share": share, "words": words}])).encode(x=alt.X("share:Q"))
    yield base.mark_rule(color=LIMIT, strokeWidth=1.5, strokeDash=[5, 3])
    yield base.mark_text(color=LIMIT, baseline="bottom", dy=-4, fontWeight="bold").encode(
        y=alt.value(0), text=alt.Text("words:N")
    )


def _tooltip(words: Words) -> list[Any]:
    return [
        alt.Tooltip("bar:N", title=words.bar),
        alt.Tooltip("kind:N", title=words.kind),
        alt.Tooltip("count:Q", title=words.count, format=",d"),
        alt.Tooltip("share:Q", title=words.share, format=".1%"),
    ]


def _colour(colours: Mapping[str, str]) -> Any:  # noqa: ANN401  as above
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    legend = alt.Legend(symbolType="square", offset=24) if len(colours) > 1 else None
    return alt.Color("kind:N", scale=scale, legend=legend)
