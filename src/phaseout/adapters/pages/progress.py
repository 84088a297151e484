"""The progress (进度): burn-down, ranking, months, industries, and what is not closed; a table under every chart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from phaseout.adapters.pages.page import Page
from phaseout.domain.progress import UnitProgress, months_of, total_of, units_of
from phaseout.domain.site import Rows, SiteFacts

# A table of more units than this is told in parts that open one at a time.
MOST_IN_A_TABLE = 60
PART = 100
# How officials put what the form calls by a word: the sealing that does not count is told apart.
STATUSES = {
    "未启动": "未启动",
    "已停产": "已停产",
    "已断水断电": "已断水断电",
    "已拆动力": "已拆动力",
    "已封存": "已封存（条件不齐）",
    "拆除中": "拆除中",
}
UNTOLD = "未填写"
REASONS = ("职工安置", "资产抵押", "债权债务", "企业抵触", "其他", "未说明")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of the lines of a long table, under what it holds; a short table is one part without a title."""

    title: str
    rows: Sequence[Any]


@dataclass(frozen=True, slots=True)
class OpenUnit:
    """What a unit has not closed: by status, and what is past its planned date."""

    code: str
    name: str
    by_status: Mapping[str, int]
    sets: int
    overdue: int


def pages(facts: SiteFacts) -> Iterator[Page]:
    """Yield progress.html."""
    answers = facts.answers
    months = months_of(answers["progress"], answers["progress_units"])
    units = units_of(answers["progress_units"], answers["progress_inventory"])
    total = total_of(units)
    open_rows = answers["progress_open"]
    ranked = [unit for unit in units if unit.rank is not None]
    periods = list(dict.fromkeys(row["period"] for row in answers["progress_units"]))
    content = {
        "months": months,
        "units": units,
        "ranked": ranked,
        "parts": _parts(units),
        "unranked": _unranked(units),
        "total": total,
        "periods": periods,
        "industries": answers["progress_industries"],
        "statuses": _by(open_rows, "status", STATUSES, UNTOLD),
        "reasons": _by(open_rows, "reason", dict(zip(REASONS, REASONS, strict=True)), UNTOLD),
        "open_parts": _parts(_open_units(open_rows)),
        "status_words": STATUSES | {UNTOLD: UNTOLD},
        "overdue": sum(row["overdue"] for row in open_rows),
        "closures_due": facts.campaign.closures_due,
        "days_left": (facts.campaign.closures_due - facts.today).days,
        "progress": answers["progress"],
        "overall": total_of(ranked).rate,
    }
    yield Page("progress.html", "progress", "progress.html.j2", content)


def _parts(rows: Sequence[Any]) -> list[Part]:
    """Cut a long table into parts that name their first and last line."""
    if len(rows) <= MOST_IN_A_TABLE:
        return [Part("", rows)] if rows else []
    return [
        Part(f"第{start + 1}—{start + len(own)}个：{own[0].name}至{own[-1].name}", own)
        for start in range(0, len(rows), PART)
        for own in (rows[start : start + PART],)
    ]


def _unranked(units: Sequence[UnitProgress]) -> dict[str, list[UnitProgress]]:
    """Return the units without a rank by the word that says why."""
    found: dict[str, list[UnitProgress]] = {}
    for unit in units:
        if unit.rank is None:
            found.setdefault(unit.word, []).append(unit)
    return found


def _by(rows: Rows, field: str, words: Mapping[str, str], otherwise: str) -> list[tuple[str, int, int]]:
    """Return words with sets and items of what is not closed, in the order of *words*."""
    sets: dict[str, int] = {}
    items: dict[str, int] = {}
    for row in rows:
        word = words.get(row[field] or "", otherwise)
        sets[word] = sets.get(word, 0) + row["sets"]
        items[word] = items.get(word, 0) + row["items"]
    return [(word, sets[word], items[word]) for word in (*words.values(), otherwise) if word in sets]


def _open_units(rows: Rows) -> list[OpenUnit]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["unit_code"], []).append(row)
    return [
        OpenUnit(
            code=own[0]["unit_code"],
            name=own[0]["unit_name"],
            by_status={word: sets for word, sets, _ in _by(own, "status", STATUSES, UNTOLD)},
            sets=sum(row["sets"] for row in own),
            overdue=sum(row["overdue"] for row in own),
        )
        for own in found.values()
    ]
