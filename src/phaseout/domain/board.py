"""The facts of the board (工作看板): every unit at every milestone, as of an instant."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from phaseout.domain.calendar import day_in_china
from phaseout.domain.campaign import Campaign, Condition, Hardness, Milestone, Term
from phaseout.domain.exemption import EXEMPT
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import Obligation, Standing, StandingView
from phaseout.domain.signing import SigningTime
from phaseout.domain.standing_words import LETTER_WORDS, NO_TASK, standing_word

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

    @property
    def views(self) -> list[StandingView]:
        """What is waited for; what a unit is exempt from is not."""
        return [view for views in self.owed.values() for view in views if view.exempt is None]


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """What the board says first. The rates are of the forms whose due date has passed; goals are not forms."""

    expected: int
    received: int
    on_time: int
    accepted: int
    accepted_first_time: int
    late_units: int
    items: int
    closed: int
    sealed: int

    def share(self, name: str) -> float | None:
        """Return a figure of those expected; None when nothing was due yet."""
        return int(getattr(self, name)) / self.expected if self.expected else None

    @property
    def completion_rate(self) -> float | None:
        """Return the completion rate (完成率) by items of the newest month."""
        return self.closed / self.items if self.items else None


def board_facts(
    campaign: Campaign,
    obligations: Sequence[Obligation],
    views: Mapping[str, StandingView],
    *,
    as_of: datetime,
    letters: Sequence[tuple[LetterKind, int]],
    progress: Sequence[Mapping[str, object]],
    todos: Sequence[Mapping[str, object]],
    omissions: Sequence[Mapping[str, object]] = (),
    signing: SigningTime | None = None,
) -> dict[str, Any]:
    """Return what the board shows, as the page template takes it. *views* are by obligation id."""
    columns = list(_columns(campaign, obligations, views))
    return {
        "as_of": as_of,
        "campaign_title": campaign.title,
        "notice": campaign.notice,
        "office_body": campaign.office.body,
        "office_desk": campaign.office.desk,
        "closures_due": campaign.closures_due,
        "columns": [_heading(column) for column in columns],
        "rows": [
            {
                "unit_code": unit.code,
                "unit_name": unit.name,
                "cells": {column.key: _cell(column.owed.get(unit.code, ()), column) for column in columns},
            }
            for unit in campaign.units
        ],
        "totals": [_total(column) for column in columns],
        "progress": [dict(month) for month in progress],
        "letters": [{"kind": kind, "word": LETTER_WORDS[kind], "count": count} for kind, count in letters],
        "todos": [dict(todo) for todo in todos],
        "omissions": [dict(signal) for signal in omissions],
        "signing": asdict(signing) if signing and (signing.decided or signing.waiting) else None,
    }


def key_figures(facts: Mapping[str, Any]) -> KeyFigures:
    """Add up what the board's facts say first."""
    today = day_in_china(facts["as_of"])
    filings = [column for column in facts["columns"] if not column["is_goal"]]
    due = {column["key"] for column in filings if column["due"] < today}
    hard = {column["key"] for column in filings if not column["is_soft"]}
    totals = [total for total in facts["totals"] if total["key"] in due]
    newest = facts["progress"][-1] if facts["progress"] else {"items": 0, "closed": 0, "sealed": 0}
    return KeyFigures(
        **{
            name: sum(total[name] for total in totals)
            for name in ("expected", "received", "on_time", "accepted", "accepted_first_time")
        },
        late_units=sum(_is_overdue(row["cells"], hard) for row in facts["rows"]),
        items=newest["items"],
        closed=newest["closed"],
        sealed=newest["sealed"],
    )


def _is_overdue(cells: Mapping[str, Mapping[str, Any] | None], keys: Iterable[str]) -> bool:
    return any(cell["standing"] in OVERDUE for key in keys if (cell := cells[key]) is not None)


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
    period = f"（{_period_title(term.period, year=campaign.year)}）" if term.period else ""
    return _Column(
        key="/".join(part for part in (milestone.id, term.period) if part),
        title=milestone.title + period,
        short_title=_period_title(term.period, year=campaign.year) if term.period else milestone.short_title,
        due=_common_due(obligations) or term.nominal_due,
        is_soft=milestone.hardness is Hardness.SOFT,
        is_goal=milestone.hardness is Hardness.GOAL,
        owed=by_unit,
    )


def _common_due(obligations: Sequence[Obligation]) -> date | None:
    """Return the due date that most have: one unit's extension does not move the column."""
    counts = Counter(obligation.due for obligation in obligations)
    return min(counts, key=lambda due: (-counts[due], due), default=None)


def _period_title(period: str, *, year: int) -> str:
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


def _total(column: _Column) -> dict[str, object]:
    received = [view for view in column.views if view.arrived_at is not None]
    accepted = [view for view in column.views if view.standing is Standing.ACCEPTED]
    return {
        "key": column.key,
        "expected": len(column.views),
        "received": len(received),
        "on_time": sum(view.days_late <= 0 for view in received),
        "accepted": len(accepted),
        # A goal has no versions: it is met, never accepted the first time.
        "accepted_first_time": sum(view.versions == 1 for view in accepted),
    }
