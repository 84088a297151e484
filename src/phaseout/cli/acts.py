"""The office's acts, each with --by and --reason, each in the ledger: `letters`, `extend`, `reopen`."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

import typer

from phaseout.bootstrap import App, open_app
from phaseout.bootstrap.lookup import letter_text
from phaseout.cli.common import (
    AsJson,
    AsOf,
    By,
    Reason,
    day_meant,
    instant,
    open_campaign_meant,
    say,
    show,
    unit_meant,
)
from phaseout.domain.campaign import UnknownUnit
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.outbox import DispatchAct
from phaseout.errors import UsageError

letters = typer.Typer(help="Letters: what was written, what waits for release.", no_args_is_help=True)


@letters.command("list")
def list_letters(
    *,
    state: Annotated[LetterState | None, typer.Option("--state", help="Only letters in this state.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Only letters to this unit, by code or name.")] = None,
    kind: Annotated[LetterKind | None, typer.Option("--kind", help="Only letters of this kind.")] = None,
    as_json: AsJson = False,
) -> None:
    """List letters, oldest first."""
    with open_app() as home:
        codes = _codes(home, unit) if unit else ()
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
                "note": record.note,
                "next_try": record.not_before,
                "bounced": (bounced[record.id].status or "yes") if record.id in bounced else None,
            }
            for record in home.ledger.letters(states={state} if state else ())
            if kind in {None, record.letter.kind} and (unit is None or record.letter.unit in codes)
        ]
    show(rows, as_json=as_json, title="letters")


def _codes(home: App, unit: str) -> set[str]:
    """Return the codes that a unit's name or code means in the campaigns that are open."""
    codes = set()
    opened = home.ledger.open_campaigns()
    for campaign in opened:
        with suppress(UnknownUnit):
            codes.add(unit_meant(home.definitions.campaign(campaign), unit))
    if opened and not codes:
        raise UnknownUnit(campaign=opened[-1], unit=unit)
    return codes


@letters.command("show")
def show_letter(letter: int) -> None:
    """Print a letter's text."""
    with open_app() as home:
        say(letter_text(home, letter))


@letters.command("release")
def release_letter(letter: int, *, by: By, reason: Reason = "", as_of: AsOf = None) -> None:
    """Release a draft (签发); the next `deliver` sends it."""
    _settle(letter, release=True, by=by, reason=reason, as_of=as_of)
    say(f"letter {letter} released by {by.strip()}.")


@letters.command("withhold")
def withhold_letter(letter: int, *, by: By, reason: Reason = "", as_of: AsOf = None) -> None:
    """Withhold a draft (不予签发); it stays in."""
    _settle(letter, release=False, by=by, reason=reason, as_of=as_of)
    say(f"letter {letter} withheld by {by.strip()}.")


@letters.command("resend")
def resend_letter(letter: int, *, by: By, reason: Reason, as_of: AsOf = None) -> None:
    """Send a letter once more that failed, was held, or of which nobody knows; the next `deliver` does it."""
    _decide(letter, DispatchAct.RESEND, by=by, reason=reason, as_of=as_of)
    say(f"letter {letter} leaves again, decided by {by}.")


@letters.command("settle")
def settle_letter(
    letter: int,
    *,
    arrived: Annotated[
        bool, typer.Option("--arrived", help="The recipient has it, as was found out otherwise.")
    ] = False,
    by: By,
    reason: Reason,
    as_of: AsOf = None,
) -> None:
    """Settle a letter that failed, was held, or of which nobody knows: it has arrived."""
    if not arrived:
        raise NothingSettled
    _decide(letter, DispatchAct.ARRIVED, by=by, reason=reason, as_of=as_of)
    say(f"letter {letter} counts as arrived, decided by {by}.")


class NothingSettled(UsageError):
    """A letter is to be settled, and nobody says how."""

    def __init__(self) -> None:
        super().__init__("say --arrived; what has not arrived is sent again with `phaseout letters resend`")


def _decide(letter: int, act: DispatchAct, *, by: str, reason: str, as_of: str | None) -> None:
    from phaseout.usecases.settle_dispatch import settle_dispatch  # noqa: PLC0415

    with open_app() as home:
        settle_dispatch(letter, act, by=by, reason=reason, as_of=instant(as_of), ledger=home.ledger)


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
    from phaseout.usecases.tell_decision import extension_letter  # noqa: PLC0415

    day, then = day_meant(due, option="--due"), instant(as_of)
    with open_app() as home:
        letter = partial(extension_letter, definitions=home.definitions, ledger=home.ledger, desk=home.desk, as_of=then)
        is_new = grant(obligation, day, by=by, reason=reason, as_of=then, ledger=home.ledger, letter=letter)
        is_day_off = not home.calendar.is_working_day(day)
        correction = _correction(home, obligation, as_of=then)
    if not is_new:
        say(f"{obligation}: is due that day already.")
        return
    if is_day_off:
        say(f"note: {day} is a day off.")
    if correction is not None and correction > day:
        say(f"note: what was filed was returned, and its correction is wanted by {correction} anyway.")
    say(f"{obligation}: due {day}; its unit is told by the next `deliver`.")


def _correction(home: App, obligation: str, *, as_of: datetime) -> date | None:
    """Return by when a returned submission is wanted again; None if none is."""
    from phaseout.domain.obligation import standings  # noqa: PLC0415

    campaign = home.definitions.campaign(obligation.partition("/")[0])
    views = standings(
        home.ledger.obligations(campaign.id),
        home.ledger.submitted(campaign.id),
        calendar=home.calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    return views[obligation].correction_due


def reopen(
    unit: Annotated[str, typer.Argument(help="A unit's code or name.")],
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
        meant = open_campaign_meant(home, campaign)
        done = open_again(
            meant,
            unit_meant(home.definitions.campaign(meant), unit),
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


COMMANDS: dict[str, Callable[..., Any]] = {
    "extend": extend,
    "reopen": reopen,
}
