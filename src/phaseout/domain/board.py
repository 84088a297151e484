"""Units × milestones by the ledger alone (报送情况): where every unit stands, without a warehouse."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from phaseout.domain.campaign import Campaign, Condition, Hardness, Milestone, Term
from phaseout.domain.exemption import EXEMPT
from phaseout.domain.obligation import Obligation, Standing, StandingView
from phaseout.domain.standing_words import NO_TASK, standing_word

# A cell that stands for several obligations shows the one that most needs somebody.
WORST_FIRST = (
    Standing.NEVER_FILED,
    Standing.LATE,
    Standing.RETURNED,
    Standing.HELD,
    Standing.RECEIVED,
    Standing.OPEN,
    Standing.NOT_OPEN,
    Standing.ACCEPTED,
)

OVERDUE = frozenset({Standing.NEVER_FILED, Standing.LATE})

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?")  # a month, or a whole year


@dataclass(frozen=True, slots=True)
class _Column:
    """A milestone, or one period of it, with the obligations and views behind it."""

    key: str
    title: str
    short_title: str
    due: date
    is_soft: bool
    is_goal: bool
    owed: Mapping[str, Sequence[StandingView]]  # by unit


def board_facts(
    campaign: Campaign, obligations: Sequence[Obligation], views: Mapping[str, StandingView]
) -> dict[str, Any]:
    """Return where every unit stands at every milestone. *views* are by obligation id."""
    columns = list(_columns(campaign, obligations, views))
    return {
        "columns": [_heading(column) for column in columns],
        "rows": [
            {
                "unit_code": unit.code,
                "unit_name": unit.name,
                "cells": {column.key: _cell(column.owed.get(unit.code, ()), column) for column in columns},
            }
            for unit in campaign.units
        ],
    }


def _columns(
    campaign: Campaign, obligations: Sequence[Obligation], views: Mapping[str, StandingView]
) -> Iterator[_Column]:
    owed: dict[tuple[str, str | None], list[Obligation]] = defaultdict(list)
    for obligation in obligations:
        if not obligation.is_paper:
            owed[obligation.milestone, obligation.period].append(obligation)
    for milestone in campaign.milestones:
        for term in milestone.terms:
            group = owed[milestone.id, term.period]
            # A conditional term is nobody's until somebody owes it.
            if group or term.condition is Condition.ALWAYS:
                yield _column(campaign, milestone, term, group, views)


def _column(
    campaign: Campaign,
    milestone: Milestone,
    term: Term,
    obligations: Sequence[Obligation],
    views: Mapping[str, StandingView],
) -> _Column:
    by_unit: dict[str, list[StandingView]] = defaultdict(list)
    for obligation in obligations:
        by_unit[obligation.unit].append(views[obligation.id])
    period = f"（{period_title(term.period, year=campaign.year)}）" if term.period else ""
    return _Column(
        key="/".join(part for part in (milestone.id, term.period) if part),
        title=milestone.title + period,
        short_title=period_title(term.period, year=campaign.year) if term.period else milestone.short_title,
        due=_common_due(obligations) or term.nominal_due,
        is_soft=milestone.hardness is Hardness.SOFT,
        is_goal=milestone.hardness is Hardness.GOAL,
        owed=by_unit,
    )


def _common_due(obligations: Sequence[Obligation]) -> date | None:
    """Return the due date that most have: one unit's extension does not move the column."""
    counts = Counter(obligation.due for obligation in obligations)
    return min(counts, key=lambda due: (-counts[due], due), default=None)


def period_title(period: str, *, year: int) -> str:
    """Return what a period is called in a campaign of a year, such as 8月."""
    parts = _PERIOD.fullmatch(period)
    if parts is None:
        return period
    of_year = "" if parts[2] and int(parts[1]) == year else f"{parts[1]}年"
    return of_year + (f"{int(parts[2])}月" if parts[2] else "")


def _heading(column: _Column) -> dict[str, object]:
    return {
        "key": column.key,
        "title": column.title,
        "short_title": column.short_title,
        "due": column.due,
        "is_soft": column.is_soft,
        "is_goal": column.is_goal,
    }


def _cell(views: Sequence[StandingView], column: _Column) -> dict[str, object] | None:
    if not views:
        return None
    if all(view.exempt for view in views):
        return _exempt_cell(views)
    views = [view for view in views if view.exempt is None]
    worst = min(views, key=lambda view: (WORST_FIRST.index(view.standing), -view.days_late))
    word = standing_word(worst.standing, is_goal=column.is_goal)
    return {
        "standing": worst.standing,
        "word": NO_TASK if worst.reason == NO_TASK else word,
        "days_late": max(view.days_late for view in views),
        "reason": worst.reason if len(views) == 1 else _breakdown(views),
        "count": len(views),
        "accepted": sum(view.standing is Standing.ACCEPTED for view in views),
    }


def _exempt_cell(views: Sequence[StandingView]) -> dict[str, object]:
    return {
        "standing": views[0].standing,
        "word": EXEMPT,
        "days_late": 0,
        "reason": "；".join(dict.fromkeys(view.exempt.words for view in views if view.exempt)),
        "count": 0,
        "accepted": 0,
    }


def _breakdown(views: Sequence[StandingView]) -> str:
    counts = Counter(view.standing for view in views)
    parts = (f"{standing_word(standing)}{counts[standing]}项" for standing in WORST_FIRST if counts[standing])
    return f"共{len(views)}项：{'，'.join(parts)}"
