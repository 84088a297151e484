"""The overview (总览): index.html, with the matrix, or with groups of units where there are too many for one."""

from collections.abc import Iterator

from phaseout.adapters.pages.page import Page
from phaseout.domain.board import WORST_FIRST
from phaseout.domain.letter import LetterKind
from phaseout.domain.overview import MOST_IN_A_MATRIX, attention, cells, columns, groups, totals
from phaseout.domain.site import SiteFacts
from phaseout.domain.standing_words import LETTER_WORDS, STANDING_WORDS

MOST_TODOS = 6
MOST_ATTENTION = 30
LEGEND = tuple((standing, STANDING_WORDS[standing]) for standing in WORST_FIRST)


def pages(facts: SiteFacts) -> Iterator[Page]:
    """Yield index.html."""
    answers, units = facts.answers, facts.answers["units"]
    heads = columns(facts.campaign, answers["columns"], today=facts.today)
    found = cells(answers["matrix"], heads)
    late = attention(units, heads, found)
    content = {
        "columns": heads,
        "cells": found,
        "units": units,
        "groups": groups(units) if len(units) > MOST_IN_A_MATRIX else (),
        "figures": totals(units),
        "progress": answers["progress"][-1] if answers["progress"] else None,
        "closures_due": facts.campaign.closures_due,
        "attention": late[:MOST_ATTENTION],
        "attention_count": len(late),
        "todos": facts.todos[:MOST_TODOS],
        "todo_count": len(facts.todos),
        "letters": [(LETTER_WORDS[LetterKind(row["kind"])], row["letters"]) for row in answers["letter_counts"]],
        "troubles": facts.troubles,
        "legend": LEGEND,
    }
    yield Page("index.html", "overview", "index.html.j2", content)
