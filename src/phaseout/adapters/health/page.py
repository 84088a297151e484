"""Writes the page on which the office sees how its machine is (系统运行情况), beside the board and without it."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from phaseout.domain.calendar import CHINA

TEMPLATE, PAGE = "health.html.j2", "health.html"


def write_page(site: Path, facts: Mapping[str, object], *, templates: Path) -> Path:
    """Replace the page; *facts* are those that the watch shows."""
    environment = Environment(
        loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["moment"] = _moment
    text = environment.get_template(TEMPLATE).render(facts)
    site.mkdir(parents=True, exist_ok=True)
    part = site / f".{PAGE}.{os.getpid()}.part"
    part.write_text(text, encoding="utf-8")
    part.replace(site / PAGE)
    return site / PAGE


def _moment(text: str) -> str:
    at = datetime.fromisoformat(text).astimezone(CHINA)
    return f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute:02d}分"
