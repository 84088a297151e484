"""The charts of the pages as static drawings (SVG), made offline."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from phaseout.adapters.pages.wording import share
from phaseout.domain.calendar import month_of, months_between, period_of

FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
INK, PAPER, RULE = "#222222", "#ffffff", "#8c1c13"
# Dark is what remains to be done: it holds on a black-and-white print too.
OPEN, SEALED, DISMANTLED = "#7a2a22", "#e3b45c", "#9db7c9"
SMALLEST_LABELLED = 0.06  # of the tallest bar; below it a number does not fit its segment

_NAMESPACE = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')  # needless inside a page, and not an address that anything loads


def burn_down(progress: Sequence[Mapping[str, Any]], *, due: date, words: Mapping[str, str]) -> Markup:
    """Draw the burn-down (剩余任务曲线): what is open, sealed, dismantled month by month, against the due day.

    *words*: ``open``, ``sealed``, ``dismantled``, ``plan``, ``due``, ``count`` and ``title``.
    """
    import altair as alt  # noqa: PLC0415  a quarter of a second that only a chart is worth

    deadline = period_of(due)
    periods = list(months_between(progress[0]["period"], max(progress[-1]["period"], deadline)))
    labels = _month_labels(periods)
    highest = max((month["items"] for month in progress), default=0)
    segments = [
        {"month": labels[month["period"]], "kind": words[kind], "order": order, "count": count, "ink": ink}
        for month in progress
        for order, (kind, count, ink) in enumerate(_segments(month))
    ]
    for segment in segments:
        segment["label"] = segment["count"] if segment["count"] > highest * SMALLEST_LABELLED else ""
    x = alt.X("month:O", sort=list(labels.values()), title=None, axis=alt.Axis(labelAngle=0, ticks=False))
    y = alt.Y("count:Q", title=words["count"], stack="zero", axis=alt.Axis(tickCount=5, tickMinStep=1, format="d"))
    base = alt.Chart(alt.Data(values=segments)).encode(x=x, order=alt.Order("order:Q"))
    bars = base.mark_bar(stroke=PAPER, strokeWidth=1).encode(
        y=y, color=_colours(alt, {words["open"]: OPEN, words["sealed"]: SEALED, words["dismantled"]: DISMANTLED})
    )
    numbers = base.mark_text(fontSize=13).encode(
        y=alt.Y("count:Q", stack="zero", bandPosition=0.5),
        text=alt.Text("label:N"),
        color=alt.Color("ink:N", scale=None),
    )
    plan = _plan(alt, [labels[p] for p in periods if p <= deadline], highest, title=words["plan"])
    wall = _wall(alt, labels.get(deadline), words["due"])
    shown = alt.layer(bars, numbers, *plan, *wall).properties(
        width=alt.Step(78), height=250, data=alt.Data(values=[{"month": label} for label in labels.values()])
    )
    return _svg(alt, shown, title=words["title"])


def completion(rows: Sequence[Mapping[str, Any]], *, overall: float | None, words: Mapping[str, str]) -> Markup:
    """Draw the completion rate (完成率) of each ranked unit, dismantled and sealed apart, best first.

    *words*: ``dismantled``, ``sealed``, ``overall`` and ``title``.
    """
    import altair as alt  # noqa: PLC0415  a quarter of a second that only a chart is worth

    ranked = sorted((row for row in rows if row["rank"] is not None), key=lambda row: row["rank"])
    names = [row["unit_name"] for row in ranked]
    parts = [
        {"unit": row["unit_name"], "kind": words[kind], "order": order, "share": count / row["sets"]}
        for row in ranked
        for order, (kind, count) in enumerate((("dismantled", row["done"] - row["sealed"]), ("sealed", row["sealed"])))
    ]
    ends = [{"unit": row["unit_name"], "share": row["rate"], "label": share(row["rate"])} for row in ranked]
    y = alt.Y("unit:N", sort=names, title=None, axis=alt.Axis(labelLimit=160, ticks=False, domain=False))
    scale = alt.Scale(domain=[0, max([1.0, *(row["rate"] for row in ranked)])], nice=False)
    x = alt.X("share:Q", title=None, stack="zero", scale=scale, axis=alt.Axis(format="%", tickCount=5))
    bars = (
        alt.Chart(alt.Data(values=parts))
        .mark_bar(stroke=PAPER, strokeWidth=1, height={"band": 0.68})
        .encode(
            y=y,
            x=x,
            order=alt.Order("order:Q"),
            color=_colours(alt, {words["dismantled"]: "#2f5d7c", words["sealed"]: SEALED}),
        )
    )
    ends_text = (
        alt.Chart(alt.Data(values=ends))
        .mark_text(align="left", dx=5, fontSize=12)
        .encode(y=y, x=alt.X("share:Q"), text=alt.Text("label:N"))
    )
    average = _average(alt, overall, words["overall"])
    shown = alt.layer(bars, ends_text, *average).properties(width=430, height=alt.Step(22))
    return _svg(alt, shown, title=words["title"])


def _segments(month: Mapping[str, Any]) -> tuple[tuple[str, int, str], ...]:
    return (
        ("open", month["items"] - month["closed"], PAPER),
        ("sealed", month["sealed"], INK),
        ("dismantled", month["closed"] - month["sealed"], INK),
    )


def _month_labels(periods: Sequence[str]) -> dict[str, str]:
    years = {month_of(period)[0] for period in periods}
    return {
        period: f"{number}月" if len(years) == 1 else f"{year}年{number}月"
        for period in periods
        for year, number in (month_of(period),)
    }


def _plan(alt: Any, months: Sequence[str], highest: int, *, title: str) -> list[Any]:  # noqa: ANN401  a module
    """Return the straight line from everything to nothing on the due day; none when there is no way to go."""
    if len(months) < 2 or not highest:  # noqa: PLR2004  a line has two ends
        return []
    steps = len(months) - 1
    points = [{"month": m, "left": highest * (steps - n) / steps, "what": title} for n, m in enumerate(months)]
    line = (
        alt.Chart(alt.Data(values=points))
        .mark_line(strokeDash=[6, 4], strokeWidth=2, color=INK)
        .encode(x=alt.X("month:O"), y=alt.Y("left:Q"), strokeDash=_dashes(alt, title))
    )
    return [line]


def _dashes(alt: Any, title: str) -> Any:  # noqa: ANN401  Altair has no types
    legend = alt.Legend(title=None, orient="top", symbolSize=900, symbolStrokeWidth=2)
    return alt.StrokeDash("what:N", scale=alt.Scale(domain=[title], range=[[6, 4]]), legend=legend)


def _wall(alt: Any, label: str | None, words: str) -> list[Any]:  # noqa: ANN401  Altair has no types
    if label is None:
        return []
    base = alt.Chart(alt.Data(values=[{"month": label, "words": words}]))
    x = alt.X("month:O", bandPosition=1)
    return [
        base.mark_rule(color=RULE, strokeWidth=2).encode(x=x),
        base.mark_text(color=RULE, align="right", baseline="top", dx=-6, dy=2, fontSize=13, fontWeight="bold").encode(
            x=x, y=alt.value(0), text=alt.Text("words:N")
        ),
    ]


def _average(alt: Any, overall: float | None, words: str) -> list[Any]:  # noqa: ANN401  Altair has no types
    if overall is None:
        return []
    base = alt.Chart(alt.Data(values=[{"share": overall, "words": f"{words}{share(overall)}"}]))
    return [
        base.mark_rule(color=RULE, strokeWidth=1.5, strokeDash=[5, 3]).encode(x=alt.X("share:Q")),
        base.mark_text(color=RULE, baseline="bottom", dy=-4, fontSize=12, fontWeight="bold").encode(
            x=alt.X("share:Q"), y=alt.value(0), text=alt.Text("words:N")
        ),
    ]


def _colours(alt: Any, colours: Mapping[str, str]) -> Any:  # noqa: ANN401  Altair has no types
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color("kind:N", scale=scale, legend=alt.Legend(title=None, orient="top", symbolType="square"))


def _svg(alt: Any, chart: Any, *, title: str) -> Markup:  # noqa: ANN401  Altair has no types
    import vl_convert  # noqa: PLC0415  as above

    config = {
        "font": FONT,
        "aria": False,  # one label for the whole drawing; the table beside it has the numbers
        "background": PAPER,
        "axis": {
            "labelFontSize": 13,
            "titleFontSize": 12,
            "labelColor": INK,
            "titleColor": INK,
            "gridColor": "#e2e2e2",
        },
        "legend": {"labelFontSize": 13, "labelColor": INK, "labelLimit": 300},
        "view": {"stroke": None},
    }
    specification = chart.to_dict() | {"config": config}
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg = _NAMESPACE.sub("", vl_convert.vegalite_to_svg(specification, vl_version=version))
    # Vega escapes what it draws; the title is ours to escape.
    return Markup(svg.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1))  # noqa: S704  see above
