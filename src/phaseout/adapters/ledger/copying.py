"""Copies a ledger on SQLite while everybody goes on working with it (SQLite's online backup)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from phaseout.adapters.ledger.engine import BUSY_TIMEOUT_MS
from phaseout.ports import LedgerCopier, LedgerCopy, LedgerCopyFailed

CHUNK = 1 << 20
COUNTED = ("campaign", "obligation", "delivery", "submission", "letter", "contact")


def file_of(url: str) -> Path | None:
    """Return the file of a ledger's URL; None if the ledger is no file."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(parsed.database or "") if is_file else None


class SqliteLedgerCopier(LedgerCopier):
    """Copies the ledger's file."""

    def __init__(self, path: Path, *, scratch: Path | None = None) -> None:
        """Take a ledger's file, and a folder with room for a copy of it; the system's if none is given."""
        self._path = path
        self._scratch = scratch

    @contextmanager
    def copying(self) -> Iterator[LedgerCopy]:
        if not self._path.exists():
            raise LedgerCopyFailed(reason=f"{self._path} is not there")
        # Nobody else may look into the folder: people's addresses are in the ledger.
        with TemporaryDirectory(prefix="phaseout-", dir=self._scratch) as folder:
            copy = Path(folder, "ledger.sqlite")
            try:
                _copy(self._path, copy)
                described = _described(copy)
            except sqlite3.Error as error:
                raise LedgerCopyFailed(reason=str(error)) from error
            version, revision, counts = described
            yield LedgerCopy(version, revision, counts, _chunks(copy))


def _copy(source: Path, target: Path) -> None:
    # Not `mode=ro`: after a crash whoever opens the ledger first must be able to undo what was half written.
    with (
        closing(
            sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
        ) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        # In one go: what is copied page by page begins again with each commit of somebody else.
        live.backup(copy)


def _described(copy: Path) -> tuple[str, int, dict[str, int]]:
    with closing(sqlite3.connect(copy)) as found:
        verdict = [row[0] for row in found.execute("PRAGMA integrity_check")]
        if verdict != ["ok"]:
            raise LedgerCopyFailed(reason=f"its copy is not whole: {verdict[0]}")
        (version,) = found.execute("SELECT version_num FROM alembic_version").fetchone()
        (revision,) = found.execute("SELECT number FROM revision").fetchone()
        counts = {table: found.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}  # noqa: S608  our own names
    return version, revision, counts


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
