"""Looks at the ledger's database without opening it for work: nothing is created, migrated or changed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from phaseout.adapters.ledger.engine import Database, DriverMissing, LedgerUnavailable, NotALedger
from phaseout.adapters.ledger.schema import HEAD, version_of
from phaseout.domain.health import LedgerState

LOCK_SECONDS = 3.0
# The whole file is read through; a larger one is left to the nightly backup, which checks its copy.
LARGEST_TO_READ = 200 << 20
SILENCE_SECONDS = 5


def look_at_ledger(url: str, *, is_expected: bool) -> LedgerState:
    """Return how the database is; *is_expected*: what lies beside it says that there should be one."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _look_at_file(Path(parsed.database or ""), is_expected=is_expected)
    patient = parsed.update_query_dict({"connect_timeout": str(SILENCE_SECONDS)})
    database = Database(patient.render_as_string(hide_password=False))
    try:
        with database.reading() as connection:
            return _state(version_of(connection), is_expected=is_expected)
    except (LedgerUnavailable, DriverMissing):
        return LedgerState.AWAY
    except NotALedger:
        return LedgerState.DAMAGED
    finally:
        database.close()


def _look_at_file(path: Path, *, is_expected: bool) -> LedgerState:
    if not path.exists() or not path.stat().st_size:
        return LedgerState.MISSING if is_expected else LedgerState.NEW
    where = f"file:{quote(str(path))}?mode=rw"
    try:
        with closing(sqlite3.connect(where, uri=True, timeout=LOCK_SECONDS, isolation_level=None)) as connection:
            # As every pass begins: whoever holds the file for good is found by it.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            if path.stat().st_size <= LARGEST_TO_READ and not _is_whole(connection):
                return LedgerState.DAMAGED
            return _state(_version(connection), is_expected=is_expected)
    except sqlite3.OperationalError as error:
        return LedgerState.LOCKED if "locked" in str(error) or "busy" in str(error) else LedgerState.AWAY
    except sqlite3.DatabaseError:
        return LedgerState.DAMAGED


def _is_whole(connection: sqlite3.Connection) -> bool:
    found: list[tuple[str]] = connection.execute("PRAGMA quick_check(1)").fetchall()
    return found == [("ok",)]


def _version(connection: sqlite3.Connection) -> str | None:
    named = "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    if not connection.execute(named).fetchall():
        return None
    rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return str(rows[0][0]) if rows else None


def _state(version: str | None, *, is_expected: bool) -> LedgerState:
    if version is None:
        return LedgerState.DAMAGED if is_expected else LedgerState.NEW
    if version == HEAD:
        return LedgerState.WELL
    return LedgerState.OLDER if version < HEAD else LedgerState.NEWER
