"""One pass of the office's work without Prefect: `collect`, `remind`, `deliver`, `publish`, `forms` and so on."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from phaseout.bootstrap import App, is_anything_waiting, open_app
from phaseout.bootstrap.lookup import calendar_file
from phaseout.cli.backups import say_if_stopped
from phaseout.cli.common import (
    AsJson,
    AsOf,
    CampaignId,
    campaign_meant,
    instant,
    make_folder,
    open_campaign_meant,
    say,
    show,
    unit_meant,
)
from phaseout.cli.health import noted
from phaseout.domain.campaign import Campaign
from phaseout.domain.letter import LetterFile
from phaseout.domain.phase import Phase
from phaseout.errors import OperatorError, TransientError, UsageError


class MailServerRefuses(TransientError):
    """The mail server takes nothing from us; every letter waits."""

    def __init__(self, *, words: str) -> None:
        super().__init__(
            f"the mail server takes nothing from us ({words}); the letters wait. Look at PHASEOUT_SMTP_URL, renew the "
            "password or authorization code (PHASEOUT_SMTP_PASSWORD_FILE), or name its certificate "
            "(PHASEOUT_SMTP_CA_FILE), then run `phaseout deliver`"
        )


class MailServerAway(TransientError):
    """The mail server is not there; every letter waits, and none loses a try by it."""

    def __init__(self, *, words: str) -> None:
        super().__init__(
            f"the mail server cannot be reached ({words}); the letters wait and lose nothing by it. Look at the "
            "network and at PHASEOUT_SMTP_URL, then run `phaseout deliver`; `make serve` goes on trying by itself"
        )


class UnknownPeriod(UsageError):
    """Forms are wanted for a month for which nothing is owed."""

    def __init__(self, *, period: str, known: Iterable[str]) -> None:
        super().__init__(f"--period {period!r}: the campaign's periods are {', '.join(known) or 'none'}")


def collect(*, as_of: AsOf = None) -> None:
    """Take in mail and inbox folders, assess what is new, and put the answers into the outbox."""
    then = instant(as_of)  # an --as-of that is none is refused on a quiet day too
    with open_app() as home:
        _warn_of_replay(home)
        _warn_of_no_proof(home)
        if not is_anything_waiting(home):
            say("nothing new.")
            return
        from phaseout.usecases.assess import assess  # noqa: PLC0415  heavy; only when there is work
        from phaseout.usecases.collect import collect as take_in  # noqa: PLC0415

        intake = partial(take_in, as_of=then, intakes=home.intakes, archive=home.archive, ledger=home.ledger)
        if not home.settings.holds_warehouse:
            say(f"{intake()} new deliveries; the machine that holds the warehouse assesses them.")
            return
        try:
            new = intake()
        except OperatorError:
            assess(as_of=then, tools=home.tools)  # a mailbox that is away keeps no answer back
            raise
        done = assess(as_of=then, tools=home.tools)
    counts = f"{done.accepted} accepted, {done.returned} returned, {done.refused} refused"
    say(f"{new} new deliveries; {counts}{f', {done.quarantined} in quarantine' if done.quarantined else ''}.")


def remind(campaign: CampaignId = None, *, as_of: AsOf = None) -> None:
    """Write today's requests, reminders and overdue notices into the outbox; notices with release stay drafts."""
    from phaseout.usecases.owe import owe  # noqa: PLC0415
    from phaseout.usecases.remind import remind as write_letters  # noqa: PLC0415
    from phaseout.usecases.remind_signing import remind_signing  # noqa: PLC0415

    with open_app() as home:
        _warn_of_replay(home)
        meant, then = open_campaign_meant(home, campaign), instant(as_of)
        owe(meant, as_of=then, definitions=home.definitions, calendar=home.calendar, ledger=home.ledger)
        desk = home.desk(home.definitions.campaign(meant))
        known: dict[str, Any] = {"definitions": home.definitions, "calendar": home.calendar, "ledger": home.ledger}
        written = write_letters(meant, as_of=then, **known, desk=desk, forms=home.form_files, pages=home.pages)
        # In a replay nobody signs, and the office is not troubled.
        page = home.settings.signing_page
        reminded = 0 if home.is_replay else remind_signing(meant, as_of=then, **known, desk=desk, page=page)
    to_the_office = "; the office is reminded of those that wait" if reminded else ""
    say(f"{written.letters} letters, {written.drafts} drafts{to_the_office}.")


def deliver(*, as_of: AsOf = None) -> None:
    """Send what waits in the outbox; without a mail server the letters lie in outgoing/."""
    with open_app() as home:
        then = instant(as_of)
        terms = replace(home.terms, pause=timedelta(0))  # who runs this by hand has mended what was broken
        if say_if_stopped(home):
            _say_what_is_left_to_persons(home, as_of=then)
            return
        if not home.ledger.is_anything_queued(as_of=then, terms=terms):
            say("nothing to send.")
            _say_what_is_left_to_persons(home, as_of=then)
            return
        from phaseout.usecases.deliver import deliver as send  # noqa: PLC0415

        done = send(
            as_of=then,
            ledger=home.ledger,
            archive=home.archive,
            outgoing=home.outgoing,
            sender=home.sender(),
            terms=terms,
        )
        why = " Why: `phaseout letters list`, under note." if done.failed else ""
        say(f"{done.sent} sent, {done.failed} not sent, {done.withdrawn} withdrawn.{why}")
        _say_what_is_left_to_persons(home, as_of=then)
    if done.stopped:
        raise (MailServerAway if done.is_unreachable else MailServerRefuses)(words=done.stopped)


def publish(campaign: CampaignId = None, *, as_of: AsOf = None) -> None:
    """Replace the analysts' snapshot, the board, the Parquet files and the workbook."""
    from phaseout.bootstrap.health import board_troubles  # noqa: PLC0415
    from phaseout.usecases.extract import extract  # noqa: PLC0415
    from phaseout.usecases.publish import publish as publish_now  # noqa: PLC0415

    with open_app() as home:
        published = publish_now(
            open_campaign_meant(home, campaign),
            as_of=instant(as_of),
            definitions=home.definitions,
            calendar=home.calendar,
            ledger=home.ledger,
            warehouse=home.warehouse,
            pages=home.pages,
            snapshot=home.snapshot,
            catch_up=lambda: home.fill_to_publish(open_campaign_meant(home, campaign), as_of=instant(as_of)),
            days=lambda known: calendar_file(home, known, unit=None, as_of=instant(as_of)),
            troubles=board_troubles(home.home),
        )
        say(f"published; content hash {published.content_hash}" if published.is_new else "nothing changed.")
        if extract(
            as_of=instant(as_of),
            snapshot=home.snapshot,
            definitions=home.definitions,
            ledger=home.ledger,
            extracts=home.extracts,
        ):
            say("Parquet files and workbook renewed.")


def forms(
    campaign: CampaignId = None,
    *,
    folder: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where the workbooks go.")],
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="A unit's code or name; all units if not given.")
    ] = None,
    period: Annotated[str | None, typer.Option("--period", help="One month only, such as 2022-09.")] = None,
) -> None:
    """Write the blank or prefilled workbooks that units owe, and the blank ones that are kept below."""
    from phaseout.usecases.write_forms import write_forms  # noqa: PLC0415

    count = 0
    with open_app() as home:
        meant = campaign_meant(home, campaign)
        known = home.definitions.campaign(meant)
        _require_period(known, period)
        wanted = tuple(unit_meant(known, one) for one in unit or ())
        make_folder(folder)
        for file in write_forms(
            meant,
            units=wanted,
            period=period,
            definitions=home.definitions,
            calendar=home.calendar,
            forms=home.form_files,
        ):
            (folder / file.name).write_bytes(file.content)
            count += 1
    say(f"{count} workbooks in {folder}")


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)],
    *,
    campaign: Annotated[str | None, typer.Option("--campaign", help="The one opened last if not given.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="The unit that would send them, by code or name.")] = None,
    marked: Annotated[
        Path | None, typer.Option("--marked", metavar="DIR", file_okay=False, help="Where marked copies go.")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Check workbooks as intake would, without filing them. Exit code 1 if there are findings."""
    from phaseout.usecases.assess.preview import check_files  # noqa: PLC0415

    with open_app() as home:
        meant = campaign or home.usual_campaign
        rows = check_files(
            [(path.name, path.read_bytes()) for path in files],
            campaign_id=meant,
            unit_code=unit_meant(home.definitions.campaign(meant), unit) if unit else None,
            as_of=instant(as_of),
            tools=home.tools,
            keep=partial(_keep, marked) if marked else None,
            tell=None if as_json else _say_phase,
        )
    show(rows, as_json=as_json, title="findings")
    if rows:
        raise typer.Exit(1)


def rebuild(
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Compare with the live warehouse and keep it.")] = False,
    as_of: AsOf = None,
) -> None:
    """Make the warehouse again from archive and ledger; print the content hash. Exit code 1 if it is another."""
    from phaseout.usecases.rebuild import rebuild as make_again  # noqa: PLC0415

    then = instant(as_of)
    with open_app() as home:
        rebuilt = make_again(
            home.rebuilding(keep_live=verify),
            fill=lambda it: home.fill_and_mirror(it, as_of=then),
            ledger=home.ledger,
        )
    say(f"{rebuilt.submissions} submissions; content hash {rebuilt.after}")
    if rebuilt.missing:
        say(f"{rebuilt.missing} accepted submissions are not in it: their originals cannot be read; see above.")
    if rebuilt.damage:
        say(f"the live warehouse was damaged: {rebuilt.damage}{'; `phaseout rebuild` replaces it' if verify else ''}.")
    elif rebuilt.before not in (None, rebuilt.after):
        say(f"the live warehouse had another: {rebuilt.before}")
    if not rebuilt.is_identical:
        raise typer.Exit(1)


def _say_what_is_left_to_persons(home: App, *, as_of: datetime) -> None:
    from phaseout.usecases.deliver import left_to_persons  # noqa: PLC0415

    left = left_to_persons(home.ledger, as_of=as_of)
    if left:
        each = ", ".join(f"{left[state]} {state} (`phaseout letters list --state {state}`)" for state in sorted(left))
        say(f"waiting for a person: {each}; `phaseout letters resend ID` or `letters settle ID --arrived`.")


def _require_period(campaign: Campaign, period: str | None) -> None:
    known = dict.fromkeys(term.period for milestone in campaign.milestones for term in milestone.terms if term.period)
    if period is not None and period not in known:
        raise UnknownPeriod(period=period, known=known)


def _say_phase(name: str, reached: Phase) -> None:
    waiting = f"; {', '.join(reached.later)} when that is corrected" if reached.later else ""
    say(f"{name}: checked as far as {reached}{waiting}.")


def _keep(folder: Path, copy: LetterFile) -> None:
    make_folder(folder)
    (folder / copy.name).write_bytes(copy.content)


def _warn_of_replay(home: App) -> None:
    if home.is_replay:
        typer.echo(f"note: {home.home} holds a replay; the next replay clears it.", err=True)


def _warn_of_no_proof(home: App) -> None:
    if home.is_without_proof:
        typer.echo(
            "warning: PHASEOUT_AUTHSERV_ID is not set, so nobody vouches for senders and mail waits in quarantine.",
            err=True,
        )


COMMANDS: dict[str, Callable[..., Any]] = {
    "collect": noted("collect")(collect),
    "remind": noted("remind")(remind),
    "deliver": noted("deliver")(deliver),
    "publish": noted("publish")(publish),
    "forms": forms,
    "check": check,
    "rebuild": rebuild,
}
