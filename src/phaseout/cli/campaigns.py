"""`phaseout campaign …`: campaigns as data."""

from typing import Annotated

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import AsJson, AsOf, instant, say, show

app = typer.Typer(help="Campaigns as data.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="CAMPAIGN")]


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the campaigns on hand, and which are open."""
    with open_app() as home:
        opened = home.ledger.open_campaigns()
        rows = [
            {"campaign": name, "title": home.definitions.campaign(name).title, "open": name in opened}
            for name in home.definitions.campaigns()
        ]
    show(rows, as_json=as_json)


@app.command("show")
def show_(campaign: Name, *, as_json: AsJson = False) -> None:
    """Show a campaign's milestones."""
    with open_app() as home:
        known = home.definitions.campaign(campaign)
    rows = [
        {
            "milestone": milestone.id,
            "title": milestone.title,
            "forms": ", ".join(milestone.forms),
            "period": term.period,
            "opens": term.opens,
            "due": term.nominal_due,
            "closes": term.closes,
            "hardness": milestone.hardness,
            "basis": milestone.basis,
        }
        for milestone in known.milestones
        for term in milestone.terms
    ]
    show(rows, as_json=as_json, title=known.title)


@app.command()
def validate(campaign: Name) -> None:
    """Read a campaign's folder and say whether it is right; errors name file and line."""
    from phaseout.domain.obligation import plan_obligations  # noqa: PLC0415

    with open_app() as home:
        known = home.definitions.campaign(campaign)
        count = len(plan_obligations(known, calendar=home.calendar))
    say(f"{campaign}: right. {len(known.units)} units, {len(known.milestones)} milestones, {count} obligations.")


@app.command()
def calendar(
    campaign: Name,
    *,
    unit: Annotated[str | None, typer.Option("--unit", help="One unit's due dates; with --ics.")] = None,
    ics: Annotated[bool, typer.Option("--ics", help="Print an .ics calendar file.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show the campaign's days: written due date, due date, reminder date and close date."""
    with open_app() as home:
        known, days = home.definitions.campaign(campaign), home.calendar
        if ics:
            typer.echo(home.calendar_file(known, unit=unit, as_of=instant(as_of)), nl=False)
            return
    rows = [
        {
            "milestone": milestone.id,
            "period": term.period,
            "opens": term.opens,
            "nominal_due_date": term.nominal_due,
            "is_working_day": days.is_working_day(term.nominal_due),
            "reminder_date": days.before(term.nominal_due),
            "close_date": term.closes,
        }
        for milestone in known.milestones
        for term in milestone.terms
    ]
    show(rows, as_json=as_json, title=known.title)


@app.command("open")
def open_(campaign: Name, *, as_of: AsOf = None) -> None:
    """Open a campaign: write what every unit owes. Opening again adds only what is new."""
    from phaseout.usecases.open_campaign import open_campaign  # noqa: PLC0415

    with open_app() as home:
        new = open_campaign(
            campaign,
            as_of=instant(as_of),
            definitions=home.definitions,
            calendar=home.calendar,
            ledger=home.ledger,
        )
        home.make_inboxes(home.definitions.campaign(campaign))
    say(f"{campaign}: {new} new obligations.")


@app.command()
def deployments(campaign: Name) -> None:
    """Print prefect.yaml as the campaign's data makes it."""
    from phaseout.adapters.prefect_yaml import render  # noqa: PLC0415

    with open_app() as home:
        typer.echo(render(home.definitions.campaign(campaign)), nl=False)
