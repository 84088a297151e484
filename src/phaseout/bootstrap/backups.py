"""Backups (备份) of a home, and homes made again from them."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from phaseout.adapters.backup_folder import SCRATCH, BackupFolder
from phaseout.adapters.dispatch_stop_file import DispatchStopFile
from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.ledger.copying import SqliteLedgerCopier, file_of
from phaseout.bootstrap import REPLAY_MARK, STOPS, App
from phaseout.errors import OperatorError, PhaseoutError, UsageError
from phaseout.ports import BackupStore, Ledger
from phaseout.settings import Settings
from phaseout.usecases.back_up import BackedUp, back_up
from phaseout.usecases.restore import Restored, restore

# What the office sets in its home; the rest is archive, ledger, or made from the two. No passwords.
OFFICE = ("calendar/*", "comparison/**/*", "documents/**/*", REPLAY_MARK)
LAST_BACKUP = "backup.json"


class LedgerIsElsewhere(UsageError):
    """The ledger is on a database server, which has its own way to be backed up."""

    def __init__(self, *, act: str) -> None:
        super().__init__(
            f"the ledger lies where PHASEOUT_LEDGER_URL says: {act} (docs/how-to/keep-the-ledger-on-postgresql.md)"
        )


class BackupInHome(UsageError):
    """A backup is to lie in the home that it is to save."""

    def __init__(self, *, folder: Path, home: Path) -> None:
        super().__init__(f"{folder} lies in {home}, and would be lost with it; put backups elsewhere")


class BackupNotWritten(OperatorError):
    """A backup could not be written; the earlier ones are as they were."""

    def __init__(self, *, folder: Path, reason: OSError) -> None:
        super().__init__(f"{folder}: the backup could not be written ({reason.strerror or reason}); earlier ones stay")


class HomeNotEmpty(UsageError):
    """A restore is to go into a home that holds something."""

    def __init__(self, *, home: Path, what: str) -> None:
        super().__init__(f"{home} holds {what}; restore into a new folder with --home")


def back_up_home(app: App, folder: Path, *, as_of: datetime, keep: int, verify: bool) -> BackedUp:
    """Back a home up into *folder*, and note in the home how that went.

    Raises:
        LedgerIsElsewhere: the ledger is no file.
        BackupInHome: the folder lies in the home.
        LedgerCopyFailed: the ledger cannot be copied.
        BackupNotWritten: the disk is full or gone.
    """
    path = _ledger_file(app)
    if path is None:
        raise LedgerIsElsewhere(act="back it up with pg_dump, and the archive with rsync afterwards")
    if folder.resolve().is_relative_to(app.home):
        raise BackupInHome(folder=folder, home=app.home)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        done = back_up(
            as_of=as_of,
            release=version("phaseout"),
            ledger=SqliteLedgerCopier(path, scratch=folder / SCRATCH),
            archive=app.archive,
            office=_office_files(app.home),
            store=_store(folder),
            keep=keep,
            verify=verify,
        )
    except OSError as error:
        why = BackupNotWritten(folder=folder, reason=error)
        _note(app.home, at=as_of, folder=folder, result="failed", words=str(why))
        raise why from error
    except PhaseoutError as error:
        _note(app.home, at=as_of, folder=folder, result="failed", words=str(error))
        raise
    result = "damaged" if done.backup.damaged or done.gone else "mended" if done.mended else "done"
    _note(app.home, at=as_of, folder=folder, result=result, words=_words(done), name=done.backup.name)
    return done


def restore_home(folder: Path, home: Path, *, name: str | None, as_of: datetime, settings: Settings) -> Restored:
    """Make a home again from a backup.

    Raises:
        LedgerIsElsewhere: the settings name a database server.
        HomeNotEmpty: the home holds a ledger, mail or letters.
        NoBackup: there is none.
        BackupDamaged: it is not whole.
    """
    if settings.ledger_url is not None:
        raise LedgerIsElsewhere(act="restore it with pg_restore")
    _require_empty(home, settings=settings)

    def put_office_file(part: str, content: Iterator[bytes]) -> None:
        path = home / part
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(content))

    @contextmanager
    def putting_ledger(content: Iterator[bytes]) -> Iterator[Ledger]:
        fresh = home / "ledger.restored.sqlite"
        with fresh.open("wb") as file:
            fresh.chmod(0o600)
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        with closing(App(settings.of_other_home(home, ledger_url=f"sqlite:///{fresh}"))) as app:
            yield app.ledger
        fresh.rename(home / "ledger.sqlite")
        _sync(home)

    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return restore(
        as_of=as_of,
        store=_store(folder),
        name=name,
        archive=FileArchive(home / "archive"),
        put_office_file=put_office_file,
        putting_ledger=putting_ledger,
        stops=DispatchStopFile(home / STOPS),
    )


def _require_empty(home: Path, *, settings: Settings) -> None:
    if any(path.is_file() for pattern in ("mailbox/*/*", "outgoing/*") for path in home.glob(pattern)):
        raise HomeNotEmpty(home=home, what="mail or letters")
    if (home / "ledger.sqlite").exists():
        # A command that only looked leaves an empty ledger; that is nobody's campaign.
        with closing(App(settings.of_other_home(home))) as app:
            if app.ledger.open_campaigns() or app.ledger.deliveries():
                raise HomeNotEmpty(home=home, what="a ledger")


def _ledger_file(app: App) -> Path | None:
    url = app.settings.ledger_url
    return app.home / "ledger.sqlite" if url is None else file_of(url)


def _store(folder: Path) -> BackupStore:
    return BackupFolder(folder, archive=FileArchive(folder / "archive"))


def _office_files(home: Path) -> dict[str, bytes]:
    found = (path for pattern in OFFICE for path in sorted(home.glob(pattern)) if path.is_file())
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in found}


def _words(done: BackedUp) -> str:
    told = {"damaged": done.backup.damaged, "mended": done.mended, "gone from the archive": done.gone}
    return "; ".join(f"{len(files)} files {what}" for what, files in told.items() if files)


def _note(home: Path, *, at: datetime, folder: Path, result: str, words: str, name: str | None = None) -> None:
    """Write down how the last backup went, and which one was the last that is of use."""
    if not home.is_dir():
        return
    path = home / LAST_BACKUP
    noted = {"at": at.isoformat(), "folder": str(folder.resolve()), "result": result, "words": words, "name": name}
    last_good = noted["at"] if name else _last_good_of(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps({**noted, "last_good_at": last_good}, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)


def _last_good_of(path: Path) -> str | None:
    try:
        found: str | None = json.loads(path.read_bytes()).get("last_good_at")
    except (OSError, ValueError, AttributeError):
        return None
    return found


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
