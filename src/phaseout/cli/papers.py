"""`phaseout paper …`: sealed copies (纸质件) that have come, and those that have not."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

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
    open_campaign_meant,
    say,
    show,
    unit_meant,
)


class UnitOrCommand(TyperGroup):
    """A group whose first word may be a unit: then its receipt is registered."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps its type to itself
        """Read what follows the command's name."""
        names_unit = bool(args) and not args[0].startswith("-") and args[0] not in self.commands
        return super().parse_args(ctx, ["register", *args] if names_unit else args)


paper = typer.Typer(
    cls=UnitOrCommand,
    help="Sealed paper copies: `paper UNIT …` registers a receipt, `paper list` shows what is outstanding.",
    no_args_is_help=True,
)


@paper.command("register")
def register(
    unit: Annotated[str, typer.Argument(help="A unit's code or name.")],
    *,
    form: Annotated[str, typer.Option("--form", help="The form, as `phaseout status --json` names it.")],
    industry: Annotated[str | None, typer.Option("--industry", help="Its industry, if it is owed by industry.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="Its month, such as 2022-09.")] = None,
    copies: Annotated[int, typer.Option("--copies", help="How many copies came.")],
    is_sealed: Annotated[bool, typer.Option("--sealed/--no-seal", help="Whether they bear the official seal.")],
    figure: Annotated[str, typer.Option("--check-figure", metavar="XXXX-XXXX", help="校验码, as it stands on them.")],
    received: Annotated[str, typer.Option("--received", metavar="DAY", help="The day on which they came.")],
    campaign: Annotated[str | None, typer.Option("--campaign", help="The one opened last if not given.")] = None,
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Register copies that have come, complete or not; `phaseout paper UNIT …` is the same."""
    from phaseout.usecases.register_paper import register_paper  # noqa: PLC0415

    day, then = day_meant(received, option="--received"), instant(as_of)
    with open_app() as home:
        meant = open_campaign_meant(home, campaign)
        done = register_paper(
            meant,
            unit_meant(home.definitions.campaign(meant), unit),
            form=form,
            industry=industry,
            period=period,
            copies=copies,
            is_sealed=is_sealed,
            figure=figure,
            received_on=day,
            by=by,
            reason=reason,
            as_of=then,
            definitions=home.definitions,
            ledger=home.ledger,
        )
    receipt = done.receipt
    again = "" if done.is_new else ", registered before"
    say(f"{receipt.obligation}: {'held' if done.faults else 'complete'}{again}.")
    for fault in done.faults:
        say(f"  {_WORDS[fault].format(receipt=receipt, figure=done.figure)}")


_WORDS = {
    "not_accepted": "no file is accepted yet of which this could be the copy; it counts when one with its figure is.",
    "other_figure": "check figure {receipt.check_figure} is not that of the accepted file, which is {figure}.",
    "no_seal": "there is no seal on it.",
    "too_few": "{receipt.copies} came now, {receipt.copies_wanted} good copies in all are wanted.",
}


@paper.command("list")
def list_papers(campaign: CampaignId = None, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List the paper that is owed and not complete, with the check figure that it should bear."""
    from phaseout.usecases.register_paper import outstanding_papers  # noqa: PLC0415

    with open_app() as home:
        rows = outstanding_papers(
            campaign_meant(home, campaign),
            as_of=instant(as_of),
            definitions=home.definitions,
            calendar=home.calendar,
            ledger=home.ledger,
        )
    show(rows, as_json=as_json, title="outstanding paper")
