"""`phaseout campaign open` and `diff`: what is owed, as the campaign's data has it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

from phaseout.bootstrap import App, open_app
from phaseout.cli.campaigns import Name
from phaseout.cli.common import AsJson, AsOf, instant, say, show
from phaseout.domain.campaign import Campaign
from phaseout.domain.letter import Letter
from phaseout.domain.obligation import Obligation

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
            found = replan(campaign, by=by, reason=reason, **asked, tell=_tell(home, asked))
            new = len(found.change.new)
            say(f"{campaign}: {len(found.change.moved)} obligations planned anew, {len(found.change.gone)} dropped.")
            if found.told:
                say(f"{found.told} units were asked by another day before; they are told by the next `deliver`.")
        else:
            new = 0
            _stop_at_differences(campaign, asked)
        home.make_inboxes(home.definitions.campaign(campaign))
    say(f"{campaign}: {new} new obligations.")


def diff(campaign: Name, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show in what a campaign's data, or the holidays, differ from the ledger; nothing is changed.

    The table has a row for each milestone, period and change; --json has each obligation. Exit code 0, differ or not.
    """
    from phaseout.usecases.open_campaign import NotOpen, differences  # noqa: PLC0415

    with open_app() as home:
        if not home.has_ledger:
            home.definitions.campaign(campaign)
            raise NotOpen(campaign=campaign)
        found = differences(campaign, **_asked(home, as_of))
    show(list(found.rows()) if as_json else found.summed_up(), as_json=as_json, title="differences")


def _stop_at_differences(campaign: str, asked: dict[str, Any]) -> None:
    from phaseout.usecases.open_campaign import PlanDiffers, differences  # noqa: PLC0415

    found = differences(campaign, **asked)
    if found:
        show(found.summed_up(), as_json=False, title="differences")
        typer.echo(f"phaseout: {PlanDiffers(campaign=campaign, differences=len(found))}", err=True)
        raise typer.Exit(1)


def _tell(home: App, asked: dict[str, Any]) -> Callable[[Campaign, Mapping[str, Obligation]], Sequence[Letter]]:
    from phaseout.usecases.tell_replanning import replanning_letters  # noqa: PLC0415

    known = {name: asked[name] for name in ("definitions", "ledger", "as_of")}
    return lambda campaign, before: replanning_letters(before, campaign=campaign, desk=home.desk, **known)


def _asked(home: App, as_of: str | None) -> dict[str, Any]:
    return {
        "as_of": instant(as_of),
        "definitions": home.definitions,
        "calendar": home.calendar,
        "ledger": home.ledger,
    }


CAMPAIGN_COMMANDS: dict[str, Callable[..., Any]] = {"open": open_, "diff": diff}
