"""The office's acts, each with --by and --reason, each in the ledger: `letters release`, `extend` and so on."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import AsJson, AsOf, By, Reason, day_meant, instant, say, show
from phaseout.domain.letter import LetterState

letters = typer.Typer(help="Letters: what was written, what waits for release.", no_args_is_help=True)


@letters.command("list")
def list_letters(
    *,
    state: Annotated[LetterState | None, typer.Option("--state", help="Only letters in this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """List letters, oldest first."""
    with open_app() as home:
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


COMMANDS: dict[str, Callable[..., Any]] = {"extend": extend}
