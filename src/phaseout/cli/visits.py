"""`phaseout visit`: supervision visits (调研督导), as the office records them."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import (
    AsJson,
    AsOf,
    By,
    CampaignId,
    Reason,
    campaign_meant,
    day_meant,
    instant,
    say,
    show,
    unit_meant,
)

visits = typer.Typer(help="Supervision visits.", no_args_is_help=True)


def visit(
    unit: Annotated[str, typer.Argument(help="A unit's code or name.")],
    *,
    day: Annotated[str, typer.Option("--day", metavar="DAY", help="The day of the visit.")],
    place: Annotated[str, typer.Option("--place", help="The county, the town or the enterprise.")],
    finding: Annotated[str, typer.Option("--finding", help="What was found (发现问题); nothing if not given.")] = "",
    visited_by: Annotated[str, typer.Option("--visited-by", help="Who was there.")],
    campaign: Annotated[str | None, typer.Option("--campaign", help="The one opened last if not given.")] = None,
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Record a supervision visit (调研督导)."""
    from phaseout.usecases.record_visit import record_visit  # noqa: PLC0415

    on, then = day_meant(day, option="--day"), instant(as_of)
    with open_app() as home:
        meant = campaign_meant(home, campaign)
        code = unit_meant(home.definitions.campaign(meant), unit)
        is_new = record_visit(
            meant,
            code,
            day=on,
            place=place,
            finding=finding,
            visited_by=visited_by,
            by=by,
            reason=reason,
            as_of=then,
            definitions=home.definitions,
            ledger=home.ledger,
        )
    say(f"{code}, {on}: {'recorded' if is_new else 'was recorded before'}.")


@visits.command("list")
def list_visits(
    campaign: CampaignId = None,
    *,
    unit: Annotated[str | None, typer.Option("--unit", help="One unit's visits.")] = None,
    as_json: AsJson = False,
) -> None:
    """List visits by their days."""
    with open_app() as home:
        meant = campaign_meant(home, campaign)
        known = home.definitions.campaign(meant)
        names = {one.code: one.name for one in known.units}
        wanted = unit_meant(known, unit) if unit else None
        rows = [
            {
                "day": one.day,
                "unit": one.unit,
                "unit_name": names.get(one.unit, one.unit),
                "place": one.place,
                "finding": one.finding or None,
                "visited_by": one.visited_by,
                "by": one.by,
                "reason": one.reason,
            }
            for one in home.ledger.visits(meant)
            if wanted in {None, one.unit}
        ]
    show(rows, as_json=as_json, title="visits")


COMMANDS: dict[str, Callable[..., Any]] = {"visit": visit}
