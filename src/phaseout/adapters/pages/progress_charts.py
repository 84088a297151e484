"""The charts of the progress (进度); loaded only when one is drawn."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from phaseout.adapters.pages.bar_charts import Bar, Words, columns, lines, shares
from phaseout.adapters.pages.charts import burn_down_chart
from phaseout.adapters.pages.drawing import DISMANTLED, OPEN, SEALED, figure
from phaseout.adapters.pages.wording import share
from phaseout.domain.calendar import month_of
from phaseout.domain.progress import Month, UnitProgress

MOST_RANKED = 40  # a chart of more is no picture
ENDS = 15  # of a longer ranking, so many from the top and so many from the bottom


def burn_down(progress: Sequence[Mapping[str, Any]], due: date, /, *, title: str, **words: str) -> Markup:
    """Draw what is still open, month by month, against the day by which all is to be closed (剩余任务曲线)."""
    return figure(burn_down_chart(progress, due=due, words=words), title=title)


def monthly(months: Sequence[Month], /, *, title: str, **words: str) -> Markup:
    """Draw what was closed in each month, dismantled and sealed apart."""
    bars = [
        Bar(
            label=_month_label(month.period),
            parts=((words["dismantled"], month.dismantled_in_month), (words["sealed"], month.sealed_in_month)),
            text=str(month.closed_in_month),
        )
        for month in months
    ]
    colours = {words["dismantled"]: DISMANTLED, words["sealed"]: SEALED}
    return figure(columns(bars, colours=colours, words=Words(bar="月份", share="占本月")), title=title)


def ranking(ranked: Sequence[UnitProgress], overall: float | None, /, *, title: str, **words: str) -> Markup:
    """Draw the completion rate of the ranked units, best first; of many, both ends."""
    shown = [*ranked] if len(ranked) <= MOST_RANKED else [*ranked[:ENDS], None, *ranked[-ENDS:]]
    left_out = len(ranked) - 2 * ENDS
    bars, wholes = [], []
    for unit in shown:
        if unit is None or unit.figures is None:
            bars.append(Bar(label=f"…… 其间{left_out}个单位见下表", parts=(), text=""))
            wholes.append(1)
            continue
        parts = ((words["dismantled"], unit.figures.dismantled), (words["sealed"], unit.figures.sealed))
        bars.append(Bar(label=f"{unit.rank} {unit.name}", parts=parts, text=share(unit.figures.rate)))
        wholes.append(unit.figures.sets)
    colours = {words["dismantled"]: DISMANTLED, words["sealed"]: SEALED}
    line = (overall, f"{words['average']} {share(overall)}") if overall is not None else None
    told = Words(bar="名次和单位", share="占应淘汰")
    return figure(shares(bars, wholes, colours=colours, words=told, overall=line), title=title)


def industries(rows: Sequence[Mapping[str, Any]], /, *, title: str, **words: str) -> Markup:
    """Draw what each industry has to close, dismantled, sealed and open."""
    bars = [
        Bar(
            label=row["industry"] or words["untold"],
            parts=(
                (words["dismantled"], row["dismantled"]),
                (words["sealed"], row["sealed"]),
                (words["open"], row["sets"] - row["dismantled"] - row["sealed"]),
            ),
            text=str(row["sets"]),
        )
        for row in rows
    ]
    colours = {words["dismantled"]: DISMANTLED, words["sealed"]: SEALED, words["open"]: OPEN}
    return figure(lines(bars, colours=colours, words=Words(bar="行业", share="占本行业")), title=title)


def statuses(rows: Sequence[tuple[str, int, int]], /, *, title: str, **words: str) -> Markup:
    """Draw how far what is not closed has come."""
    whole = sum(sets for _, sets, _ in rows)
    bars = [
        Bar(label=word, parts=((words["open"], sets),), text=f"{sets}（{share(sets / whole)}）")
        for word, sets, _ in rows
    ]
    return figure(lines(bars, colours={words["open"]: OPEN}, words=Words(bar="当前状态", share="占比")), title=title)


def _month_label(period: str) -> str:
    year, month = month_of(period)
    return f"{year}年{month}月"
