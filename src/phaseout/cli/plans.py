"""`phaseout campaign open` and `diff`: what is owed, as the campaign's data has it."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from phaseout.bootstrap import App, open_app
from phaseout.cli.campaigns import Name
from phaseout.cli.common import AsJson, AsOf, instant, say, show

ReplannedBy = Annotated[str, typer.Option("--by", help="Who decides, if it was opened before and its data changed.")]
ReplannedWhy = Annotated[str, typer.Option("--reason", help="Why its plan changes; goes into the ledger.")]


def open_(campaign: Name, *, by: ReplannedBy = "", reason: ReplannedWhy = "", as_of: AsOf = None) -> None:
    """Open a campaign: write what every unit owes. Exit code 1 if its data has changed since, and nobody decides."""
    from phaseout.usecases.open_campaign import open_campaign, replan  # noqa: PLC0415

    with open_app() as home:
        asked = _asked(home, as_of)
        if campaign not in home.ledger.open_campaigns():
            new = open_campaign(campaign, **asked)
        elif by or reason:
            found = replan(campaign, by=by, reason=reason, **asked)
            new = len(found.change.new)
            say(f"{campaign}: {len(found.change.moved)} obligations planned anew, {len(found.change.gone)} dropped.")
        else:
            new = 0
            _stop_at_differences(campaign, asked)
        home.make_inboxes(home.definitions.campaign(campaign))
    say(f"{campaign}: {new} new obligations.")


def diff(campaign: Name, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show in what a campaign's data, or the holidays, differ from the ledger; nothing is changed."""
    from phaseout.usecases.open_campaign import differences  # noqa: PLC0415

    with open_app() as home:
        rows = list(differences(campaign, **_asked(home, as_of)).rows())
    show(rows, as_json=as_json, title="differences")


def _stop_at_differences(campaign: str, asked: dict[str, Any]) -> None:
    from phaseout.usecases.open_campaign import PlanDiffers, differences  # noqa: PLC0415

    found = differences(campaign, **asked)
    if found:
        show(list(found.rows()), as_json=False, title="differences")
        typer.echo(f"phaseout: {PlanDiffers(campaign=campaign, differences=len(found))}", err=True)
        raise typer.Exit(1)


def _asked(home: App, as_of: str | None) -> dict[str, Any]:
    return {
        "as_of": instant(as_of),
        "definitions": home.definitions,
        "calendar": home.calendar,
        "ledger": home.ledger,
    }


CAMPAIGN_COMMANDS: dict[str, Callable[..., Any]] = {"open": open_, "diff": diff}
