"""The office's acts, each with --by and --reason, each in the ledger: `extend`, `reopen`, `waive` and so on."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer

from phaseout.bootstrap import App, open_app
from phaseout.cli.common import AsJson, AsOf, By, CampaignId, Reason, campaign_meant, day_meant, instant, say, show
from phaseout.domain.letter import LetterState
from phaseout.errors import UsageError

letters = typer.Typer(help="Letters: what was written, what waits for release.", no_args_is_help=True)


@letters.command("list")
def list_letters(
    *,
    state: Annotated[LetterState | None, typer.Option("--state", help="Only letters in this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """List letters, oldest first."""
    with open_app() as home:
        bounced = {one.letter: one for one in home.ledger.bounced()}
        rows = [
            {
                "id": record.id,
                "day": record.letter.day,
                "unit": record.letter.unit,
                "kind": record.letter.kind,
                "state": record.letter.state,
                "recipient": record.letter.recipient,
                "subject": record.letter.subject,
                "items": len(record.letter.items),
                "bounced": (bounced[record.id].status or "yes") if record.id in bounced else None,
            }
            for record in home.ledger.letters(states={state} if state else ())
        ]
    show(rows, as_json=as_json, title="letters")


@letters.command("show")
def show_letter(letter: int) -> None:
    """Print a letter's text."""
    with open_app() as home:
        say(home.letter_text(letter))


@letters.command("release")
def release_letter(letter: int, *, by: By, reason: Reason = "", as_of: AsOf = None) -> None:
    """Release a draft (签发); the next `deliver` sends it."""
    _settle(letter, release=True, by=by, reason=reason, as_of=as_of)
    say(f"letter {letter} released by {by}.")


@letters.command("withhold")
def withhold_letter(letter: int, *, by: By, reason: Reason = "", as_of: AsOf = None) -> None:
    """Withhold a draft (不予签发); it stays in."""
    _settle(letter, release=False, by=by, reason=reason, as_of=as_of)
    say(f"letter {letter} withheld by {by}.")


def _settle(letter: int, *, release: bool, by: str, reason: str, as_of: str | None) -> None:
    from phaseout.usecases.release import release as settle  # noqa: PLC0415

    with open_app() as home:
        settle(letter, release=release, by=by, reason=reason, as_of=instant(as_of), ledger=home.ledger)


def extend(
    obligation: Annotated[str, typer.Argument(help="As `phaseout status --json` names it.")],
    *,
    due: Annotated[str, typer.Option("--due", metavar="DAY", help="The new due date.")],
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Grant one unit a later due date (延期)."""
    from phaseout.usecases.extend import extend as grant  # noqa: PLC0415

    day, then = day_meant(due, option="--due"), instant(as_of)
    with open_app() as home:
        grant(obligation, day, by=by, reason=reason, as_of=then, ledger=home.ledger)
    say(f"{obligation}: due {day}.")


def reopen(
    unit: Annotated[str, typer.Argument(help="A unit's code.")],
    *,
    form: Annotated[str, typer.Option("--form", help="The form, as `phaseout status --json` names it.")],
    industry: Annotated[str | None, typer.Option("--industry", help="Its industry, if it is owed by industry.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="Its month, such as 2022-09.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="The last day; ten working days on if not given.")
    ] = None,
    campaign: Annotated[str | None, typer.Option("--campaign", help="The one opened last if not given.")] = None,
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Open a closed obligation again (重新开放); what was held for coming too late is decided and answered."""
    from phaseout.usecases.assess.reopen import reopen as open_again  # noqa: PLC0415

    last, then = day_meant(until, option="--until") if until is not None else None, instant(as_of)
    with open_app() as home:
        meant = campaign_meant(home, campaign)
        done = open_again(
            meant,
            unit,
            form=form,
            industry=industry,
            period=period,
            until=last,
            by=by,
            reason=reason,
            as_of=then,
            tools=home.tools,
        )
    say(f"{done.obligation}: {'open again' if done.is_new else 'was reopened before'}, until {done.until}.")
    for submission in done.decided:
        say(f"{submission.id}, held so far: {submission.decision}; its sender is answered.")


class NothingToWaive(UsageError):
    """A waiver without a unit and a rule, or a withdrawal with them."""

    def __init__(self) -> None:
        super().__init__("name a unit and --rule to waive, or --withdraw NUMBER alone to take a waiver back")


def waive(
    unit: Annotated[str | None, typer.Argument(metavar="[UNIT]", help="A unit's code.")] = None,
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
    number: Annotated[
        int | None, typer.Option("--withdraw", metavar="NUMBER", help="Take a waiver back instead.")
    ] = None,
    campaign: Annotated[str | None, typer.Option("--campaign", help="The one opened last if not given.")] = None,
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Let findings of one unit pass (豁免), or take that back; decisions that were made stand."""
    from phaseout.domain.waiver import Waiver  # noqa: PLC0415
    from phaseout.usecases.waive import waive as grant  # noqa: PLC0415

    then = instant(as_of)
    if number is not None:
        if any(given is not None for given in (unit, rule, item, form, industry, period, until)):
            raise NothingToWaive
        _withdraw(number, by=by, reason=reason, as_of=then)
        return
    if unit is None or rule is None:
        raise NothingToWaive
    last = day_meant(until, option="--until") if until is not None else None
    with open_app() as home:
        meant = campaign_meant(home, campaign)
        waiver = Waiver(meant, unit, rule, item, form, industry, period, last, by.strip(), reason.strip(), then)
        waived = grant(waiver, as_of=then, **_rules_and_ledger(home))
    say(f"waiver {waived.number}: {rule} of {unit}, {waived.findings} findings of the newest versions.")
    for submission in waived.resend:
        say(f"{submission} was returned: the same file, sent or put into inbox/{unit}/ again, is decided anew.")


def _withdraw(number: int, *, by: str, reason: str, as_of: datetime) -> None:
    from phaseout.usecases.waive import withdraw  # noqa: PLC0415

    with open_app() as home:
        is_new = withdraw(number, by=by, reason=reason, as_of=as_of, ledger=home.ledger)
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


def explanations(campaign: CampaignId = None, *, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List what units say of findings that they stand by (情况说明), oldest first."""
    from phaseout.usecases.list_explanations import list_explanations  # noqa: PLC0415

    with open_app() as home:
        rows = list_explanations(campaign_meant(home, campaign), as_of=instant(as_of), **_rules_and_ledger(home))
    show(rows, as_json=as_json, title="explanations")


COMMANDS: dict[str, Callable[..., Any]] = {
    "extend": extend,
    "reopen": reopen,
    "waive": waive,
    "explanations": explanations,
}
