"""Asks the analysts' snapshot, read-only and shut off from the rest of the machine."""

from pathlib import Path

import duckdb

from phaseout.errors import UsageError


class QueryRefused(UsageError):
    """DuckDB did not take the query."""


def read_snapshot(path: Path, query: str) -> list[dict[str, object]]:
    """Return the rows of a query.

    Raises:
        QueryRefused: the query is wrong, or wants more than to read the snapshot.
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:
            raise QueryRefused(str(error)) from error
