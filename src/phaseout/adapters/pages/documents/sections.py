"""The sentences of documents (公文): texts of the office, chosen by facts, as headings and paragraphs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from phaseout.adapters.pages import wording
from phaseout.domain.calendar import day_in_china, month_of
from phaseout.domain.document_words import moment_words

NUMERALS = "一二三四五六七八九十"
HEADING, POINT, LEAD_END = "# ", "* ", "|"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with the words that it opens with in other type (段首语), such as 一是报送不及时."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section; the one before the first heading has none."""

    heading: str
    paragraphs: tuple[Paragraph, ...]


def sections_of(folder: Path, kind: str, facts: Mapping[str, Any]) -> tuple[Section, ...]:
    """Return what the text of a kind says of the facts, without the sections that have nothing to say."""
    text = _environment(folder).get_template(f"{kind}.txt.j2").render(**facts, **_derived(facts))
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        words = _SPACE.sub("", line) if not line.startswith((HEADING, POINT)) else line[:2] + _SPACE.sub("", line[2:])
        if words.startswith(HEADING):
            found.append((words.removeprefix(HEADING), []))
        elif words:
            found[-1][1].append(words)
    told = [(heading, lines) for heading, lines in found if lines]
    numbers = iter(NUMERALS)
    return tuple(
        Section(f"{next(numbers)}、{heading}" if heading else "", _paragraphs(lines)) for heading, lines in told
    )


def _paragraphs(lines: list[str]) -> tuple[Paragraph, ...]:
    points = [line for line in lines if line.startswith(POINT)]
    numbers = iter(NUMERALS)
    # One point alone is not the first of several.
    return tuple(
        _point(line, next(numbers) if len(points) > 1 else "") if line in points else Paragraph("", line)
        for line in lines
    )


def _point(line: str, number: str) -> Paragraph:
    lead, _, text = line.removeprefix(POINT).partition(LEAD_END)
    return Paragraph(f"{number}是{lead}" if number else lead, text)


def _derived(facts: Mapping[str, Any]) -> dict[str, object]:
    """Return what texts need beside the facts: the day of writing, and the month as the title says it."""
    today = day_in_china(facts["as_of"])
    more: dict[str, object] = {"today": today}
    if facts.get("period"):
        year, number = month_of(facts["period"])
        # The title of the campaign has the year already.
        more["month_words"] = f"{number}月份" if str(year) in facts["campaign_title"] else f"{year}年{number}月份"
    return more


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(  # noqa: S701  plain text; whoever puts it on a page escapes it
        loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= wording.FILTERS | {"moment": moment_words, "names": "、".join}
    return environment
