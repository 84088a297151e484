"""The overview (总览): units × milestones, by what the marts say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from phaseout.domain.board import OVERDUE, WORST_FIRST, period_title
from phaseout.domain.campaign import Campaign, Condition, Hardness, Milestone, Term, UnitKind
from phaseout.domain.decision import Decision
from phaseout.domain.exemption import EXEMPT
from phaseout.domain.obligation import Standing
from phaseout.domain.standing_words import GROUP_WORD, GROUP_WORDS, NO_TASK, standing_word

Row = Mapping[str, Any]

TO_ATTEND = OVERDUE | {Standing.RETURNED, Standing.HELD}  # because somebody has to act on it
NOTHING_CAME = {"expected": 0, "received": 0, "on_time": 0, "accepted": 0, "accepted_first_time": 0}


@dataclass(frozen=True, slots=True)
class Column:
    """A milestone, or one period of it, with what came of what was expected."""

    key: str
    title: str
    short_title: str
    due: date
    is_soft: bool
    is_goal: bool
    is_past: bool
    expected: int
    received: int
    on_time: int
    accepted: int
    accepted_first_time: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one unit stands in one column; of several forms, the standing that most needs somebody."""

    standing: Standing
    word: str
    days_late: int
    reason: str
    owed: int
    accepted: int

    @property
    def look(self) -> str:
        """Return the name of its look: what nobody owes looks like nothing."""
        return "none" if self.word in {NO_TASK, EXEMPT} else self.standing.value


def key_of(milestone: str, period: str | None) -> str:
    """Return what names a column."""
    return f"{milestone}/{period}" if period else milestone


def columns(campaign: Campaign, rows: Sequence[Row], *, today: date) -> tuple[Column, ...]:
    """Return the columns in the order in which they are due; a conditional one once somebody owes it."""
    counted = {(row["milestone"], row["period"]): row for row in rows}
    known = (
        _column(campaign, milestone, term, counted.get((milestone.id, term.period)), today=today)
        for milestone in campaign.milestones
        for term in milestone.terms
        if term.condition is Condition.ALWAYS or (milestone.id, term.period) in counted
    )
    return tuple(sorted(known, key=lambda column: column.due))


def _column(campaign: Campaign, milestone: Milestone, term: Term, row: Row | None, *, today: date) -> Column:
    period = period_title(term.period, year=campaign.year) if term.period else ""
    due = row["due_date"] if row else term.nominal_due
    return Column(
        key=key_of(milestone.id, term.period),
        title=milestone.title + (f"（{period}）" if period else ""),
        short_title=period or milestone.short_title,
        due=due,
        is_soft=milestone.hardness is Hardness.SOFT,
        is_goal=milestone.hardness is Hardness.GOAL,
        is_past=due < today,
        **{name: int((row or NOTHING_CAME)[name]) for name in NOTHING_CAME},
    )


def cells(rows: Sequence[Row], heads: Sequence[Column]) -> dict[str, dict[str, Cell]]:
    """Return the cells of each unit, by unit and column; what a unit does not owe has none."""
    by_key = {column.key: column for column in heads}
    found: dict[str, dict[str, Cell]] = {}
    for row in rows:
        key = key_of(row["milestone"], row["period"])
        found.setdefault(row["unit_code"], {})[key] = _cell(row, is_goal=by_key[key].is_goal)
    return found


def _cell(row: Row, *, is_goal: bool) -> Cell:
    standing = Standing(row["standing"])
    if row["is_exempt"]:
        return Cell(standing, EXEMPT, 0, row["reason"], 0, 0)
    word = NO_TASK if row["reason"] == NO_TASK else standing_word(standing, is_goal=is_goal)
    reason = row["reason"] if row["owed"] == 1 else _breakdown(row["standings"], row["owed"])
    return Cell(standing, word, max(row["days_late"], 0), reason, row["owed"], row["accepted"])


def _breakdown(counts: Mapping[str, int], owed: int) -> str:
    parts = (f"{standing_word(one)}{counts[one]}项" for one in WORST_FIRST if counts.get(one))
    return f"共{owed}项：{'，'.join(parts)}"


@dataclass(frozen=True, slots=True)
class Attention:
    """A cell on which somebody has to act, with the unit and the column that it belongs to."""

    unit_code: str
    unit_name: str
    column: Column
    cell: Cell


def attention(
    units: Sequence[Row], heads: Sequence[Column], found: Mapping[str, Mapping[str, Cell]]
) -> tuple[Attention, ...]:
    """Return the cells on which somebody has to act, the worst first."""
    return tuple(sorted(_attention(units, heads, found), key=_urgency))


def _attention(
    units: Sequence[Row], heads: Sequence[Column], found: Mapping[str, Mapping[str, Cell]]
) -> Iterator[Attention]:
    for unit in units:
        own = found.get(unit["unit_code"], {})
        for column in heads:
            cell = own.get(column.key)
            if cell is not None and cell.look in TO_ATTEND:
                yield Attention(unit["unit_code"], unit["unit_name"], column, cell)


def _urgency(one: Attention) -> tuple[bool, int, int, date]:
    return one.column.is_soft, WORST_FIRST.index(one.cell.standing), -one.cell.days_late, one.column.due


def group_word(campaign: Campaign) -> str:
    """Return what the units of a campaign are called together, such as 各市; 各单位 where they are of several kinds."""
    kinds = {unit.kind for unit in campaign.units if unit.is_chased and unit.kind is not UnitKind.OFFICE}
    return GROUP_WORDS.get(next(iter(kinds)), GROUP_WORD) if len(kinds) == 1 else GROUP_WORD


def word_of(standing: Standing, reason: str | None, *, is_exempt: bool, is_goal: bool) -> str:
    """Return the word that the site shows for one obligation."""
    if is_exempt:
        return EXEMPT
    return NO_TASK if reason == NO_TASK else standing_word(standing, is_goal=is_goal)


def look_of(decision: Decision | None) -> str:
    """Return the look of a decision: that of the standing that follows from it."""
    return decision.value if decision else Standing.RECEIVED.value


@dataclass(frozen=True, slots=True)
class Totals:
    """What units have filed together, of what was due; and how many of them are behind."""

    units: int
    expected: int
    received: int
    on_time: int
    accepted: int
    accepted_first_time: int
    late_units: int
    sets: int
    closed_sets: int

    def share(self, name: str) -> float | None:
        """Return a figure of those expected; None when nothing was due yet."""
        return int(getattr(self, name)) / self.expected if self.expected else None

    @property
    def completion(self) -> float | None:
        """Return the completion rate (完成率); None where there is nothing to close."""
        return self.closed_sets / self.sets if self.sets else None


def totals(units: Sequence[Row]) -> Totals:
    """Add up the figures of units."""
    summed = {name: sum(int(unit[name]) for unit in units) for name in NOTHING_CAME}
    return Totals(
        units=len(units),
        **summed,
        late_units=sum(unit["overdue"] > 0 for unit in units),
        sets=sum(int(unit["sets"] or 0) for unit in units),
        closed_sets=sum(int(unit["closed_sets"] or 0) for unit in units),
    )


# More rows than these nobody reads in one table.
MOST_IN_A_MATRIX = 60
CODE_OF_GROUP = 4  # digits of a division code that name the place above a county (GB/T 2260)


@dataclass(frozen=True, slots=True)
class Group:
    """The units of one place of the level above, by the code that they share."""

    code: str
    units: tuple[Row, ...]

    @property
    def name(self) -> str:
        """What the group is called: its first and last unit tell which place it is."""
        first, last = self.units[0]["unit_name"], self.units[-1]["unit_name"]
        return first if len(self.units) == 1 else f"{first}—{last}"

    @property
    def file(self) -> str:
        """The name of its page."""
        return f"group-{self.code}.html"

    @property
    def totals(self) -> Totals:
        """What its units have filed together."""
        return totals(self.units)


def group_of(unit: Row) -> str:
    """Return the code of the group that a unit belongs to."""
    return str(unit["unit_code"])[:CODE_OF_GROUP]


def groups(units: Sequence[Row]) -> tuple[Group, ...]:
    """Return the units by the place above them, in the order of codes."""
    found: dict[str, list[Row]] = {}
    for unit in units:
        found.setdefault(group_of(unit), []).append(unit)
    return tuple(Group(code, tuple(own)) for code, own in sorted(found.items()))
