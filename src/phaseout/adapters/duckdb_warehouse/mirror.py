"""The tables that mirror ledger and campaign data: which there are, how they are replaced, how they are hashed."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb
import pyarrow as pa

from phaseout.adapters.duckdb_warehouse.statements import SqlFolder, identifier, with_names
from phaseout.domain.calendar import CHINA
from phaseout.errors import UsageError

# A campaign's own data: hardly ever other than last time.
STEADY = ("campaign", "unit", "county", "industry", "required_industry", "milestone", "day")
# What was known when.
HISTORY = ("obligation_term", "obligation_version", "letter_item")
# The catalogue and what follows from it.
JUDGED = ("catalogue_item", "judgement", "comparison_list", "suspected_omission")
TABLES = (*STEADY, "obligation", "submission", "finding", "letter", *HISTORY, *JUDGED)

# Of when the mirror is: the same data mirrored later are the same data.
UNHASHED = ("cut_off",)

# Answers to "where does it stand?", which change from day to day while nothing happens, and the numbers of loads.
_AS_OF = {
    "obligation": {
        "standing", "reason", "arrived_at", "accepted_at", "days_late", "versions", "open_findings",
    },
    "letter": {"state", "settled_at", "is_released", "decided_at"},
    "submission_loaded": {"load_no"},
}  # fmt: skip

_ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}


class NoSuchMirror(UsageError):
    """Rows are given for a table or a column that the warehouse does not have."""

    def __init__(self, table: str, *, columns: Sequence[str] = ()) -> None:
        self.table = table
        self.columns = tuple(columns)
        named = f" with {', '.join(columns)}" if columns else ""
        super().__init__(f"the warehouse keeps no table {table}{named}; see data/sql/warehouse/core.sql")


def replace_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[Mapping[str, object]],
    *,
    campaign: str,
    sql: SqlFolder,
) -> None:
    """Replace the rows of one campaign in one table, and the hash over them.

    Raises:
        NoSuchMirror: there is no such table or column.
    """
    if table not in (*TABLES, *UNHASHED):
        raise NoSuchMirror(table)
    types = columns_of(connection, table)
    unknown = sorted({name for row in rows for name in row} - types.keys())
    if unknown:
        raise NoSuchMirror(table, columns=unknown)
    connection.execute(f"DELETE FROM core.{identifier(table)} WHERE campaign_id = $campaign", {"campaign": campaign})  # noqa: S608 - the table is one of TABLES
    if rows:
        connection.register("incoming", _arrow(rows, types, campaign=campaign))
        connection.execute(f"INSERT INTO core.{identifier(table)} BY NAME SELECT * FROM incoming")  # noqa: S608 - the table is one of TABLES
        connection.unregister("incoming")
    if table not in UNHASHED:
        _record_hash(connection, table, campaign=campaign, sql=sql)


def _record_hash(connection: duckdb.DuckDBPyConnection, table: str, *, campaign: str, sql: SqlFolder) -> None:
    connection.execute(
        "DELETE FROM core.mirror_hash WHERE campaign_id = $campaign AND table_name = $table",
        {"campaign": campaign, "table": table},
    )
    text = with_names(
        sql.text("warehouse/hash_mirror"), table=identifier(table), columns=hashed_columns(connection, table)
    )
    connection.execute(text, {"campaign": campaign})


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Return the types of a core table's columns."""
    # Not from duckdb_columns(): that binds every view of the file first.
    described = connection.execute(f"DESCRIBE core.{identifier(table)}").fetchall()
    return {name: kind for name, kind, *_ in described}


def hashed_columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the columns of a core table that its hash is over, as SQL lists them."""
    unhashed = _AS_OF.get(table, frozenset[str]())
    return ", ".join(identifier(name) for name in columns_of(connection, table) if name not in unhashed)


def content_hash(connection: duckdb.DuckDBPyConnection, sql: SqlFolder) -> str:
    """Return the SHA-256 over the data in key order, whatever the order in which it was loaded.

    Rows count by the hashes that were taken when they were loaded or mirrored: the work grows with the number of
    submissions, not of rows. Whether the rows still are what was loaded, `integrity` tells.
    """
    digest = hashlib.sha256()
    for table in ("submission_loaded", "mirror_hash"):
        text = with_names(
            sql.text("warehouse/hash_table"), table=identifier(table), columns=hashed_columns(connection, table)
        )
        ((table_hash,),) = connection.execute(text).fetchall()
        digest.update(f"{table} {table_hash}\n".encode())
    return digest.hexdigest()


def _arrow(rows: Sequence[Mapping[str, object]], types: Mapping[str, str], *, campaign: str) -> pa.Table:
    filled = [{**row, "campaign_id": campaign} for row in rows]
    return pa.table(
        {name: pa.array([_plain(row.get(name)) for row in filled], _ARROW_TYPES[kind]) for name, kind in types.items()}
    )


def _plain(value: object) -> object:
    """Return instants as China's wall clock: that is what the marts' columns named *_at* hold."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(CHINA).replace(tzinfo=None)
    return value
