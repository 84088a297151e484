"""What the office lets pass: waivers of findings, exemptions from obligations; and what units stand by."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import typer

from phaseout.bootstrap import App, open_app
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
from phaseout.domain.calendar import day_in_china
from phaseout.domain.letter import Letter
from phaseout.domain.obligation import Obligation
from phaseout.errors import UsageError


class NothingToWaive(UsageError):
    """A waiver without a unit and a rule, or a withdrawal with them."""

    def __init__(self) -> None:
        super().__init__(
            "name a unit and --rule to waive, or --obligation alone to exempt, "
            "or --withdraw NUMBER|OBLIGATION alone to take a waiver back, or an exemption"
        )


def waive(
    unit: Annotated[str | None, typer.Argument(metavar="[UNIT]", help="A unit's code or name.")] = None,
    *,
    rule: Annotated[str | None, typer.Option("--rule", help="The rule whose findings pass.")] = None,
    item: Annotated[
        str | None, typer.Option("--item", help="As `phaseout explanations` names it; a credit code: all items of it.")
    ] = None,
    form: Annotated[str | None, typer.Option("--form", help="On this form only.")] = None,
    industry: Annotated[str | None, typer.Option("--industry", help="For this industry only.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="For this month only, such as 2022-09.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="For what arrives by this day only.")
    ] = None,
    obligation: Annotated[
        str | None,
        typer.Option("--obligation", help="Exempt its unit from it (免报); id as in `phaseout status --json`."),
    ] = None,
    withdrawn: Annotated[
        str | None,
        typer.Option("--withdraw", metavar="NUMBER|OBLIGATION", help="Take a waiver back instead, or an exemption."),
    ] = None,
    campaign: Annotated[str | None, typer.Option("--campaign", help="The one opened last if not given.")] = None,
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Let findings of one unit pass (豁免), or exempt it from an obligation (免报), or take that back.

    Decisions that were made stand.
    """
    from phaseout.domain.waiver import Waiver  # noqa: PLC0415
    from phaseout.usecases.waive import waive as grant  # noqa: PLC0415

    then = instant(as_of)
    if withdrawn is not None or obligation is not None:
        others = (unit, rule, item, form, industry, period, until)
        if any(given is not None for given in others) or (withdrawn is not None and obligation is not None):
            raise NothingToWaive
        act = _exempt if withdrawn is None else _withdraw if withdrawn.isdecimal() else _owe_again
        act(withdrawn or obligation or "", by=by, reason=reason, as_of=then)
        return
    if unit is None or rule is None:
        raise NothingToWaive
    last = day_meant(until, option="--until") if until is not None else None
    with open_app() as home:
        meant = campaign_meant(home, campaign)
        code = unit_meant(home.definitions.campaign(meant), unit)
        waiver = Waiver(meant, code, rule, item, form, industry, period, last, by.strip(), reason.strip(), then)
        waived = grant(waiver, as_of=then, **_rules_and_ledger(home))
    say(f"waiver {waived.number}: {rule} of {code}, {waived.findings} findings of the newest versions.")
    for submission in waived.resend:
        say(f"{submission} was returned: the same file, sent or put into inbox/{code}/ again, is decided anew.")


def _exempt(obligation: str, *, by: str, reason: str, as_of: datetime) -> None:
    from phaseout.usecases.exempt import exempt  # noqa: PLC0415

    with open_app() as home:
        new = exempt(
            obligation, by=by, reason=reason, as_of=as_of, ledger=home.ledger, letter=_letter(home, as_of=as_of)
        )
    for one in new:
        say(f"{one}: not owed; its unit is told by the next `deliver`.")
    if not new:
        say(f"{obligation}: was not owed before.")


def _owe_again(obligation: str, *, by: str, reason: str, as_of: datetime) -> None:
    from phaseout.usecases.exempt import withdraw  # noqa: PLC0415

    with open_app() as home:
        is_new = withdraw(
            obligation, by=by, reason=reason, as_of=as_of, ledger=home.ledger, letter=_letter(home, as_of=as_of)
        )
    say(f"{obligation}: {'owed again; its unit is told' if is_new else 'no exemption holds'}.")


def _letter(home: App, *, as_of: datetime) -> Callable[[Obligation], Letter]:
    from phaseout.usecases.tell_decision import exemption_letter  # noqa: PLC0415

    return partial(exemption_letter, definitions=home.definitions, ledger=home.ledger, desk=home.desk, as_of=as_of)


def _withdraw(number: str, *, by: str, reason: str, as_of: datetime) -> None:
    from phaseout.usecases.waive import withdraw  # noqa: PLC0415

    with open_app() as home:
        is_new = withdraw(int(number), by=by, reason=reason, as_of=as_of, ledger=home.ledger)
    say(f"waiver {number} {'withdrawn' if is_new else 'was withdrawn before'}.")


def _rules_and_ledger(home: App) -> dict[str, Any]:
    return {
        "definitions": home.definitions,
        "checker": home.checker,
        "warehouse": home.warehouse,
        "ledger": home.ledger,
    }


waivers = typer.Typer(help="Waivers: what the office lets pass.", no_args_is_help=True)


@waivers.command("list")
def list_waivers(campaign: CampaignId = None, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List waivers with their state, oldest first."""
    from phaseout.usecases.waive import list_waivers as rows_of  # noqa: PLC0415

    with open_app() as home:
        rows = rows_of(campaign_meant(home, campaign), as_of=instant(as_of), **_rules_and_ledger(home))
    show(rows, as_json=as_json, title="waivers")


exemptions = typer.Typer(help="Exemptions: what single units need not file.", no_args_is_help=True)


@exemptions.command("list")
def list_exemptions(campaign: CampaignId = None, *, as_json: AsJson = False) -> None:
    """List exemptions (免报), oldest first, with those that were taken back."""
    with open_app() as home:
        rows = [
            {
                "obligation": record.exemption.obligation,
                "by": record.exemption.by,
                "reason": record.exemption.reason,
                "granted_on": record.exemption.since,
                "state": "有效" if record.holds else "已撤销",
                "withdrawn_on": day_in_china(record.withdrawn_at) if record.withdrawn_at else None,
                "withdrawn_by": record.withdrawn_by,
                "withdrawn_because": record.withdrawn_because,
            }
            for record in home.ledger.exemptions(campaign_meant(home, campaign))
        ]
    show(rows, as_json=as_json, title="exemptions")


def explanations(campaign: CampaignId = None, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List what units say of findings that they stand by (情况说明), oldest first."""
    from phaseout.usecases.list_explanations import list_explanations  # noqa: PLC0415

    with open_app() as home:
        rows = list_explanations(campaign_meant(home, campaign), as_of=instant(as_of), **_rules_and_ledger(home))
    show(rows, as_json=as_json, title="explanations")


COMMANDS: dict[str, Callable[..., Any]] = {"waive": waive, "explanations": explanations}
