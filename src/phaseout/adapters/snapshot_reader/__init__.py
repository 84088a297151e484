"""Asks the analysts' snapshot (发布快照): read-only, one query at a time, shut off from the rest of the machine."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from phaseout.adapters.snapshot_reader.refusals import (
    NoSuchTable,
    QueryRefused,
    SnapshotInUse,
    SnapshotUnreadable,
    close_to,
    one_query,
    refused,
)

if TYPE_CHECKING:
    from phaseout.adapters.snapshot_reader.formats import Batches

__all__ = ["Answer", "NoSuchTable", "QueryRefused", "Snapshot", "SnapshotInUse", "SnapshotUnreadable", "open_snapshot"]

CONFIG = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "python_enable_replacements": False,
}
ROWS_AT_ONCE = 10_000
_TABLES = "SELECT * FROM mart.data_dictionary WHERE column_name IS NULL ORDER BY table_name"
_COLUMNS = "SELECT * FROM mart.data_dictionary WHERE table_name = $table AND position > 0 ORDER BY position"


class Answer:
    """What a query comes to: its columns, each with a name of its own, and its rows, read once and as they come."""

    def __init__(self, snapshot: "Snapshot", query: str) -> None:
        self._snapshot = snapshot
        self._query = query

    def rows(self, *, at_once: int = ROWS_AT_ONCE) -> Iterator[list[dict[str, object]]]:
        """Yield the rows, many at a time; at least one list, be it empty.

        Raises:
            QueryRefused: the query is wrong, or wants more than to read the snapshot.
        """
        with self._snapshot.guarded(self._query) as connection:
            found = connection.execute(self._query)
            names = _told_apart([column[0] for column in found.description or ()])
            rows = found.fetchmany(at_once)
            yield [dict(zip(names, row, strict=True)) for row in rows]
            while rows := found.fetchmany(at_once):
                yield [dict(zip(names, row, strict=True)) for row in rows]

    @contextmanager
    def batches(self) -> "Iterator[Batches]":
        """Lend the answer as Arrow batches; the memory needed does not grow with the answer.

        Raises:
            QueryRefused: the query is wrong, or wants more than to read the snapshot.
        """
        from phaseout.adapters.snapshot_reader.formats import batches_of  # noqa: PLC0415  a table needs no Arrow

        with self._snapshot.guarded(self._query) as connection:
            # As a relation, not by execute(): that keeps all rows of an answer in memory.
            relation = connection.sql(self._query)
            yield batches_of(relation.to_arrow_reader(ROWS_AT_ONCE), _told_apart(relation.columns))

    def count(self) -> int:
        """Return how many rows there are; this ends the reading of rows."""
        with self._snapshot.guarded(self._query) as connection:
            connection.abort()  # an answer that was not read to its end keeps the connection busy
            return int(connection.sql(self._query).count("*").fetchall()[0][0])


class Snapshot:
    """An open snapshot; it stays what it is when another takes its place."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def ask(self, query: str) -> Answer:
        """Return the answer to a query.

        Raises:
            QueryRefused: it is not one statement that only reads.
        """
        return Answer(self, one_query(self._connection, query))

    def tables(self) -> list[dict[str, object]]:
        """Return each table with what it holds."""
        return [
            {"table": row.get("asked_as") or f"mart.{row['table_name']}", "description": row["description"]}
            for row in self._read(_TABLES)
        ]

    def columns(self, table: str) -> list[dict[str, object]]:
        """Return each column of a table with what it means.

        Raises:
            NoSuchTable: the marts have no such table.
        """
        name = table.strip().lower().removeprefix("mart.").partition("(")[0]
        rows = self._read(_COLUMNS, table=name)
        if not rows:
            known = [str(row["table_name"]) for row in self._read(_TABLES)]
            raise NoSuchTable(table, close=close_to(name, known))
        return [
            {
                "column": row["column_name"],
                "type": row.get("data_type"),
                "key": "key" if row.get("is_key") else None,
                "description": row["description"],
            }
            for row in rows
        ]

    @contextmanager
    def guarded(self, query: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend the connection; what DuckDB says against a query is told with what to do about it.

        Raises:
            QueryRefused: DuckDB did not take the query.
        """
        try:
            yield self._connection
        except duckdb.Error as failed:
            raise refused(failed, query, names=self._names) from failed

    def _names(self) -> tuple[Sequence[str], Sequence[tuple[str, str]]]:
        """Return the names of the tables, and the pairs of table and column."""
        tables = [str(row["table_name"]) for row in self._read(_TABLES)]
        pairs = self._read("SELECT table_name, column_name FROM mart.data_dictionary WHERE position > 0")
        return tables, [(str(row["table_name"]), str(row["column_name"])) for row in pairs]

    def _read(self, text: str, **parameters: object) -> list[dict[str, object]]:
        found = self._connection.execute(text, parameters)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def open_snapshot(path: Path) -> Iterator[Snapshot]:
    """Open a snapshot for reading.

    Raises:
        SnapshotInUse: another program has it open for writing.
        SnapshotUnreadable: it is no database of ours.
    """
    # What does not fit into memory goes beside nobody's files: the folder of the snapshot may not be ours to write.
    aside = str(Path(tempfile.gettempdir(), f"phaseout-sql-{os.getpid()}"))
    try:
        connection = duckdb.connect(str(path), read_only=True, config={**CONFIG, "temp_directory": aside})
    except duckdb.Error as failed:
        if "set lock" in str(failed):
            raise SnapshotInUse(path) from failed
        raise SnapshotUnreadable(path) from failed
    with connection:
        try:
            connection.execute("SET schema = 'mart'")
        except duckdb.Error as failed:
            raise SnapshotUnreadable(path) from failed
        connection.execute("SET lock_configuration = true")
        yield Snapshot(connection)


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return the names of columns, of which no two are the same: a, a_1."""
    told: list[str] = []
    for name in names:
        number, own = 0, name
        while own in told:
            number += 1
            own = f"{name}_{number}"
        told.append(own)
    return told
