"""The chart of a bulletin as a picture for Word: completion rates, dismantled and sealed apart; readable in grey."""

from collections.abc import Mapping, Sequence
from typing import Any

from phaseout.domain.shares import share_words

FONT = "Source Han Sans SC, Noto Sans CJK SC, SimHei, Microsoft YaHei, sans-serif"
INK, LINE, DISMANTLED, SEALED, LIMIT = "#222222", "#d9d9d9", "#2f5d7c", "#dfa544", "#8c1c13"
WIDTH, BAR, SCALE = 520, 24, 2.0
VEGA_LITE = "5.21"
_KINDS = {"拆除": DISMANTLED, "封存": SEALED}


def completion_picture(rows: Sequence[Mapping[str, Any]], *, overall: float | None) -> bytes:
    """Return the completion rate (完成率) of each ranked unit as a PNG, best first; same rows, same bytes."""
    # Half a second to start, which only a document with a chart is worth.
    import vl_convert  # noqa: PLC0415  see above

    drawn: bytes = vl_convert.vegalite_to_png(_spec(rows, overall=overall), vl_version=VEGA_LITE, scale=SCALE)
    return drawn


def _spec(rows: Sequence[Mapping[str, Any]], *, overall: float | None) -> dict[str, object]:
    ranked = sorted((row for row in rows if row["rank"] is not None), key=lambda row: row["rank"])
    names = [row["unit_name"] for row in ranked]
    widest = max([1.0, *(row["rate"] for row in ranked)])
    unit = {"field": "unit", "type": "nominal", "sort": names, "title": None, "axis": {"ticks": False, "domain": False}}
    layers: list[Mapping[str, object]] = [_bars(ranked, unit, widest=widest), _labels(ranked, unit)]
    if overall is not None:
        layers += _overall(overall)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": BAR * len(ranked),
        "background": "#ffffff",
        "padding": 6,
        "layer": layers,
        "config": {
            "font": FONT,
            "axis": {"labelFontSize": 13, "labelColor": INK, "gridColor": LINE, "labelLimit": 160},
            "legend": {
                "labelFontSize": 13,
                "labelColor": INK,
                "orient": "top",
                "title": None,
                "symbolType": "square",
                "offset": 22,
            },
            "text": {"fontSize": 13, "fill": INK},
            "view": {"stroke": None},
        },
    }


def _bars(ranked: Sequence[Mapping[str, Any]], unit: Mapping[str, object], *, widest: float) -> dict[str, object]:
    values = [
        {"unit": row["unit_name"], "kind": kind, "order": order, "share": count / row["sets"]}
        for row in ranked
        for order, (kind, count) in enumerate(zip(_KINDS, (row["done"] - row["sealed"], row["sealed"]), strict=True))
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "height": {"band": 0.66}, "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": {
            "y": unit,
            "x": {
                "field": "share",
                "type": "quantitative",
                "stack": "zero",
                "title": None,
                "scale": {"domain": [0, widest], "nice": False},
                "axis": {"format": "%", "tickCount": 5},
            },
            "order": {"field": "order", "type": "quantitative"},
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": list(_KINDS), "range": list(_KINDS.values())},
            },
        },
    }


def _labels(ranked: Sequence[Mapping[str, Any]], unit: Mapping[str, object]) -> dict[str, object]:
    values = [{"unit": row["unit_name"], "label": share_words(row["rate"])} for row in ranked]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "right"},
        "encoding": {"y": unit, "x": {"value": WIDTH + 56}, "text": {"field": "label", "type": "nominal"}},
    }


def _overall(overall: float) -> list[dict[str, object]]:
    data = {"values": [{"share": overall, "words": f"总体{share_words(overall)}"}]}
    x = {"field": "share", "type": "quantitative"}
    rule = {"type": "rule", "color": LIMIT, "strokeWidth": 1.5, "strokeDash": [5, 3]}
    words = {"type": "text", "fill": LIMIT, "baseline": "bottom", "dy": -4, "fontWeight": "bold"}
    return [
        {"data": data, "mark": rule, "encoding": {"x": x}},
        {
            "data": data,
            "mark": words,
            "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "words", "type": "nominal"}},
        },
    ]
