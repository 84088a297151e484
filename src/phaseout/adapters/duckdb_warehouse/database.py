"""The DuckDB file itself: opened late, locked down, set aside when it is damaged, dropped after a fatal error."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from phaseout.adapters.duckdb_warehouse.aside import OWNER_ONLY, lock_of, opening, remove, set_aside
from phaseout.adapters.duckdb_warehouse.failures import is_damage, is_held, is_of_machine, is_unusable
from phaseout.domain.damage import Damage, DamageKind
from phaseout.errors import TransientError, UsageError

LOG = logging.getLogger(__name__)

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

_MAGIC, _MAGIC_AT = b"DUCK", 8


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


class _Held(Exception):
    """Another process holds the file, or is about to open it."""


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
        self._found: Damage | None = None  # for which a file was set aside when it was opened, until that is told
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
    def guarded(self, *, is_ours: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend the connection; drop it when DuckDB can no longer use its file.

        A table that is missing makes the file suspect, unless the statement is not *ours*: a rule may be mistyped.

        Raises:
            WarehouseLost: the file must be opened anew, or is damaged and was set aside.
        """
        connection = self.connection()
        try:
            yield connection
        except duckdb.Error as failed:
            if not is_unusable(failed):
                if is_ours and isinstance(failed, duckdb.CatalogException):  # it was there when the file was built
                    self.is_suspect = True
                raise
            if is_damage(failed):
                self.set_aside(Damage(DamageKind.UNREADABLE, detail=str(failed)))
            else:
                self.close()
                self.is_suspect = self.is_suspect or not is_of_machine(failed)
            raise WarehouseLost(self.path, reason=str(failed)) from failed

    def set_aside(self, damage: Damage) -> None:
        """Give the file back and move it out of the way; the next call builds a new one."""
        if self.path is None:
            self.close()
            return
        with opening(self.path, waits=True):
            self.close()
            _set_aside(self.path, damage)
        self.is_suspect, self._found = False, None

    def found_on_opening(self) -> Damage | None:
        """Return, once, for what a file was set aside when it was opened: what is open now is a new one."""
        self.connection()
        found, self._found = self._found, None
        return found

    def replace_by(self, path: Path) -> None:
        """Put another file in the place of this one, which nobody else holds meanwhile.

        Raises:
            NoFileToPublish: this database is in memory.
            WarehouseInUse: another process held the file all the time that we waited.
        """
        if self.path is None:
            raise NoFileToPublish
        self.connection()
        with opening(self.path, waits=True):
            self.close()
            remove(self.path)
            path.replace(self.path)
        self.is_suspect = False

    def clear(self) -> None:
        """Delete the file; the next call builds a new one."""
        self.close()
        if self.path is not None:
            remove(self.path)
            self._mark.unlink(missing_ok=True)
            lock_of(self.path).unlink(missing_ok=True)

    @property
    def is_suspect(self) -> bool:
        """Whether DuckDB broke over the file since it was last read through, for whatever reason."""
        return self.path is not None and self._mark.exists()

    @is_suspect.setter
    def is_suspect(self, value: bool) -> None:
        """Leave a mark for whoever opens the file next, be it another process: what is torn need not say so."""
        if self.path is None:
            return
        if value:
            with suppress(OSError):
                self._mark.touch()
        else:
            self._mark.unlink(missing_ok=True)

    @property
    def _mark(self) -> Path:
        path = self.path or Path()
        return path.with_name(f".{path.name}.suspect")

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
        started = time.monotonic()
        while True:
            with opening(self.path, waits=False) as is_ours, suppress(_Held):
                if is_ours:
                    return self._ready(self.path)
            if time.monotonic() - started >= self._lock_wait:
                raise WarehouseInUse(self.path, waited=self._lock_wait)
            time.sleep(LOCK_PAUSE_SECONDS)

    def _ready(self, path: Path) -> duckdb.DuckDBPyConnection:
        """Return a connection to a file of our layout: this one, or a new one in its place."""
        connection = self._connected(path)
        found = _fingerprint_of(connection, path)
        if found == self._fingerprint:
            return connection
        if found is not None:
            connection.close()
            if isinstance(found, Damage):
                self._put_away(path, found)
            else:
                remove(path)
            connection = self._connected(path)
        try:
            self._build(connection)
            connection.execute("CHECKPOINT")
            path.chmod(OWNER_ONLY)
        except duckdb.Error as failed:  # on a full disk: what is there is empty, and built the next time
            connection.close()
            if not is_unusable(failed):
                raise
            raise WarehouseLost(path, reason=str(failed)) from failed
        return connection

    def _connected(self, path: Path) -> duckdb.DuckDBPyConnection:
        """Return a connection; what cannot be opened is put away first."""
        try:
            return _connect(path)
        except WarehouseLost as refused:
            damage = _damage_of(path, refused)
            if damage is None:
                raise
            self._put_away(path, damage)
        return _connect(path)

    def _put_away(self, path: Path, damage: Damage) -> None:
        """Move a file out of the way and remember why; an empty one, which shows nothing to anybody, is deleted."""
        if path.is_file() and path.stat().st_size == 0:
            remove(path)
            LOG.warning("%s was empty and is built anew", path.name)
        else:
            _set_aside(path, damage)
        self._found = damage


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), config=CONFIG)
    except duckdb.Error as refused:
        if is_held(refused):
            raise _Held from refused
        raise WarehouseLost(path, reason=str(refused)) from refused


def _damage_of(path: Path, refused: WarehouseLost) -> Damage | None:
    """Return what is wrong with a file that DuckDB does not open; None if it is not the file."""
    if path.is_symlink() and not path.exists():
        return Damage(DamageKind.FOREIGN_FILE, detail="a link to nowhere")
    if path.is_dir():
        return Damage(DamageKind.FOREIGN_FILE, detail="a folder")
    try:
        with path.open("rb") as file:  # nobody of this process holds a lock on it that closing could give up
            begins = file.read(_MAGIC_AT + len(_MAGIC))
    except OSError:
        return None
    if begins[_MAGIC_AT:] != _MAGIC:
        return Damage(DamageKind.FOREIGN_FILE if begins else DamageKind.UNREADABLE, detail=str(refused.__cause__))
    if is_damage(refused.__cause__):
        return Damage(DamageKind.UNREADABLE, detail=str(refused.__cause__))
    return None


def _fingerprint_of(connection: duckdb.DuckDBPyConnection, path: Path) -> str | Damage | None:
    """Return of which layout a file is; None if it is empty, or why it is none of ours.

    Raises:
        WarehouseLost: it cannot be told, for a reason that is not the file.
    """
    try:
        return _fingerprint_in(connection)
    except duckdb.Error as failed:
        if not is_of_machine(failed):
            return Damage(DamageKind.UNREADABLE, detail=str(failed))
        connection.close()
        raise WarehouseLost(path, reason=str(failed)) from failed


def _fingerprint_in(connection: duckdb.DuckDBPyConnection) -> str | Damage | None:
    try:
        rows = connection.execute("SELECT fingerprint FROM core.layout").fetchall()
        return str(rows[0][0]) if rows else ""
    except (duckdb.CatalogException, duckdb.BinderException) as unknown:
        tables = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]
        return Damage(DamageKind.FOREIGN_FILE, detail=str(unknown).splitlines()[0]) if tables else None


def _set_aside(path: Path, damage: Damage) -> None:
    try:
        aside = set_aside(path, damage)
    except OSError as stays:
        raise WarehouseLost(path, reason=f"{damage}; it cannot be moved away: {stays.strerror}") from stays
    LOG.warning("the warehouse was set aside as %s and is built anew: %s", aside.name, damage)
