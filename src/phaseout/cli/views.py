"""What a person looks up: `status`, `sql`."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import AsJson, AsOf, CampaignId, campaign_meant, instant, say, show, unit_meant
from phaseout.cli.query import sql


def status(
    campaign: CampaignId = None,
    *,
    unit: Annotated[str | None, typer.Option("--unit", help="One unit's obligations, with their ids.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show where every unit stands at every milestone; with --unit one unit's obligations, each with its id."""
    from phaseout.cli.matrix import LEGEND, in_short, matrix, obligation_rows  # noqa: PLC0415

    then = instant(as_of)
    with open_app() as home:
        meant = campaign_meant(home, campaign)
        if unit or as_json:
            code = unit_meant(home.definitions.campaign(meant), unit) if unit else None
            rows = obligation_rows(home, meant, as_of=then, unit=code)
        else:
            rows = matrix(home, meant, as_of=then)
    show(rows if as_json or not unit else in_short(rows), as_json=as_json)
    if not as_json and not unit:
        say(LEGEND)


COMMANDS: dict[str, Callable[..., Any]] = {"status": status, "sql": sql}
