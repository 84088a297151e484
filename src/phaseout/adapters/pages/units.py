"""The units (各市): an index, and a page for each with what it owes, its versions, findings, letters and months."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from phaseout.adapters.pages.page import Page
from phaseout.domain.campaign import Hardness
from phaseout.domain.decision import Decision
from phaseout.domain.finding import Severity
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.obligation import PAPER, Standing
from phaseout.domain.overview import (
    MOST_IN_A_MATRIX,
    Cell,
    cells,
    columns,
    group_of,
    groups,
    key_of,
    look_of,
    totals,
    word_of,
)
from phaseout.domain.site import Row, Rows, SiteFacts
from phaseout.domain.standing_words import DECISION_WORDS, LETTER_STATE_WORDS, LETTER_WORDS, SEVERITY_WORDS

BY_UNIT = ("obligations", "submissions", "findings", "letters", "trend", "completion")


def pages(facts: SiteFacts) -> Iterator[Page]:
    """Yield the index, the groups where there are many units, and a page for each unit."""
    rows = facts.answers["units"]
    is_grouped = len(rows) > MOST_IN_A_MATRIX
    content = {"units": rows, "figures": totals(rows), "groups": groups(rows) if is_grouped else ()}
    yield Page("units/index.html", "units", "units.html.j2", content)
    if is_grouped:
        yield from _groups(facts)
    yield from _units(facts, is_grouped=is_grouped)


def _groups(facts: SiteFacts) -> Iterator[Page]:
    heads = columns(facts.campaign, facts.answers["columns"], today=facts.today)
    found = cells(facts.answers["matrix"], heads)
    for group in groups(facts.answers["units"]):
        own = {row["unit_code"]: found.get(row["unit_code"], {}) for row in group.units}
        content = {"group": group, "columns": heads, "cells": own, "units": group.units}
        yield Page(f"units/{group.file}", "units", "group.html.j2", content, is_entry=False)


def _units(facts: SiteFacts, *, is_grouped: bool) -> Iterator[Page]:
    answers, titles = facts.answers, _Titles(facts)
    own = {name: _by_unit(answers[name]) for name in BY_UNIT}
    rows = answers["units"]
    for place, unit in enumerate(rows):
        code = unit["unit_code"]
        content = {
            "unit": unit,
            "group": group_of(unit) if is_grouped else None,
            "before": _neighbour(rows, place - 1),
            "after": _neighbour(rows, place + 1),
            "tasks": _tasks(own["obligations"][code], titles),
            "versions": [_version(row, titles) for row in own["submissions"][code]],
            "findings": _findings(own["findings"][code], own["submissions"][code], titles),
            "letters": [_letter(row) for row in own["letters"][code]],
            "trend": own["trend"][code],
            "completion": own["completion"][code],
        }
        yield Page(f"units/{code}.html", "units", "unit.html.j2", content, is_entry=False, is_steady=True)


def _by_unit(rows: Rows) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["unit_code"]].append(row)
    return found


def _neighbour(rows: Rows, place: int) -> tuple[str, str] | None:
    return (rows[place]["unit_code"], rows[place]["unit_name"]) if 0 <= place < len(rows) else None


class _Titles:
    """What people call what is owed: the milestone and its month, then the industry or the form that tells it apart."""

    def __init__(self, facts: SiteFacts) -> None:
        heads = columns(facts.campaign, facts.answers["columns"], today=facts.today)
        self._milestones = {head.key: head.title for head in heads}
        self._places = {head.key: place for place, head in enumerate(heads)}
        self._industries = {industry.key: industry.name for industry in facts.campaign.industries}
        self._order = {key: place for place, key in enumerate(self._industries)}
        self._forms = facts.forms
        self._is_alone = {milestone.id: len(milestone.forms) <= 1 for milestone in facts.campaign.milestones}
        self._milestone_of: dict[str, str] = {
            row["obligation_id"]: row["milestone"] for row in facts.answers["obligations"]
        }

    def place(self, row: Row) -> tuple[date, int, str, int]:
        """Return where among a unit's tasks one stands."""
        key = key_of(row["milestone"], row["period"])
        form = self._forms.get(row["form"], "")
        return row["due_date"], self._places[key], form, self._order.get(row["industry"], 0)

    def of(self, row: Row) -> tuple[str, str]:
        """Return the milestone's title, and what tells the form from others of it."""
        milestone = row.get("milestone") or self._milestone_of[row["obligation_id"]]
        form = "" if self._is_alone[milestone] or not row["form"] else self._forms.get(row["form"], "")
        parts = (form, self._industries.get(row["industry"] or "", ""))
        return self._milestones[key_of(milestone, row["period"])], " ".join(part for part in parts if part)


def _tasks(rows: Rows, titles: _Titles) -> list[dict[str, object]]:
    papers = {row["obligation_id"].removesuffix(PAPER): _standing(row) for row in rows if row["is_paper"]}
    files = (row for row in rows if not row["is_paper"])
    return [_task(row, papers, titles) for row in sorted(files, key=titles.place)]


def _task(row: Row, papers: Mapping[str, Cell], titles: _Titles) -> dict[str, object]:
    title, part = titles.of(row)
    return {
        "title": title,
        "part": part,
        "due": row["due_date"],
        "nominal": row["nominal_due_date"],
        "is_soft": row["hardness"] == Hardness.SOFT,
        "is_goal": row["hardness"] == Hardness.GOAL,
        "cell": _standing(row),
        "arrived_at": row["arrived_at"],
        "accepted_at": row["accepted_at"],
        "versions": row["versions"],
        "open_findings": row["open_findings"],
        "paper": papers.get(row["obligation_id"]),
    }


def _standing(row: Row) -> Cell:
    standing = Standing(row["standing"])
    is_goal = row["hardness"] == Hardness.GOAL
    word = word_of(standing, row["reason"], is_exempt=row["is_exempt"], is_goal=is_goal)
    return Cell(standing, word, max(row["days_late"], 0), row["reason"], 1, int(standing is Standing.ACCEPTED))


def _version(row: Row, titles: _Titles) -> dict[str, object]:
    title, part = titles.of(row)
    decision = Decision(row["decision"]) if row["decision"] else None
    return {
        "title": title,
        "part": part,
        "version": row["version"],
        "arrived_at": row["arrived_at"],
        "decided_at": row["decided_at"],
        "word": DECISION_WORDS[decision] if decision else "待审核",
        "look": look_of(decision),
        "is_zero": row["is_zero"],
        "findings": row["finding_count"],
    }


def _findings(rows: Rows, submissions: Rows, titles: _Titles) -> list[dict[str, object]]:
    known = {row["submission_id"]: row for row in submissions}
    return [
        {
            "where": " ".join(part for part in titles.of(known[row["submission_id"]]) if part),
            "version": known[row["submission_id"]]["version"],
            "severity": row["severity"],
            "word": SEVERITY_WORDS[Severity(row["severity"])],
            "title": row["title"],
            "field": row["field_label"],
            "cells": row["cells"] or (),
            "rows": row["row_numbers"] or (),
            "places": row["places"],
            "remedy": row["remedy"],
        }
        for row in rows
    ]


def _letter(row: Row) -> dict[str, object]:
    state = LetterState(row["state"])
    return {
        "word": LETTER_WORDS[LetterKind(row["kind"])],
        "day": row["day"],
        "state": LETTER_STATE_WORDS[state],
        "is_doubtful": state in {LetterState.FAILED, LetterState.UNCERTAIN},
        "items": row["item_count"],
    }
