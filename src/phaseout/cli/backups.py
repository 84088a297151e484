"""Backups: `backup` takes one, `restore` makes a home again from one; dispatch is stopped and goes on."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from phaseout.bootstrap import App, is_anything_waiting, open_app
from phaseout.cli.common import AsOf, instant, say
from phaseout.domain.calendar import CHINA
from phaseout.errors import UsageError
from phaseout.settings import Settings

SHOWN = 10


class HomeInUse(UsageError):
    """Somebody serves the home into which a backup is to go."""

    def __init__(self, *, home: Path) -> None:
        super().__init__(f"`phaseout serve` or a replay is running in {home}; stop it first")


Who = Annotated[str, typer.Option("--by", help="Who decides.")]
Why = Annotated[str, typer.Option("--reason", help="Why.")]


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the backups lie; not in the home.")],
    *,
    keep: Annotated[int, typer.Option("--keep", min=1, help="How many copies of the ledger stay.")] = 30,
    verify: Annotated[bool, typer.Option("--verify", help="Read every file of the archive again.")] = False,
    as_of: AsOf = None,
) -> None:
    """Back up ledger, archive and the office's settings while everything runs. Exit code 1 if something is damaged."""
    from phaseout.bootstrap.backups import back_up_home  # noqa: PLC0415  no other command needs it

    with open_app() as home:
        done = back_up_home(home, folder, as_of=instant(as_of), keep=keep, verify=verify)
    kept = done.backup
    say(
        f"{kept.name}: ledger at revision {kept.ledger_revision}, {kept.counts['archive']} files in the archive, "
        f"{done.copied} of them new."
    )
    _say_files("damaged here and in no backup", kept.damaged)
    _say_files(f"gone from the archive, and whole in {folder}/archive", done.gone)
    _say_files("had rotted and was mended; look at the disks", done.mended)
    if not done.is_whole:
        raise typer.Exit(1)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the backups lie.")],
    *,
    home: Annotated[Path, typer.Option("--home", metavar="NEW", help="The home to make; it must not hold a ledger.")],
    generation: Annotated[
        str | None, typer.Option("--generation", metavar="NAME", help="Which backup; the newest if not given.")
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Make a home again from a backup and its warehouse with it. No letter leaves before `phaseout letters resume`."""
    from phaseout.bootstrap.backups import restore_home  # noqa: PLC0415  no other command needs it
    from phaseout.cli.processes import alone  # noqa: PLC0415  likewise

    then = instant(as_of)
    new = home.resolve()
    with alone(new, error=HomeInUse(home=new)):
        done = restore_home(folder, new, name=generation, as_of=then, settings=Settings())
    say(
        f"{new}: ledger at revision {done.backup.ledger_revision} as of {_minute(done.backup.taken_at)}, "
        f"{done.files} files in the archive."
    )
    if done.backup.damaged:
        say(f"{len(done.backup.damaged)} files were damaged when the backup was taken and are missing.")
    with closing(App(Settings().of_other_home(new))) as restored:
        for campaign in restored.ledger.open_campaigns():
            restored.make_inboxes(restored.definitions.campaign(campaign))
        _rebuild(restored, as_of=then)
    say(
        f"dispatch is stopped. {done.doubtful} letters that waited then may have left since (`phaseout letters list "
        f"--state uncertain`); {done.drafts} drafts may have been released."
    )
    say("next, in this order: `phaseout collect`, `phaseout remind`, look, `phaseout letters resume --by --reason`")


def _say_files(what: str, names: Sequence[str]) -> None:
    for name in names[:SHOWN]:
        say(f"{what}: {name[:2]}/{name[2:4]}/{name}")
    if len(names) > SHOWN:
        say(f"{what}: {len(names) - SHOWN} more")


def _rebuild(home: App, *, as_of: datetime) -> None:
    from phaseout.usecases.rebuild import rebuild  # noqa: PLC0415  no other command here needs it

    rebuilt = rebuild(
        home.rebuilding(keep_live=False), fill=lambda it: home.fill_and_mirror(it, as_of=as_of), ledger=home.ledger
    )
    say(f"{rebuilt.submissions} submissions; content hash {rebuilt.after}")


def stop_letters(
    *,
    by: Who,
    reason: Why,
    restored_from: Annotated[
        str | None,
        typer.Option(
            "--restored-from", metavar="INSTANT", help="The ledger is of then: what waited may have left since."
        ),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Let nothing leave from now on (停发), not even answers."""
    from phaseout.usecases.stop_dispatch import stop_dispatch  # noqa: PLC0415

    origin = None if restored_from is None else instant(restored_from)
    with open_app() as home:
        doubtful = stop_dispatch(
            by=by, reason=reason, as_of=instant(as_of), stops=home.stops, ledger=home.ledger, restored_from=origin
        )
    say("dispatch is stopped; `phaseout letters resume` lets it go on.")
    _say_doubtful(doubtful)


def resume_letters(*, by: Who, reason: Why, as_of: AsOf = None) -> None:
    """Let letters leave again; after a restore, those that may have left before are left to a person."""
    from phaseout.usecases.stop_dispatch import resume_dispatch  # noqa: PLC0415

    with open_app() as home:
        doubtful = resume_dispatch(
            by=by,
            reason=reason,
            as_of=instant(as_of),
            stops=home.stops,
            ledger=home.ledger,
            is_anything_waiting=is_anything_waiting(home),
        )
    say("dispatch goes on.")
    _say_doubtful(doubtful)


def say_if_stopped(home: App) -> bool:
    """Say that dispatch is stopped, if it is, and since when; return whether."""
    stop = home.stops.stopped()
    if stop is not None:
        say(f"dispatch is stopped since {_minute(stop.at)} ({stop.by}: {stop.reason}); `phaseout letters resume`.")
    return stop is not None


def _say_doubtful(count: int) -> None:
    if count:
        say(
            f"{count} letters may have left before: `phaseout letters list --state uncertain`, then `letters resend "
            "ID` or `letters settle ID --arrived`."
        )


def _minute(instant_meant: datetime) -> str:
    return instant_meant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


COMMANDS: dict[str, Callable[..., Any]] = {"backup": backup, "restore": restore}
OF_LETTERS: dict[str, Callable[..., Any]] = {"stop": stop_letters, "resume": resume_letters}
