"""The consolidated tables (汇总表) of a stock-taking, and the letters that take them to the industry offices."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from phaseout.domain.calendar import CHINA, WorkCalendar, day_in_china
from phaseout.domain.campaign import Addressee, Industry, OwedPer, StockStep, Term
from phaseout.domain.letter import Letter, LetterFile, LetterKind
from phaseout.domain.obligation import StandingView
from phaseout.usecases import Desk
from phaseout.usecases.take_stock.bench import Bench


def tables_of(bench: Bench, form: str) -> dict[str, list[Mapping[str, object]]]:
    """Return the consolidated rows of a form by industry; under an empty name what is owed by unit."""
    groups: dict[str, list[Mapping[str, object]]] = {}
    for row in bench.sources.ask(f"stock/consolidate_{form}"):
        groups.setdefault(str(row.get("行业分表") or ""), []).append(
            {key: value for key, value in row.items() if key != "行业分表"}
        )
    return groups


def table_title(bench: Bench, group: str) -> str:
    """Return the title of a consolidated table, with its industry."""
    return f"{bench.milestone.title}{'（' + group + '）' if group else ''}"


def letters_with_tables(bench: Bench, term: Term, *, desk: Desk, calendar: WorkCalendar) -> list[Letter]:
    """Return a letter to each industry office (业务处室) with the tables of its industries."""
    milestone = bench.milestone
    if StockStep.CONSOLIDATE not in milestone.stock_steps or milestone.owed_per is not OwedPer.INDUSTRY:
        return []
    tables = [tables_of(bench, form) for form in milestone.forms]
    campaign = bench.sources.campaign
    return [
        _letter_with_tables(bench, term, office, own, tables, desk=desk, calendar=calendar)
        for office in campaign.industry_offices
        if (own := [one for one in campaign.industries if one.industry_office == office.name])
    ]


def _letter_with_tables(
    bench: Bench,
    term: Term,
    office: Addressee,
    industries: Sequence[Industry],
    tables: Sequence[Mapping[str, list[Mapping[str, object]]]],
    *,
    desk: Desk,
    calendar: WorkCalendar,
) -> Letter:
    sources = bench.sources
    files = [
        LetterFile(f"{table_title(bench, one.name)}.xlsx", sources.pages.sheet(table_title(bench, one.name), rows))
        for one in industries
        for groups in tables
        if (rows := groups.get(one.name))
    ]
    # It is dated the day on which it can leave: on a day off nobody is written to unasked.
    day = calendar.on_or_after(day_in_china(sources.as_of))
    parts = ("tables", sources.campaign.id, bench.milestone.id, term.period, office.name)
    return desk.letter(
        LetterKind.TABLES,
        {
            "addressee": office.name,
            "counted_on": day_in_china(sources.as_of),
            "milestone_title": bench.milestone.title,
            "due": max((one.due for one in bench.obligations if one.period == term.period), default=term.nominal_due),
            "industries": [
                _filing_of(bench, one) | {"items": sum(len(groups.get(one.name, ())) for groups in tables)}
                for one in industries
            ],
            "files": [file.name for file in files],
        },
        key="/".join(part for part in parts if part),
        campaign=sources.campaign,
        unit=office.name,
        recipient=office.mailbox,
        files=files,
        as_of=datetime.combine(day, sources.as_of.astimezone(CHINA).timetz()),
    )


def _filing_of(bench: Bench, industry: Industry) -> dict[str, object]:
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
        "waiting": [bench.sources.campaign.unit(unit).name for unit in waiting],
    }
