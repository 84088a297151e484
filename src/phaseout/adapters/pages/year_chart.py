"""The chart of the campaign's year (全年安排): a line a turn, from opening to closing; loaded only when it is drawn."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import altair as alt
from markupsafe import Markup

from phaseout.adapters.pages.drawing import DISMANTLED, INK, LIMIT, PAPER, figure
from phaseout.adapters.pages.wording import day, short_day
from phaseout.domain.calendar import ONE_DAY, month_of, months_after, months_between, period_of
from phaseout.domain.campaign_year import Turn

WIDTH, LINE = 900, 26
WINDOW, AFTERMATH = "#9db8cf", "#dde6ee"  # until the due day; from then until nothing is taken any more


def draw(turns: Sequence[Turn], labels: Sequence[str], today: date, /, *, title: str, **words: str) -> Markup:
    """Draw the windows with their due days, and today.

    *words*: ``window``, ``aftermath``, ``due``, ``today``, ``turn``, ``kind`` and ``days``.
    """
    y = alt.Y("turn:N", sort=list(labels), title=None, axis=alt.Axis(labelLimit=300, ticks=False, domain=False))
    first, last = min(turn.opens for turn in turns), max(turn.closes for turn in turns)
    months = [_at(date(*month_of(period), 1)) for period in months_between(period_of(first), period_of(last))]
    months.append(_at(months_after(last.replace(day=1), 1)))
    # Numbers, not times: the days are the same for a reader in any zone. The label says the year where it begins.
    label = "utcFormat(datum.value, utcmonth(datum.value) === 0 ? '%Y年%-m月' : '%-m月')"
    axis = alt.Axis(
        values=months, labelExpr=label, labelAlign="left", labelFlush=False, labelOverlap="greedy", labelSeparation=8
    )
    x = alt.X("from:Q", title=None, axis=axis, scale=alt.Scale(domain=[months[0], months[-1]], nice=False, zero=False))
    layers = [
        _windows(turns, labels, x, y, words),
        _due_days(turns, labels, x, y, words),
        *(_today(today, x, words) if first <= today <= last else ()),
    ]
    return figure(alt.layer(*layers).properties(width=WIDTH, height=LINE * len(turns)), title=title)


def _windows(turns: Sequence[Turn], labels: Sequence[str], x: Any, y: Any, words: Mapping[str, str]) -> Any:  # noqa: ANN401  Altair's types are not read
    values = [
        {"turn": label, "from": _at(begin), "to": _at(end), "kind": words[kind], "days": f"{day(begin)}至{day(last)}"}
        for turn, label in zip(turns, labels, strict=True)
        for kind, begin, end, last in (
            ("window", turn.opens, turn.due + ONE_DAY, turn.due),
            ("aftermath", turn.due + ONE_DAY, turn.closes + ONE_DAY, turn.closes),
        )
        if begin < end
    ]
    colours = alt.Scale(domain=[words["window"], words["aftermath"]], range=[WINDOW, AFTERMATH])
    return (
        alt.Chart(alt.Data(values=values))
        .mark_bar(height={"band": 0.62}, stroke="#6f8ba3", strokeWidth=0.5)
        .encode(
            y=y,
            x=x,
            x2=alt.X2("to:Q"),
            color=alt.Color("kind:N", scale=colours, legend=alt.Legend(symbolType="square", offset=16)),
            tooltip=[
                alt.Tooltip("turn:N", title=words["turn"]),
                alt.Tooltip("kind:N", title=words["kind"]),
                alt.Tooltip("days:N", title=words["days"]),
            ],
        )
    )


def _due_days(turns: Sequence[Turn], labels: Sequence[str], x: Any, y: Any, words: Mapping[str, str]) -> Any:  # noqa: ANN401  as above
    values = [
        {"turn": label, "from": _at(turn.due), "words": short_day(turn.due), "due": day(turn.due)}
        for turn, label in zip(turns, labels, strict=True)
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=y,
        x=x,
        tooltip=[alt.Tooltip("turn:N", title=words["turn"]), alt.Tooltip("due:N", title=words["due"])],
    )
    marks = base.mark_point(shape="diamond", filled=True, size=110, color=DISMANTLED, stroke=PAPER, opacity=1)
    return alt.layer(marks, base.mark_text(align="left", dx=10, color=INK, fontSize=12).encode(text="words:N"))


def _today(today: date, x: Any, words: Mapping[str, str]) -> Sequence[Any]:  # noqa: ANN401  as above
    base = alt.Chart(alt.Data(values=[{"from": _at(today), "words": f"{words['today']} {short_day(today)}"}])).encode(
        x=x
    )
    return (
        base.mark_rule(color=LIMIT, strokeWidth=1.5, strokeDash=[5, 3]),
        base.mark_text(color=LIMIT, baseline="bottom", dy=-4, fontWeight="bold").encode(
            y=alt.value(0), text=alt.Text("words:N")
        ),
    )


def _at(moment: date) -> int:
    """Return a day as the milliseconds that a chart counts in, the same for a reader in any zone."""
    return int(datetime.combine(moment, time.min, UTC).timestamp() * 1000)
