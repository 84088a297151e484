"""How charts look, and how one becomes part of a page: a drawing that prints, which a script brings to life."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup, escape

FONT = "Source Han Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
INK, PAPER, LIMIT = "#222222", "#ffffff", "#8c1c13"
# Far apart in lightness, so that they stay apart on a black-and-white print and for the colour-blind.
OPEN, SEALED, DISMANTLED = "#b9492f", "#efc663", "#16405b"

CONFIG: Mapping[str, object] = {
    "font": FONT,
    "aria": False,  # one label for the whole drawing; the table below it has the numbers
    "background": PAPER,
    "axis": {"labelFontSize": 13, "titleFontSize": 12, "labelColor": INK, "titleColor": INK, "gridColor": "#e2e2e2"},
    "legend": {"labelFontSize": 13, "labelColor": INK, "labelLimit": 300, "orient": "top", "title": None},
    "text": {"fontSize": 13},
    "view": {"stroke": None},
}
VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])

PHONE, DESK = 560, 900  # widths in pixels
DRAWINGS = 32  # that a process remembers

_WIDTH = re.compile(r'<svg[^>]*\swidth="([\d.]+)"')
_NAMESPACE = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')  # needless inside a page


def svg(chart: Any, *, title: str) -> Markup:  # noqa: ANN401  Altair's types are not read
    """Draw a chart once and for all."""
    return Markup(_drawn(_spec(chart), title))  # noqa: S704  Vega escapes the words it draws, `_drawn` the title


def figure(chart: Any, *, title: str) -> Markup:  # noqa: ANN401  as above
    """Draw a chart, with what `charts.js` needs to put one in its place that answers the pointer."""
    spec = _spec(chart)
    drawn, kept = _drawn(spec, title), f'<script type="application/json">{spec}</script>'
    return Markup(f'<div class="chart" data-chart{_wide(drawn)}>{drawn}{kept}</div>')  # noqa: S704  see above


def _wide(drawn: str) -> str:
    """Say how much room a drawing needs for its words to be read: the stylesheet lets it scroll where there is less."""
    width = _WIDTH.search(drawn)
    if width is None or float(width[1]) <= PHONE:
        return ""
    return ' data-wide="very"' if float(width[1]) > DESK else " data-wide"


def _spec(chart: Any) -> str:  # noqa: ANN401  as above
    text = json.dumps(chart.to_dict() | {"config": CONFIG}, ensure_ascii=False, separators=(",", ":"))
    # As data inside a page, where a sender's words must not end the element that they stand in.
    return text.replace("<", "\\u003c")


@lru_cache(maxsize=DRAWINGS)  # a tenth of a second each, and figures are published again and again as they were
def _drawn(spec: str, title: str) -> str:
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VERSION)
    label = escape(title)
    labelled = _NAMESPACE.sub("", drawn).replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
    return labelled.replace(">", f"><title>{label}</title>", 1)
