"""Whether the installation is well: `doctor` says it on one screen, `watch` writes to the office as well."""

import logging
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

import typer

from phaseout.bootstrap import open_app
from phaseout.cli.common import AsJson, AsOf, instant, printable, say, show
from phaseout.domain.calendar import CHINA
from phaseout.domain.health import FROM_THE_LEDGER, Check, Grade, Trouble
from phaseout.domain.health_words import HealthWords
from phaseout.errors import PhaseoutError, UsageError

TROUBLES, UNANSWERED = 1, 3
WELL, UNKNOWN = "ok", "not checked"
COLOURS = {WELL: "green", Grade.NOTE: "cyan", Grade.WARNING: "yellow", Grade.FAILING: "red"}


def doctor(*, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Say on one screen what is wrong with this installation, and what to do; nothing is changed.

    Exit code 1 if something is wrong, 3 if an outside system could not be asked.
    """
    from phaseout.bootstrap.health import look, words_of  # noqa: PLC0415

    _log_to_stderr()
    then = instant(as_of)
    with open_app() as home:
        health = look(home, as_of=then)
        words = words_of(home)
        place = home.home
    blind = FROM_THE_LEDGER if health.observed.books is None else frozenset()
    rows = _rows(health.troubles, words, blind=blind)
    if as_json:
        show(rows, as_json=True)
    else:
        say(f"{place} as of {_minute(then)}")
        _table(rows)
    _end(health.troubles, is_unanswered=health.is_unanswered)


def watch(*, as_of: AsOf = None) -> None:
    """Check what `doctor` checks, and write to the office when something is new, lasts or is over.

    Exit code 1 if something is wrong, 3 if an outside system could not be asked.
    """
    from phaseout.bootstrap.health import watch as look_and_tell  # noqa: PLC0415
    from phaseout.bootstrap.health import words_of  # noqa: PLC0415
    from phaseout.usecases.tell_health import Way  # noqa: PLC0415

    _log_to_stderr()
    with open_app() as home:
        done = look_and_tell(home, as_of=instant(as_of))
        words = words_of(home)
    if done is None:
        say("another watch is at work.")
        return
    health, told = done
    for trouble in health.troubles:
        if trouble.grade is not Grade.NOTE:
            say(f"{trouble.grade}: {words.english(trouble).title}")
    letters = {
        Way.NONE: "no letter is due",
        Way.QUEUED: "a letter to the office is in the outbox",
        Way.DIRECT: "a letter to the office has left",
        Way.UNSENT: f"a letter to the office could not leave ({told.words}); it lies in health/unsent in the home",
    }
    wrong = _count_wrong(health.troubles)
    say(f"{wrong or 'nothing'} wrong; {letters[told.way]}.")
    _end(health.troubles, is_unanswered=health.is_unanswered)


def _end(troubles: Sequence[Trouble], *, is_unanswered: bool) -> None:
    if is_unanswered:
        raise typer.Exit(UNANSWERED)
    if _count_wrong(troubles):
        raise typer.Exit(TROUBLES)


def _count_wrong(troubles: Sequence[Trouble]) -> int:
    return sum(trouble.grade is not Grade.NOTE for trouble in troubles)


def _rows(troubles: Sequence[Trouble], words: HealthWords, *, blind: Collection[Check]) -> list[Mapping[str, object]]:
    """Return a row for each trouble, and one for each check that found none, in the order of the checks.

    Of the *blind* ones nothing is known.
    """
    rows: list[Mapping[str, object]] = []
    for check in Check:
        name = words.checks[check][1]
        found = [trouble for trouble in troubles if trouble.check is check]
        rows += [_row(name, trouble, words) for trouble in found] or [
            _row_of_none(name, UNKNOWN if check in blind else WELL)
        ]
    return rows


def _row(check: str, trouble: Trouble, words: HealthWords) -> Mapping[str, object]:
    wording = words.english(trouble)
    return {
        "check": check,
        "grade": trouble.grade.value,
        "trouble": trouble.code,
        "subject": trouble.subject,
        "since": trouble.since,
        "title": wording.title,
        "what": wording.what,
        "do": wording.do,
        "title_zh": words.chinese(trouble).title,
    }


def _row_of_none(check: str, grade: str) -> Mapping[str, object]:
    none: dict[str, object] = dict.fromkeys(("trouble", "subject", "since", "title", "what", "do", "title_zh"))
    return {"check": check, "grade": grade, **none}


def _table(rows: Sequence[Mapping[str, object]]) -> None:
    from rich.console import Console  # noqa: PLC0415  JSON wants none of it
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_lines=False, pad_edge=False, box=None)
    for name in ("check", "state", "what is wrong and what to do"):
        table.add_column(name, overflow="fold")
    for row in rows:
        grade = str(row["grade"])
        table.add_row(str(row["check"]), Text(grade, style=COLOURS.get(grade, "")), Text(printable(_told(row))))
    Console(width=None if sys.stdout.isatty() else 120, markup=False, emoji=False).print(table)


def _told(row: Mapping[str, object]) -> str:
    if row["trouble"] is None:
        return ""
    since = f" (since {_minute(row['since'])})" if isinstance(row["since"], datetime) else ""
    return f"{row['title']}（{row['title_zh']}）{since}\n{row['what']}\n→ {row['do']}"


def _minute(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _log_to_stderr() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s")


def noted(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a command's end be noted in the home, for the watch."""

    def around(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*args: object, as_of: str | None = None, **kwargs: object) -> None:
            from phaseout.bootstrap.passes import note_pass  # noqa: PLC0415

            campaign = next((str(one) for one in (*args, kwargs.get("campaign")) if one), None)
            try:
                command(*args, as_of=as_of, **kwargs)
            except UsageError:
                raise  # asked for wrongly, or before anything is open: that is no pass
            except (PhaseoutError, OSError) as error:
                note_pass(name, at=instant(as_of), reason=type(error).__name__, campaign=campaign)
                raise
            note_pass(name, at=instant(as_of), campaign=campaign)

        return run

    return around


COMMANDS: dict[str, Callable[..., Any]] = {"doctor": doctor, "watch": watch}
