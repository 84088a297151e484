"""The evidence register: `evidence list`, and `evidence assign` for what no name says."""

import re
from typing import Annotated

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import AsJson, AsOf, By, CampaignId, Reason, campaign_meant, instant, say, show, unit_meant
from phaseout.domain.evidence import EvidencePhase

evidence = typer.Typer(help="Evidence: pictures and videos that came with forms.", no_args_is_help=True)


# A file's name is a stranger's: no control character, and nothing that turns the reading direction, reaches a terminal.
_UNSEEMLY = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def escaped(text: object) -> str:
    """Return text in which a sign that must not be printed is written out as its number."""
    return _UNSEEMLY.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), str(text))


@evidence.command("list")
def list_evidence(
    campaign: CampaignId = None,
    *,
    unit: Annotated[str | None, typer.Option("--unit", help="Only of this unit, by code or name.")] = None,
    unassigned: Annotated[bool, typer.Option("--unassigned", help="Only what is matched to no enterprise.")] = False,
    as_json: AsJson = False,
) -> None:
    """List pictures and videos with enterprise, phase and hash, and with those that serve twice."""
    from phaseout.usecases.assign_evidence import list_evidence as rows_of  # noqa: PLC0415

    with open_app() as home:
        meant = campaign_meant(home, campaign)
        rows = rows_of(
            meant,
            unit=unit_meant(home.definitions.campaign(meant), unit) if unit else None,
            is_unassigned=unassigned,
            definitions=home.definitions,
            ledger=home.ledger,
        )
    shown = (
        rows if as_json else [{**row, "sha256": str(row["sha256"])[:12], "file": escaped(row["file"])} for row in rows]
    )
    show(shown, as_json=as_json, title="evidence")


@evidence.command("assign")
def assign(
    sha256: Annotated[str, typer.Argument(metavar="SHA", help="The hash, or its first digits.")],
    *,
    enterprise: Annotated[str, typer.Option("--enterprise", help="The enterprise, as its forms write it.")],
    phase: Annotated[
        EvidencePhase | None, typer.Option("--phase", help="When it was taken; none if not given.")
    ] = None,
    campaign: Annotated[str | None, typer.Option("--campaign", help="The one opened last if not given.")] = None,
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Say whose picture it is, wherever the same file comes in the campaign; the newest assignment counts."""
    from phaseout.usecases.assign_evidence import assign as record  # noqa: PLC0415

    then = instant(as_of)
    with open_app() as home:
        home.fill(home.warehouse)
        whole, is_new = record(
            sha256,
            campaign_id=campaign_meant(home, campaign),
            enterprise=enterprise,
            phase=phase,
            by=by,
            reason=reason,
            as_of=then,
            ledger=home.ledger,
            warehouse=home.warehouse,
        )
    say(f"{whole[:12]} {'assigned to' if is_new else 'was assigned before to'} {enterprise}, {phase or 'no phase'}.")
