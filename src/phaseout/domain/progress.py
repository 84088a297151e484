"""How far the closures are (关停淘汰进展): unit by unit, month by month, as the newest accepted forms say.

Silence is not zero. A unit that has not filed has no figures, a unit without anything to close has no tasks; neither
stands at nought per cent, and neither has a rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from phaseout.domain.exemption import EXEMPT
from phaseout.domain.standing_words import NO_TASK

NOT_FILED = "未报"
NOT_OWED = "无需报送"
NOT_DUE = "未到期"


@dataclass(frozen=True, slots=True)
class Figures:
    """Sets (台、套) to close, closed for good and sealed, cumulative; sealed ones are never counted as dismantled."""

    sets: int
    dismantled: int
    sealed: int
    enterprises: int = 0
    closed_enterprises: int = 0

    @property
    def closed(self) -> int:
        """What counts as done."""
        return self.dismantled + self.sealed

    @property
    def open(self) -> int:
        """What is still to close."""
        return self.sets - self.closed

    @property
    def rate(self) -> float | None:
        """Return the completion rate (完成率) by sets; None without any."""
        return self.closed / self.sets if self.sets else None

    @property
    def enterprise_rate(self) -> float | None:
        """Return the completion rate by enterprises of which everything is closed; None without any."""
        return self.closed_enterprises / self.enterprises if self.enterprises else None


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """One unit in one month: its figures, or the word that stands for them."""

    period: str
    figures: Figures | None
    word: str  # empty beside figures
    closed_in_month: int | None  # since the last month that has figures


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """Where a unit stands by its newest accepted form; without a rank, *word* says why."""

    code: str
    name: str
    rank: int | None
    word: str
    period: str | None  # of the newest accepted form
    is_carried: bool  # a later form is due and not accepted
    figures: Figures | None
    surveyed_sets: int  # to close, by the survey; all there is of a unit that has not filed
    months: tuple[UnitMonth, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month over all units; a unit that did not file it counts with the last month it filed."""

    period: str
    figures: Figures
    dismantled_in_month: int
    sealed_in_month: int  # less than nothing when what was sealed is dismantled
    filed: int  # units with an accepted form of this month
    expected: int  # units that owe it

    @property
    def closed_in_month(self) -> int:
        """What was closed since the month before."""
        return self.dismantled_in_month + self.sealed_in_month


def months_of(progress: Sequence[Mapping[str, Any]], by_unit: Sequence[Mapping[str, Any]]) -> tuple[Month, ...]:
    """Return each month over all units, from the totals of the months and the rows of units by month."""
    filed: dict[str, int] = {}
    expected: dict[str, int] = {}
    for row in by_unit:
        period = row["period"]
        filed[period] = filed.get(period, 0) + row["is_filed"]
        expected[period] = expected.get(period, 0) + (row["is_owed"] and not row["is_exempt"])
    months: list[Month] = []
    before = Figures(0, 0, 0)
    for row in progress:
        now = Figures(row["items"], row["closed"] - row["sealed"], row["sealed"])
        months.append(
            Month(
                period=row["period"],
                figures=now,
                dismantled_in_month=now.dismantled - before.dismantled,
                sealed_in_month=now.sealed - before.sealed,
                filed=filed.get(row["period"], 0),
                expected=expected.get(row["period"], 0),
            )
        )
        before = now
    return tuple(months)


def units_of(by_unit: Sequence[Mapping[str, Any]], inventory: Sequence[Mapping[str, Any]]) -> tuple[UnitProgress, ...]:
    """Return every unit, the ranked ones first and best first; then those without tasks, then those without a form."""
    surveyed = {row["unit_code"]: row for row in inventory}
    months = {code: list(rows) for code, rows in groupby(by_unit, lambda row: row["unit_code"])}
    newest = {code: row for code, rows in months.items() if (row := _newest(rows))}
    ranks = _ranks({code: _figures(row) for code, row in newest.items() if row["sets"]})
    units = [_unit(row, months.get(code, []), newest.get(code), rank=ranks.get(code)) for code, row in surveyed.items()]
    # Sorting keeps the order of the units where nothing else decides.
    return tuple(sorted(units, key=lambda unit: (unit.rank is None, unit.rank or 0, unit.word != NO_TASK)))


def total_of(units: Iterable[UnitProgress]) -> Figures:
    """Add up what the newest accepted forms of all units say."""
    known = [unit.figures for unit in units if unit.figures is not None]
    return Figures(
        sets=sum(one.sets for one in known),
        dismantled=sum(one.dismantled for one in known),
        sealed=sum(one.sealed for one in known),
        enterprises=sum(one.enterprises for one in known),
        closed_enterprises=sum(one.closed_enterprises for one in known),
    )


def _newest(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((row for row in reversed(rows) if row["is_filed"]), None)


def _figures(row: Mapping[str, Any]) -> Figures:
    return Figures(row["sets"], row["dismantled"], row["sealed"], row["enterprises"], row["closed_enterprises"])


def _ranks(figures: Mapping[str, Figures]) -> dict[str, int]:
    """Return ranks as a bulletin has them: completion rate first, then the number closed; equals share a rank."""
    scores = {code: (one.closed / one.sets, one.closed) for code, one in figures.items()}
    places: dict[tuple[float, int], int] = {}
    for place, score in enumerate(sorted(scores.values(), reverse=True), start=1):
        places.setdefault(score, place)
    return {code: places[score] for code, score in scores.items()}


def _unit(
    surveyed: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    newest: Mapping[str, Any] | None,
    *,
    rank: int | None,
) -> UnitProgress:
    due = [row["period"] for row in rows if row["is_due"] and row["is_owed"] and not row["is_exempt"]]
    return UnitProgress(
        code=surveyed["unit_code"],
        name=surveyed["unit_name"],
        rank=rank,
        word="" if rank else _word(surveyed, rows, newest),
        period=newest["period"] if newest else None,
        is_carried=bool(newest and due and due[-1] > newest["period"]),
        figures=_figures(newest) if newest else None,
        surveyed_sets=surveyed["sets"],
        months=tuple(_months(rows)),
    )


def _word(surveyed: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], newest: Mapping[str, Any] | None) -> str:
    """Say why a unit has no rank."""
    if newest is not None:
        return NO_TASK  # its form says that there is nothing to close
    if rows and all(row["is_exempt"] for row in rows if row["is_owed"]) and any(row["is_owed"] for row in rows):
        return EXEMPT
    is_surveyed = 0 < surveyed["expected"] == surveyed["accepted"]
    if is_surveyed and not surveyed["sets"]:
        return NO_TASK
    if not any(row["is_owed"] for row in rows):
        return NOT_OWED
    return NOT_FILED if any(row["is_due"] for row in rows if row["is_owed"]) else NOT_DUE


def _months(rows: Sequence[Mapping[str, Any]]) -> Iterable[UnitMonth]:
    before = 0
    for row in rows:
        if not row["is_filed"]:
            yield UnitMonth(row["period"], None, _month_word(row), None)
            continue
        figures = _figures(row)
        word = "" if figures.sets else NO_TASK
        yield UnitMonth(row["period"], figures, word, figures.closed - before)
        before = figures.closed


def _month_word(row: Mapping[str, Any]) -> str:
    if not row["is_owed"]:
        return NOT_OWED
    if row["is_exempt"]:
        return EXEMPT
    return NOT_FILED if row["is_due"] else NOT_DUE
