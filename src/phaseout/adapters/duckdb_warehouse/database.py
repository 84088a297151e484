"""The DuckDB file itself: opened late, locked down, set aside when damaged, dropped after a fatal error."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from phaseout.errors import TransientError, UsageError

# What a sender wrote never reaches DuckDB's own readers, and nothing reaches the network.
CONFIG = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}
LOCK_WAIT_SECONDS = 10.0
LOCK_PAUSE_SECONDS = 0.1
OWNER_ONLY = 0o600

_UNUSABLE = (duckdb.FatalException, duckdb.InternalException, duckdb.IOException, duckdb.SerializationException)
# How DuckDB says that a file is no longer what it wrote, or was written by another version of it.
_DAMAGE = re.compile(r"not a valid DuckDB|corrupt|checksum|version number|replaying WAL|serializ", re.IGNORECASE)


class WarehouseInUse(TransientError):
    """Another process holds the warehouse."""

    def __init__(self, path: Path, *, waited: float) -> None:
        self.path = path
        super().__init__(f"another process holds {path}; waited {waited:g} s for it")


class WarehouseLost(TransientError):
    """DuckDB gave up on its file; the next call opens it anew."""

    def __init__(self, path: Path | None, *, reason: str) -> None:
        self.path = path
        super().__init__(f"the warehouse {path} must be opened anew: {reason}")


class NoFileToPublish(UsageError):
    """A warehouse in memory has no file to copy."""

    def __init__(self) -> None:
        super().__init__("a warehouse in memory cannot be published")


class Database:
    """A DuckDB file, or memory without a path, of one layout; a file of another layout is built anew.

    The warehouse is derived from archive and ledger: a file that cannot be read is set aside, never repaired.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        fingerprint: str,
        build: Callable[[duckdb.DuckDBPyConnection], None],
        lock_wait: float = LOCK_WAIT_SECONDS,
    ) -> None:
        self.path = path
        self._fingerprint = fingerprint
        self._build = build
        self._lock_wait = lock_wait
        self._connection: duckdb.DuckDBPyConnection | None = None
        # Closing any descriptor of a file gives up all locks that the process holds on it: this one stays open
        # as long as the connection does.
        self._descriptor: int | None = None

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return the open connection.

        Raises:
            WarehouseInUse: another process held the file all the time that we waited.
        """
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    @contextmanager
    def guarded(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend the connection; drop it when DuckDB can no longer use its file.

        Raises:
            WarehouseLost: the file must be opened anew, or is damaged and was set aside.
        """
        connection = self.connection()
        try:
            yield connection
        except duckdb.Error as failed:
            if not _is_unusable(failed):
                raise
            self.close()
            if self.path is not None and _is_damage(failed):
                _set_aside(self.path)
            raise WarehouseLost(self.path, reason=str(failed)) from failed

    @property
    def is_open(self) -> bool:
        """Say whether a connection is held."""
        return self._connection is not None

    def close(self) -> None:
        """Give the file back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            finally:
                self._close_descriptor()

    def descriptor(self) -> int:
        """Return a descriptor to copy the file from; it is closed with the connection, not before.

        Raises:
            NoFileToPublish: the database is in memory.
        """
        if self.path is None:
            raise NoFileToPublish
        self.connection()
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDONLY)
        return self._descriptor

    def _close_descriptor(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _open(self) -> duckdb.DuckDBPyConnection:
        if self.path is None:
            connection = duckdb.connect(":memory:", config=CONFIG)
            self._build(connection)
            return connection
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._unlocked(self.path)
        if _fingerprint_of(connection) != self._fingerprint:
            connection.close()
            _remove(self.path)
            connection = self._unlocked(self.path)
            self._build(connection)
            connection.execute("CHECKPOINT")
            self.path.chmod(OWNER_ONLY)
        return connection

    def _unlocked(self, path: Path) -> duckdb.DuckDBPyConnection:
        started = time.monotonic()
        while True:
            try:
                return duckdb.connect(str(path), config=CONFIG)
            except duckdb.Error as refused:
                if _is_damage(refused) and path.exists():
                    _set_aside(path)
                elif "set lock" not in str(refused):
                    raise WarehouseLost(path, reason=str(refused)) from refused
                elif time.monotonic() - started >= self._lock_wait:
                    raise WarehouseInUse(path, waited=self._lock_wait) from refused
                else:
                    time.sleep(LOCK_PAUSE_SECONDS)


def _fingerprint_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    try:
        rows = connection.execute("SELECT fingerprint FROM core.layout").fetchall()
    except duckdb.Error:  # a file without our tables, or one that can no longer be read
        return None
    return rows[0][0] if rows else None


def _is_unusable(failed: duckdb.Error) -> bool:
    """Say whether the file is at fault; a bare `Error` is how a torn block shows, all others are about a statement."""
    return isinstance(failed, _UNUSABLE) or type(failed) is duckdb.Error


def _is_damage(failed: Exception) -> bool:
    return _DAMAGE.search(str(failed)) is not None


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _wal(path).unlink(missing_ok=True)


def _set_aside(path: Path) -> None:
    """Move a damaged file out of the way, so that a new one is built from archive and ledger."""
    taken = len(list(path.parent.glob(f"{path.name}.damaged-*")))
    path.rename(path.with_name(f"{path.name}.damaged-{taken + 1}"))
    if _wal(path).exists():
        _wal(path).rename(path.with_name(f"{path.name}.damaged-{taken + 1}.wal"))
