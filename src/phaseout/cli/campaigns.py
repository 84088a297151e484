"""`phaseout campaign …`: campaigns as data."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from phaseout.bootstrap import open_app
from phaseout.bootstrap.lookup import calendar_file
from phaseout.cli.common import AsJson, AsOf, instant, say, show, unit_meant
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign, Milestone, Term
from phaseout.domain.obligation import due_date

app = typer.Typer(help="Campaigns as data.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="CAMPAIGN")]


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the campaigns on hand, and which are open."""
    with open_app() as home:
        opened = home.ledger.open_campaigns() if home.has_ledger else ()
        known = [home.definitions.campaign(name) for name in home.definitions.campaigns()]
    rows = [
        {
            "campaign": one.id,
            "title": one.title,
            "units": len(one.units),
            "opens": one.opens,
            "closes": one.closes,
            "open": one.id in opened,
            "forms_to_come": len(one.forms_to_come),
        }
        for one in known
    ]
    show(rows, as_json=as_json)


@app.command("show")
def show_(campaign: Name, *, as_json: AsJson = False) -> None:
    """Show a campaign's milestones, acts without a date among them, with who owes what to whom."""
    with open_app() as home:
        known = home.definitions.campaign(campaign)
    rows = [
        {
            "milestone": milestone.id,
            "title": milestone.title,
            "forms": ", ".join(milestone.forms),
            "period": term.period if term else None,
            "opens": term.opens if term else None,
            "due": term.nominal_due if term else None,
            "closes": term.closes if term else None,
            "hardness": milestone.hardness,
            "units": sum(milestone.is_owed_by(unit) for unit in known.units),
            "actors": "、".join(milestone.wording.actors),
            "addressee": milestone.wording.addressee,
            "copies_to": "、".join(milestone.wording.copies_to),
            "approval": milestone.wording.approval,
            "evidence": "、".join(milestone.wording.evidence),
            "within": milestone.within,
            "after": milestone.after,
            "basis": milestone.basis,
        }
        for milestone in known.milestones
        for term in milestone.terms or (None,)
    ]
    show(rows, as_json=as_json, title=known.title)
    for line in _in_words(known) if not as_json else ():
        say(line)


def _in_words(known: Campaign) -> Iterator[str]:
    """Yield what the notice says beside its days: validity, rectification windows, and what it threatens."""
    if known.validity:
        yield f"in force: {known.validity.first} to {known.validity.last}"
    for window in known.windows:
        months = f"{window.months} months" if window.months else "as each order says"
        extension = f", extension {window.extension_months} months" if window.extension_months else ""
        yield f"window {window.title} {window.basis}: {months}{extension}; then {window.then}"
    for ladder in known.ladders:
        yield f"ladder {ladder.against} {ladder.basis}: {' -> '.join(ladder.acts)}"


@app.command()
def validate(campaign: Name) -> None:
    """Read a campaign's folder and say whether it is right; errors name file and line."""
    from phaseout.domain.obligation import plan_obligations  # noqa: PLC0415

    with open_app() as home:
        known = home.definitions.campaign(campaign)
        days = home.calendar
        count = len(plan_obligations(known, calendar=days))
    say(f"{campaign}: right. {len(known.units)} units, {len(known.milestones)} milestones, {count} obligations.")
    for line in _provisional(days, (term for milestone in known.milestones for term in milestone.terms)):
        say(line)
    if known.forms_to_come:
        say(f"forms to come: {', '.join(known.forms_to_come)}; until they are defined the campaign cannot be opened")


@app.command()
def calendar(
    campaign: Name,
    *,
    unit: Annotated[str | None, typer.Option("--unit", help="What one unit owes, by its code or name.")] = None,
    ics: Annotated[bool, typer.Option("--ics", help="Print an .ics calendar file.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show the campaign's days: written due date (名义), due date (执行), reminder date and close date."""
    with open_app() as home:
        known, days = home.definitions.campaign(campaign), home.calendar
        code = unit_meant(known, unit) if unit else None
        if ics:
            typer.echo(calendar_file(home, known, unit=code, as_of=instant(as_of)), nl=False)
            return
    meant = known.unit(code) if code else None
    terms = [
        (milestone, term)
        for milestone in known.milestones
        if meant is None or milestone.is_owed_by(meant)
        for term in milestone.terms
    ]
    show([_day_row(*one, days=days) for one in terms], as_json=as_json, title=known.title)
    for line in _provisional(days, (term for _, term in terms)) if not as_json else ():
        say(line)


def _day_row(milestone: Milestone, term: Term, *, days: WorkCalendar) -> dict[str, object]:
    due, policy = due_date(milestone, term, calendar=days)
    return {
        "milestone": milestone.id,
        "period": term.period,
        "opens": term.opens,
        "nominal_due_date": term.nominal_due,
        "is_working_day": days.is_working_day(term.nominal_due),
        "day_off": days.day_off(term.nominal_due),
        "policy": policy,
        "due_date": due,
        "warning_date": term.warns_from,
        "reminder_date": days.before(due),
        "close_date": max(term.closes, due),
        "hardness": milestone.hardness,
        "condition": term.condition,
        "is_provisional": days.is_provisional(due),
    }


def _provisional(days: WorkCalendar, terms: Iterable[Term]) -> list[str]:
    """Say which years of the campaign are planned on weekdays alone."""
    years = sorted({term.nominal_due.year for term in terms if days.is_provisional(term.nominal_due)})
    return [f"{year}: the holidays are not published yet; planned on weekdays" for year in years]


@app.command()
def simulate(
    campaign: Name,
    *,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="This unit's letters alone, by code or name; may be given again.")
    ] = None,
    late_by: Annotated[int, typer.Option("--late-by", metavar="N", help="Working days that a late unit is late.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Show the letters each unit would get by day if it filed on time, late or never. Nothing is written or sent."""
    from phaseout.cli.simulating import rows_of, show_simulation  # noqa: PLC0415
    from phaseout.usecases.simulate import simulate as simulate_  # noqa: PLC0415

    with open_app() as home:
        known = home.definitions.campaign(campaign)
        units = [unit_meant(known, one) for one in unit or ()]
        simulation = simulate_(known, calendar=home.calendar, units=units, late_by=late_by)
        limit = home.settings.smtp_per_day
    if as_json:
        show(rows_of(simulation), as_json=True)
    else:
        show_simulation(simulation, known, daily_limit=limit)


@app.command()
def deployments(campaign: Name) -> None:
    """Print prefect.yaml as the campaign's data makes it."""
    from phaseout.adapters.prefect_yaml import render  # noqa: PLC0415

    with open_app() as home:
        typer.echo(render(home.definitions.campaign(campaign)), nl=False)
