"""Take stock (到期清点): after a due day has ended, who has filed, what is missing, the tables and the documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign, Milestone, Term
from phaseout.domain.deadline import period_words
from phaseout.domain.happened import UnitStanding
from phaseout.domain.obligation import Obligation, StandingView, due_date, standings
from phaseout.ports import Definitions, Documents, Ledger, Pages, Warehouse
from phaseout.usecases import Desk
from phaseout.usecases.take_stock.bench import Bench, Sources
from phaseout.usecases.take_stock.steps import STEPS
from phaseout.usecases.take_stock.tables import letters_with_tables


@dataclass(frozen=True, slots=True)
class Stock:
    """What a run found, and the files it wrote."""

    rows: tuple[UnitStanding, ...]
    taken: tuple[str, ...]  # titles of what stock was taken of in this run
    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()  # such as that a template of the office could not be used

    @property
    def expected(self) -> int:
        """The units that owe something."""
        return len(self.rows)

    @property
    def received(self) -> int:
        """The units that have filed all they owe."""
        return sum(row.received == row.expected for row in self.rows)

    @property
    def late(self) -> tuple[UnitStanding, ...]:
        """The units that are late with something."""
        return tuple(row for row in self.rows if row.received < row.expected and row.days_late > 0)


def take_stock(
    campaign_id: str,
    milestone_id: str,
    *,
    as_of: datetime,
    definitions: Definitions,
    calendar: WorkCalendar,
    ledger: Ledger,
    warehouse: Warehouse,
    pages: Pages,
    documents: Documents,
    catch_up: Callable[[], int],
    desk: Desk,
) -> Stock:
    """Show where the milestone stands; take stock of each term whose due day has ended, once."""
    campaign = definitions.campaign(campaign_id)
    milestone = campaign.milestone(milestone_id)
    today = day_in_china(as_of)
    planned = ledger.obligations(campaign_id)
    # Paper follows later and is asked after by letter; what one is exempt from is not waited for.
    obligations = [one for one in planned if one.milestone == milestone_id and one.is_expected]
    views = standings(
        planned,
        ledger.submitted(campaign_id),
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    done_before = ledger.stock_taken(campaign_id)
    owed_periods = {one.period for one in obligations}
    due = [
        term
        for term in milestone.terms
        if due_date(milestone, term, calendar=calendar)[0] < today
        and term.period in owed_periods
        and (milestone_id, term.period) not in done_before
    ]
    sources = Sources(campaign, as_of, definitions, ledger, warehouse, pages, documents)
    bench = Bench(sources, milestone, obligations, views)
    files: list[Path] = []
    if due:
        catch_up()
    for term in due:
        files += [file for step in milestone.stock_steps for file in STEPS[step](bench, term)]
        ledger.queue(letters_with_tables(bench, term, desk=desk, calendar=calendar))
        ledger.record_stock(campaign_id, milestone_id, term.period, as_of=as_of)
    shown = _shown_term(milestone, today)
    return Stock(
        rows=_rows(campaign, [one for one in obligations if one.period == shown.period], views),
        taken=tuple(f"{milestone.title}{period_words(term.period)}" for term in due),
        files=tuple(files),
        notes=tuple(bench.notes),
    )


def _shown_term(milestone: Milestone, today: date) -> Term:
    """Return the term whose window opened last, or the first one."""
    opened = [term for term in milestone.terms if term.opens <= today]
    return max(opened, key=lambda term: term.opens, default=milestone.terms[0])


def _rows(
    campaign: Campaign, obligations: Sequence[Obligation], views: Mapping[str, StandingView]
) -> tuple[UnitStanding, ...]:
    by_unit: dict[str, list[Obligation]] = {}
    for obligation in obligations:
        by_unit.setdefault(obligation.unit, []).append(obligation)
    return tuple(_row(campaign, unit, own, views) for unit, own in by_unit.items())


def _row(
    campaign: Campaign, unit: str, obligations: Sequence[Obligation], views: Mapping[str, StandingView]
) -> UnitStanding:
    own = [views[obligation.id] for obligation in obligations]
    open_views = [view for view in own if view.accepted_at is None]
    return UnitStanding(
        unit=unit,
        unit_name=campaign.unit(unit).name,
        period=obligations[0].period,
        expected=len(own),
        received=sum(view.arrived_at is not None or view.accepted_at is not None for view in own),
        accepted=sum(view.accepted_at is not None for view in own),
        days_late=max(view.days_late for view in own),
        reason="；".join(dict.fromkeys(view.reason for view in open_views)) or own[0].reason,
    )
