"""The facts of a bulletin (情况通报): who stands where this month, ranked, and who is to be named."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from phaseout.domain.campaign import Campaign
from phaseout.domain.obligation import Standing
from phaseout.domain.standing_words import NO_TASK, late_words

ON_TIME = "按时"
NOT_FILED = "未报"
NOT_DUE = "未到期限"  # an extension moved its due date
TO_CORRECT = "退回待更正"
NOT_OWED = "无需报送"
NO_INVENTORY = "底数未报"  # silence is not zero: such a unit is not said to have no tasks
LATE = "逾期"
TOTAL = "合计"

LEADING_RANKS = 3


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit's figures for a month. *done* and what is counted beside it are sets (台、套), cumulative."""

    code: str
    name: str
    enterprises: int  # surveyed
    outdated_enterprises: int
    items: int
    sets: int
    done: int  # sealed ones included
    done_before: int  # at the end of the month before
    sealed: int
    inspected: int
    filing: str  # as `filing_word` says it
    returns: int
    overdue_items: int
    closed_enterprises: int | None = None  # None: not counted
    has_inventory: bool = True  # False while nothing tells how much the unit has to close
    done_before_that: int = 0  # at the end of the month before the month before
    is_accepted: bool = True  # whether a form of this month was accepted; else the figures are of an earlier one


@dataclass(frozen=True, slots=True)
class BulletinRow:
    """One line of the ranking table; a unit without a rank says why in *rank_word*."""

    rank: int | None
    rank_word: str
    unit_name: str
    enterprises: int
    outdated_enterprises: int
    items: int
    sets: int
    done_this_month: int
    done: int
    sealed: int
    inspected: int
    rate: float | None
    enterprise_rate: float | None
    filing: str
    returns: int
    overdue_items: int
    is_carried: bool  # the figures are of an earlier month


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The rows in code order, their totals, and the units that the text names."""

    rows: tuple[BulletinRow, ...]
    totals: BulletinRow
    good: tuple[str, ...]  # best first
    nothing_done: tuple[str, ...]
    standing_still: tuple[str, ...]  # nothing done this month, though something is left
    late: tuple[str, ...]  # filed after the due date, or not at all
    silent: tuple[str, ...]  # of these, who has not filed at all
    incomplete: tuple[str, ...]  # returned, the correction not in yet
    overdue: tuple[str, ...]  # with items past their planned date
    without_tasks: tuple[str, ...]
    without_inventory: tuple[str, ...]
    carried: tuple[str, ...]  # shown with the figures of an earlier month
    done_last_month: int


def bulletin(units: Sequence[UnitFigures]) -> Bulletin:
    """Rank *units* (given in code order), add them up and sort out whom the text names."""
    ranks = ranks_of(units)
    rows = tuple(_row(unit, rank=ranks.get(unit.code)) for unit in units)
    ranked = [row for row in rows if row.rank is not None]
    totals = _totals(units)
    return Bulletin(
        rows=rows,
        totals=totals,
        good=_names(sorted((row for row in rows if _is_good(row, overall=totals.rate)), key=_place)),
        # Nobody is blamed by the figures of a month before.
        nothing_done=_names(row for row in ranked if row.done == 0 and not row.is_carried),
        standing_still=_names(row for row in ranked if _stands_still(row)),
        late=_names(row for row in rows if row.filing == NOT_FILED or row.filing.startswith(LATE)),
        silent=_names(row for row in rows if row.filing == NOT_FILED),
        incomplete=_names(row for row in rows if row.filing == TO_CORRECT),
        overdue=_names(row for row in rows if row.overdue_items and not row.is_carried),
        without_tasks=_names(row for row in rows if row.rank_word == NO_TASK),
        without_inventory=_names(row for row in rows if row.rank_word == NO_INVENTORY),
        carried=_names(row for row in rows if row.is_carried),
        done_last_month=sum(unit.done_before - unit.done_before_that for unit in units),
    )


def bulletin_facts(
    campaign: Campaign,
    units: Sequence[UnitFigures],
    *,
    period: str,
    number: int,
    next_due: date | None,
) -> dict[str, object]:
    """Return what the bulletin of a period says, as its templates take it."""
    return {
        "campaign_title": campaign.title,
        "office_body": campaign.office.body,
        "office_desk": campaign.office.desk,
        "period": period,
        "number": number,
        "closures_due": campaign.closures_due,
        "next_due": next_due,
        **asdict(bulletin(units)),
    }


def ranks_of(units: Sequence[UnitFigures]) -> dict[str, int]:
    """Return ranks by unit code: completion rate first, then the number done; equals share a rank.

    Units with nothing to close have none.
    """
    scores = {unit.code: (unit.done / unit.sets, unit.done) for unit in units if _has_tasks(unit)}
    return {code: 1 + sum(other > score for other in scores.values()) for code, score in scores.items()}


def filing_word(standing: str | None, *, has_arrived: bool, days_late: int) -> str:
    """Say in a word how a unit filed this month's form; without a standing it owed none."""
    if standing is None:
        return NOT_OWED
    if standing == Standing.RETURNED:
        return TO_CORRECT
    if not has_arrived:
        return NOT_FILED if days_late > 0 else NOT_DUE
    return late_words(days_late) or ON_TIME


def _is_carried(unit: UnitFigures) -> bool:
    """Say whether the figures are those of an earlier month, for want of an accepted form of this one."""
    return unit.filing in {NOT_FILED, TO_CORRECT, NOT_DUE} or (unit.filing != NOT_OWED and not unit.is_accepted)


def _stands_still(row: BulletinRow) -> bool:
    return 0 < row.done < row.sets and row.done_this_month == 0 and not row.is_carried and row.filing != NOT_OWED


def _has_tasks(unit: UnitFigures) -> bool:
    return unit.has_inventory and unit.sets > 0


def _row(unit: UnitFigures, *, rank: int | None) -> BulletinRow:
    return BulletinRow(
        rank=rank,
        rank_word=str(rank or (NO_TASK if unit.has_inventory else NO_INVENTORY)),
        unit_name=unit.name,
        enterprises=unit.enterprises,
        outdated_enterprises=unit.outdated_enterprises,
        items=unit.items,
        sets=unit.sets,
        done_this_month=unit.done - unit.done_before,
        done=unit.done,
        sealed=unit.sealed,
        inspected=unit.inspected,
        rate=_share(unit.done, unit.sets),
        enterprise_rate=_enterprise_rate([unit]),
        filing=unit.filing,
        returns=unit.returns,
        overdue_items=unit.overdue_items,
        is_carried=_is_carried(unit),
    )


def _totals(units: Sequence[UnitFigures]) -> BulletinRow:
    owing = [unit for unit in units if unit.filing != NOT_OWED]
    done, sets = sum(unit.done for unit in units), sum(unit.sets for unit in units)
    return BulletinRow(
        rank=None,
        rank_word="",
        unit_name=TOTAL,
        enterprises=sum(unit.enterprises for unit in units),
        outdated_enterprises=sum(unit.outdated_enterprises for unit in units),
        items=sum(unit.items for unit in units),
        sets=sets,
        done_this_month=done - sum(unit.done_before for unit in units),
        done=done,
        sealed=sum(unit.sealed for unit in units),
        inspected=sum(unit.inspected for unit in units),
        rate=_share(done, sets),
        enterprise_rate=_enterprise_rate(units),
        filing=f"{ON_TIME}{sum(unit.filing == ON_TIME for unit in owing)}/{len(owing)}",
        returns=sum(unit.returns for unit in units),
        overdue_items=sum(unit.overdue_items for unit in units),
        is_carried=False,
    )


def _is_good(row: BulletinRow, *, overall: float | None) -> bool:
    """Say whether a unit is praised: on time, nothing overdue, and either finished or a leader that lifts the whole."""
    if row.rank is None or row.rate is None or overall is None:
        return False
    if row.filing != ON_TIME or row.is_carried or row.overdue_items:
        return False
    leads = row.rank <= LEADING_RANKS and row.done > 0 and row.rate >= overall
    return row.rate >= 1 or leads


def _place(row: BulletinRow) -> int:
    return row.rank or 0


def _enterprise_rate(units: Sequence[UnitFigures]) -> float | None:
    closed = [unit.closed_enterprises for unit in units if unit.closed_enterprises is not None]
    # A unit that was not counted would pull the others' rate down.
    if len(closed) < len(units):
        return None
    return _share(sum(closed), sum(unit.outdated_enterprises for unit in units))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _names(rows: Iterable[BulletinRow]) -> tuple[str, ...]:
    return tuple(row.unit_name for row in rows)
