"""Take stock (到期清点): after a due day has ended, who has filed, what is missing, the tables and the bulletin."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from phaseout.domain.bulletin import UnitFigures, bulletin_facts, filing_word
from phaseout.domain.calendar import CHINA, WorkCalendar, day_in_china
from phaseout.domain.campaign import Addressee, Campaign, Condition, Industry, Milestone, OwedPer, StockStep, Term
from phaseout.domain.decision import Decision
from phaseout.domain.letter import Letter, LetterFile, LetterKind
from phaseout.domain.obligation import Obligation, StandingView, Submitted, due_date, standings
from phaseout.domain.omission import omission_facts
from phaseout.ports import Definitions, Ledger, Pages, Warehouse
from phaseout.usecases import Desk, look_for_omissions, suspected_omissions


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """One unit at one milestone, for people: how many forms are owed, how many accepted, and how the rest stands."""

    unit: str
    unit_name: str
    period: str | None
    expected: int
    received: int
    accepted: int
    days_late: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stock:
    """What a run found, and the files it wrote."""

    rows: tuple[UnitStanding, ...]
    taken: tuple[str, ...]  # titles of what stock was taken of in this run
    files: tuple[Path, ...]

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
    submitted = ledger.submitted(campaign_id)
    views = standings(
        planned,
        submitted,
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
    bench = _Bench(campaign, milestone, as_of, obligations, submitted, definitions, warehouse, pages, views)
    files: list[Path] = []
    if due:
        catch_up()
    for term in due:
        files += [file for step in milestone.stock_steps for file in STEPS[step](bench, term)]
        ledger.queue(_letters_with_tables(bench, term, desk=desk, calendar=calendar))
        ledger.record_stock(campaign_id, milestone_id, term.period, as_of=as_of)
    shown = _shown_term(milestone, today)
    return Stock(
        rows=_rows(campaign, [one for one in obligations if one.period == shown.period], views),
        taken=tuple(f"{milestone.title}{term.period or ''}" for term in due),
        files=tuple(files),
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


@dataclass(frozen=True, slots=True)
class _Bench:
    campaign: Campaign
    milestone: Milestone
    as_of: datetime
    obligations: Sequence[Obligation]
    submitted: Mapping[str, Sequence[Submitted]]
    definitions: Definitions
    warehouse: Warehouse
    pages: Pages
    views: Mapping[str, StandingView]

    def progress_of(self, unit: str, period: str) -> tuple[StandingView | None, int]:
        """Return how a unit's periodic form of a month stands and how often it was returned; None if it owes none."""
        for one in self.obligations:
            if one.unit == unit and one.period == period:
                versions = self.submitted.get(one.id, ())
                return self.views[one.id], sum(version.decision is Decision.RETURNED for version in versions)
        return None, 0

    def ask(self, name: str, **parameters: object) -> Sequence[Mapping[str, object]]:
        return self.warehouse.query(f"stock/{name}", parameters={"campaign_id": self.campaign.id, **parameters})


def _consolidate(bench: _Bench, _term: Term) -> list[Path]:
    """One table of all units for each form; for a form owed by industry, one a industry."""
    files = []
    for form in bench.milestone.forms:
        for group, own in _tables_of(bench, form).items():
            title = _table_title(bench, group)
            files.append(bench.pages.table(f"summary/{bench.campaign.id}-{title}", title, own))
    return files


def _tables_of(bench: _Bench, form: str) -> dict[str, list[Mapping[str, object]]]:
    """Return the consolidated rows of a form by industry; under an empty name what is owed by unit."""
    groups: dict[str, list[Mapping[str, object]]] = {}
    for row in bench.ask(f"consolidate_{form}"):
        groups.setdefault(str(row.get("行业分表") or ""), []).append(
            {key: value for key, value in row.items() if key != "行业分表"}
        )
    return groups


def _table_title(bench: _Bench, group: str) -> str:
    return f"{bench.milestone.title}{'（' + group + '）' if group else ''}"


def _letters_with_tables(bench: _Bench, term: Term, *, desk: Desk, calendar: WorkCalendar) -> list[Letter]:
    """Return a letter to each industry office (业务处室) with the tables of its industries."""
    milestone = bench.milestone
    if StockStep.CONSOLIDATE not in milestone.stock_steps or milestone.owed_per is not OwedPer.INDUSTRY:
        return []
    tables = [_tables_of(bench, form) for form in milestone.forms]
    return [
        _letter_with_tables(bench, term, office, own, tables, desk=desk, calendar=calendar)
        for office in bench.campaign.industry_offices
        if (own := [one for one in bench.campaign.industries if one.industry_office == office.name])
    ]


def _letter_with_tables(
    bench: _Bench,
    term: Term,
    office: Addressee,
    industries: Sequence[Industry],
    tables: Sequence[Mapping[str, list[Mapping[str, object]]]],
    *,
    desk: Desk,
    calendar: WorkCalendar,
) -> Letter:
    files = [
        LetterFile(f"{_table_title(bench, one.name)}.xlsx", bench.pages.sheet(_table_title(bench, one.name), rows))
        for one in industries
        for groups in tables
        if (rows := groups.get(one.name))
    ]
    # It is dated the day on which it can leave: on a day off nobody is written to unasked.
    day = calendar.on_or_after(day_in_china(bench.as_of))
    parts = ("tables", bench.campaign.id, bench.milestone.id, term.period, office.name)
    return desk.letter(
        LetterKind.TABLES,
        {
            "addressee": office.name,
            "counted_on": day_in_china(bench.as_of),
            "milestone_title": bench.milestone.title,
            "due": max((one.due for one in bench.obligations if one.period == term.period), default=term.nominal_due),
            "industries": [
                _filing_of(bench, one) | {"items": sum(len(groups.get(one.name, ())) for groups in tables)}
                for one in industries
            ],
            "files": [file.name for file in files],
        },
        key="/".join(part for part in parts if part),
        campaign=bench.campaign,
        unit=office.name,
        recipient=office.mailbox,
        files=files,
        as_of=datetime.combine(day, bench.as_of.astimezone(CHINA).timetz()),
    )


def _filing_of(bench: _Bench, industry: Industry) -> dict[str, object]:
    """Return how many units owe the forms of an industry, how many are through, and who is not."""
    own: dict[str, list[StandingView]] = {}
    for one in bench.obligations:
        if one.industry == industry.key and one.is_expected:
            own.setdefault(one.unit, []).append(bench.views[one.id])
    waiting = [unit for unit, views in own.items() if any(view.accepted_at is None for view in views)]
    return {
        "name": industry.name,
        "expected": len(own),
        "accepted": len(own) - len(waiting),
        "waiting": [bench.campaign.unit(unit).name for unit in waiting],
    }


def _bulletin(bench: _Bench, term: Term) -> list[Path]:
    assert term.period is not None  # noqa: S101  bulletins are monthly
    periods = [one.period for one in bench.milestone.terms]
    number = periods.index(term.period) + 1
    # A conditional term is not owed by all, so it is no deadline for all.
    following = [one for one in bench.milestone.terms[number:] if one.condition is Condition.ALWAYS]
    rows = bench.ask("bulletin", period=term.period, as_of_date=day_in_china(bench.as_of))
    facts = bulletin_facts(
        bench.campaign,
        [_unit_figures(row, *bench.progress_of(str(row["unit_code"]), term.period)) for row in rows],
        period=term.period,
        number=number,
        as_of=bench.as_of,
        next_due=following[0].nominal_due if following else None,
    )
    return [bench.pages.bulletin(term.period, facts)]


def _omissions(bench: _Bench, _term: Term) -> list[Path]:
    """Write the list of suspected omissions, for the office alone."""
    look_for_omissions(bench.campaign, definitions=bench.definitions, warehouse=bench.warehouse)
    suspected = suspected_omissions(bench.campaign, warehouse=bench.warehouse)
    return list(bench.pages.omissions(omission_facts(bench.campaign, suspected, as_of=bench.as_of)))


def _unit_figures(row: Mapping[str, object], filed: StandingView | None, returns: int) -> UnitFigures:
    """Join what the warehouse counts for a unit with how it filed, which the ledger knows."""
    figures = {key: value for key, value in row.items() if key not in {"unit_code", "unit_name"}}
    return UnitFigures(
        code=str(row["unit_code"]),
        name=str(row["unit_name"]),
        filing=filing_word(filed),
        returns=returns,
        **figures,  # type: ignore[arg-type]  # named as the statement selects them
    )


def _table(name: str, folder: str, title: str) -> Callable[[_Bench, Term], list[Path]]:
    def write(bench: _Bench, _term: Term) -> list[Path]:
        return [bench.pages.table(f"{folder}/{bench.campaign.id}-{title}", title, bench.ask(name))]

    return write


STEPS: Mapping[StockStep, Callable[[_Bench, Term], list[Path]]] = {
    StockStep.CONSOLIDATE: _consolidate,
    StockStep.BULLETIN: _bulletin,
    StockStep.OMISSIONS: _omissions,
    StockStep.UNCLOSED: _table("unclosed", "summary", "到期未关停清单"),
    StockStep.RECONCILE: _table("reconciliation", "final", "表间核对结果"),
    StockStep.FINAL_LIST: _table("final_list", "final", "全省完成淘汰落后生产工艺装备清单"),
}
