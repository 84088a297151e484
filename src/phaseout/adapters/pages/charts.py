"""The charts of the pages as static drawings (SVG), made offline; loaded only when one is drawn."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
from markupsafe import Markup

from phaseout.adapters.pages.drawing import DISMANTLED, INK, LIMIT, OPEN, PAPER, SEALED, svg
from phaseout.adapters.pages.wording import share
from phaseout.domain.calendar import month_of, months_between, period_of

SMALLEST_LABELLED = 0.06  # of the tallest bar; below it a number does not fit its segment
GAP = 0.2  # between the months, of a bar and its gap
BAR_WIDTH, BURN_DOWN_WIDTH = 108, 760  # of one month, and of all of them at most
BAR_HEIGHT, COMPLETION_WIDTH = 24, 620
HALF_GAP = 11


def burn_down(progress: Sequence[Mapping[str, Any]], *, due: date, words: Mapping[str, str]) -> Markup:
    """Draw the burn-down (剩余任务曲线): what is open, sealed, dismantled month by month, against the due day.

    *words*: ``open``, ``sealed``, ``dismantled``, ``plan``, ``due``, ``count`` and ``title``.
    """
    return svg(burn_down_chart(progress, due=due, words=words), title=words["title"])


def burn_down_chart(progress: Sequence[Mapping[str, Any]], *, due: date, words: Mapping[str, str]) -> Any:  # noqa: ANN401  Altair's types are not read
    """Return the chart that `burn_down` draws."""
    deadline = period_of(due)
    months = _month_labels(list(months_between(progress[0]["period"], max(progress[-1]["period"], deadline))))
    until_due = [label for period, label in months.items() if period <= deadline]
    highest = max(month["items"] for month in progress)
    month = _month_axis(list(months.values()))
    layers = [*_segment_layers(progress, month, months=months, highest=highest, words=words)]
    # A line has two ends.
    if len(until_due) > 1:
        still_open = progress[0]["items"] - progress[0]["closed"]
        layers.append(_plan_layer(until_due, month, still_open=still_open, words=words["plan"]))
    if until_due:
        layers.extend(_deadline_layers(until_due[-1], month, words["due"]))
    return alt.layer(*layers).properties(width=min(BAR_WIDTH * len(months), BURN_DOWN_WIDTH), height=250)


def completion(rows: Sequence[Mapping[str, Any]], *, overall: float | None, words: Mapping[str, str]) -> Markup:
    """Draw the completion rate (完成率) of each ranked unit, dismantled and sealed apart, best first.

    *words*: ``dismantled``, ``sealed``, ``overall`` and ``title``.
    """
    return svg(completion_chart(rows, overall=overall, words=words), title=words["title"])


def completion_chart(rows: Sequence[Mapping[str, Any]], *, overall: float | None, words: Mapping[str, str]) -> Any:  # noqa: ANN401  as above
    """Return the chart that `completion` draws."""
    ranked = sorted((row for row in rows if row["rank"] is not None), key=lambda row: row["rank"])
    names = [row["unit_name"] for row in ranked]
    unit = alt.Y("unit:N", sort=names, title=None, axis=alt.Axis(labelLimit=160, ticks=False, domain=False))
    layers = [_share_layer(ranked, unit, words), _rate_layer(ranked, unit)]
    if overall is not None:
        layers.extend(_overall_layers(overall, words["overall"]))
    return alt.layer(*layers).properties(width=COMPLETION_WIDTH, height=BAR_HEIGHT * len(ranked))


def _month_labels(periods: Sequence[str]) -> dict[str, str]:
    dates = {period: month_of(period) for period in periods}
    one_year = len({year for year, _ in dates.values()}) == 1
    return {
        period: f"{number}月" if one_year else f"{year % 100:02d}年{number}月"
        for period, (year, number) in dates.items()
    }


def _month_axis(labels: Sequence[str]) -> Any:  # noqa: ANN401  Altair's types are not read
    # Every month up to the due day stands there from the start, whatever the layers hold.
    scale = alt.Scale(domain=labels, paddingInner=GAP, paddingOuter=GAP)
    return alt.X("month:O", scale=scale, sort=labels, title=None, axis=alt.Axis(labelAngle=0, ticks=False))


def _segment_layers(
    progress: Sequence[Mapping[str, Any]],
    month: Any,  # noqa: ANN401  as above
    *,
    months: Mapping[str, str],
    highest: int,
    words: Mapping[str, str],
) -> Iterator[Any]:
    values = [
        {
            "month": months[figures["period"]],
            "kind": words[kind],
            "order": order,
            "count": count,
            "ink": INK if kind == "sealed" else PAPER,
            "label": str(count) if count > highest * SMALLEST_LABELLED else "",
        }
        for figures in progress
        for order, (kind, count) in enumerate(_segments(figures))
    ]
    count = alt.Y("count:Q", title=words["count"], stack="zero", axis=alt.Axis(tickCount=5, tickMinStep=1, format="d"))
    base = alt.Chart(alt.Data(values=values)).encode(x=month, order=alt.Order("order:Q"))
    colours = {words["open"]: OPEN, words["sealed"]: SEALED, words["dismantled"]: DISMANTLED}
    tooltip = [alt.Tooltip("month:N", title="月份"), alt.Tooltip("kind:N", title="情况"), _sets_tooltip("count:Q")]
    yield base.mark_bar(stroke=PAPER, strokeWidth=1).encode(y=count, color=_colour(colours), tooltip=tooltip)
    yield base.mark_text().encode(
        y=alt.Y("count:Q", stack="zero", bandPosition=0.5),
        text=alt.Text("label:N"),
        color=alt.Color("ink:N", scale=None),
    )


def _segments(month: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    return (
        ("open", month["items"] - month["closed"]),
        ("sealed", month["sealed"]),
        ("dismantled", month["closed"] - month["sealed"]),
    )


def _plan_layer(months: Sequence[str], month: Any, *, still_open: int, words: str) -> Any:  # noqa: ANN401  as above
    """Return the straight line from what was open at first to nothing in the month of the due day."""
    steps = len(months) - 1
    values = [
        {"month": label, "left": still_open * (steps - step) / steps, "words": words}
        for step, label in enumerate(months)
    ]
    dash = alt.Scale(domain=[words], range=[[6, 4]])
    legend = alt.Legend(symbolSize=260, symbolStrokeWidth=2)
    return (
        alt.Chart(alt.Data(values=values))
        .mark_line(strokeWidth=2, color=INK)
        .encode(x=month, y=alt.Y("left:Q"), strokeDash=alt.StrokeDash("words:N", scale=dash, legend=legend))
    )


def _deadline_layers(label: str, month: Any, words: str) -> Iterator[Any]:  # noqa: ANN401  as above
    values = [{"month": label, "words": words}]
    base = alt.Chart(alt.Data(values=values)).encode(x=month.bandPosition(1))
    yield base.mark_rule(color=LIMIT, strokeWidth=2, xOffset=HALF_GAP)
    yield base.mark_text(color=LIMIT, align="right", baseline="top", dx=HALF_GAP - 6, dy=-20, fontWeight="bold").encode(
        y=alt.value(0), text=alt.Text("words:N")
    )


def _share_layer(ranked: Sequence[Mapping[str, Any]], unit: Any, words: Mapping[str, str]) -> Any:  # noqa: ANN401  as above
    values = [
        {
            "unit": row["unit_name"],
            "kind": words[kind],
            "order": order,
            "count": count,
            "share": count / row["sets"],
        }
        for row in ranked
        for order, (kind, count) in enumerate((("dismantled", row["done"] - row["sealed"]), ("sealed", row["sealed"])))
    ]
    widest = max([1.0, *(row["rate"] for row in ranked)])
    scale = alt.Scale(domain=[0, widest], nice=False)
    axis = alt.Axis(format="%", tickCount=5)
    return (
        alt.Chart(alt.Data(values=values))
        .mark_bar(stroke=PAPER, strokeWidth=1, height={"band": 0.68})
        .encode(
            y=unit,
            x=alt.X("share:Q", title=None, stack="zero", scale=scale, axis=axis),
            order=alt.Order("order:Q"),
            color=_colour({words["dismantled"]: DISMANTLED, words["sealed"]: SEALED}),
            tooltip=[
                alt.Tooltip("unit:N", title="填报单位"),
                alt.Tooltip("kind:N", title="情况"),
                _sets_tooltip("count:Q"),
                alt.Tooltip("share:Q", title="占应淘汰", format=".1%"),
            ],
        )
    )


def _rate_layer(ranked: Sequence[Mapping[str, Any]], unit: Any) -> Any:  # noqa: ANN401  as above
    values = [{"unit": row["unit_name"], "label": share(row["rate"])} for row in ranked]
    return (
        alt.Chart(alt.Data(values=values))
        .mark_text(align="right")
        .encode(y=unit, x=alt.value(COMPLETION_WIDTH + 58), text=alt.Text("label:N"))
    )


def _overall_layers(overall: float, words: str) -> Iterator[Any]:
    values = [{"share": overall, "words": f"{words} {share(overall)}"}]
    base = alt.Chart(alt.Data(values=values)).encode(x=alt.X("share:Q"))
    yield base.mark_rule(color=LIMIT, strokeWidth=1.5, strokeDash=[5, 3])
    yield base.mark_text(color=LIMIT, baseline="bottom", dy=-4, fontWeight="bold").encode(
        y=alt.value(0), text=alt.Text("words:N")
    )


def _colour(colours: Mapping[str, str]) -> Any:  # noqa: ANN401  as above
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color("kind:N", scale=scale, legend=alt.Legend(symbolType="square", offset=24))


def _sets_tooltip(field: str) -> Any:  # noqa: ANN401  as above
    return alt.Tooltip(field, title="数量（台、套）", format=",d")
