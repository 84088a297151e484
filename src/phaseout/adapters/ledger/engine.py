"""Short transactions on the ledger's database: many readers, one writer at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Executable, Insert, Table, create_engine, event, make_url, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from phaseout.adapters.ledger import tables
from phaseout.errors import OperatorError, TransientError

if TYPE_CHECKING:
    from psycopg import Connection as PsycopgConnection

BUSY_TIMEOUT_MS = 30_000
# A machine that is cut off in the middle of writing holds everybody up no longer than that.
SILENT_WRITER_MS = 60_000
CONNECT_TIMEOUT_S = 10
# Databases limit the parameters of one statement; a chunk stays well below.
CHUNK = 500
# Any number does, if nobody else on the PostgreSQL server uses it.
WRITER_LOCK = 20_220_603

T = TypeVar("T")
_Parameters: TypeAlias = dict[str, object] | list[dict[str, object]] | None


class LedgerUnavailable(TransientError):
    """The ledger's database did not answer, or another process held it too long."""

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the ledger cannot be used just now: {reason}")


class NotALedger(OperatorError):
    """The database that is to be the ledger is something else."""

    def __init__(self, *, database: str, reason: str) -> None:
        self.database = database
        self.reason = reason
        super().__init__(f"{database} is not a ledger of this program: {reason}")


class DriverMissing(OperatorError):
    """The ledger's URL names a database for which no driver is installed."""

    def __init__(self, *, driver: str) -> None:
        self.driver = driver
        super().__init__(f"the ledger's URL needs the Python package {driver}, which is not installed")


class Writer:
    """A write transaction that knows whether it changed anything."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changes = 0

    def run(self, statement: Executable, rows: Sequence[Mapping[str, object]] | None = None) -> int:
        """Execute a statement, once a row if rows are given, and return how many rows it changed."""
        if rows is None:
            changed = self._execute(statement, None)
        elif self.connection.dialect.supports_sane_multi_rowcount:
            changed = self._execute(statement, [dict(row) for row in rows]) if rows else 0
        else:
            changed = sum(self._execute(statement, dict(row)) for row in rows)
        self.changes += changed
        return changed

    def _execute(self, statement: Executable, parameters: _Parameters) -> int:
        options = {"preserve_rowcount": True}
        count: int = self.connection.execute(statement, parameters, execution_options=options).rowcount
        return max(count, 0)

    def add(self, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
        """Insert rows, leaving out those whose key is there; return how many were new."""
        return self.run(self._insert(table), rows)

    def _insert(self, table: Table) -> Insert:
        return _insert_into(table, self.connection.dialect.name)


# To build a statement costs as much as to execute it, and a letter on its way out takes several.
@cache
def _insert_into(table: Table, dialect: str) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


_ONE_MORE = update(tables.revision).values(number=tables.revision.c.number + 1)


class Database:
    """The ledger's database."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._writing = self._engine.execution_options(is_writing=True)
        # Without a password, for messages.
        self.name = self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read transaction. Keep it short: a reader delays the writer's commit.

        Raises:
            LedgerUnavailable: the database did not answer in time.
        """
        with _errors(self.name), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, is_counted: bool = True) -> Iterator[Writer]:
        """Open a write transaction; no other writer is in one. The revision grows if anything changes.

        Bookkeeping that says nothing about the campaign is not counted.

        Raises:
            LedgerUnavailable: another process wrote for too long, or the database did not answer.
        """
        with _errors(self.name), self._writing.begin() as connection:
            writer = Writer(connection)
            yield writer
            if is_counted and writer.changes:
                writer.run(_ONE_MORE)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Yield *values* in lists short enough for one statement."""
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


@contextmanager
def _errors(database: str) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise LedgerUnavailable(reason=str(error.orig)) from error
    except DatabaseError as error:
        if error.connection_invalidated:
            raise LedgerUnavailable(reason=str(error.orig)) from error
        if "not a database" in str(error.orig):
            raise NotALedger(database=database, reason=str(error.orig)) from error
        raise


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        # A server that was started anew in the meantime has forgotten the connections that we keep.
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() == "postgresql")
    except ModuleNotFoundError as error:
        raise DriverMissing(driver=error.name or parsed.drivername) from error
    if engine.dialect.name == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            _make_private(Path(parsed.database))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "do_connect", _be_patient)
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _make_private(path: Path) -> None:
    # People's addresses are in it.
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)


def _prepare_sqlite(connection: SqliteConnection, _: ConnectionPoolEntry) -> None:
    # Python's driver opens transactions late and by itself; we say BEGIN ourselves.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    # No WAL: a WAL cut short by a crash opens without an error, and rows are gone.
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA foreign_keys = ON")


def _is_writing(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("is_writing"))


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that turns into a writer half-way cannot wait for another one; it would fail at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writing(connection) else "BEGIN")


def _be_patient(_dialect: Dialect, _record: ConnectionPoolEntry, _: list[object], wanted: dict[str, object]) -> None:
    # The driver would wait for minutes for a server that is switched off; the URL may say otherwise.
    wanted.setdefault("connect_timeout", CONNECT_TIMEOUT_S)
    wanted.setdefault("client_encoding", "utf8")


def _prepare_postgresql(connection: "PsycopgConnection[object]", _: ConnectionPoolEntry) -> None:
    from phaseout.adapters.ledger.postgresql_text import TextDumper  # noqa: PLC0415 - SQLite has no use for the driver

    connection.adapters.register_dumper(str, TextDumper)
    # What is committed stays, whatever the server's usual is: a claim that a crash undoes would be sent once more.
    connection.execute("SET synchronous_commit = on")
    # In another zone the first and the last instants that there are have no date, and could not be read.
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute(f"SET idle_in_transaction_session_timeout = {SILENT_WRITER_MS}")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    if _is_writing(connection):
        # One writer at a time, as on SQLite: what a writer has looked up stays true until it commits. At any stricter
        # level it would go on seeing the ledger as it was when it began to wait for its turn.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
    else:
        # All statements of a reader see one state of the ledger, as on SQLite.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
