"""Whether the rows are those that were loaded: told cheaply by their number, and for certain by their hashes."""

from collections.abc import Iterator, Mapping

import duckdb
import pyarrow as pa

from phaseout.adapters.duckdb_warehouse.mirror import TABLES, hashed_columns
from phaseout.adapters.duckdb_warehouse.statements import SqlFolder, identifier, with_names
from phaseout.domain.damage import Damage, DamageKind
from phaseout.domain.form import Form

LOADS_AT_ONCE = 10_000  # the hashes of so many loads are held in memory
_READ_ELSEWHERE = frozenset({*TABLES, "submission_loaded"})


def lost_rows(connection: duckdb.DuckDBPyConnection, forms: Mapping[str, Form], sql: SqlFolder) -> Damage | None:
    """Return that submissions have other numbers of rows than were loaded; one column is read."""
    return _damage(
        DamageKind.LOST_ROWS,
        (
            name
            for form in forms.values()
            for (name,) in connection.execute(sql.of_form("form/lost_rows", form)).fetchall()
        ),
    )


def other_ledger(connection: duckdb.DuckDBPyConnection, accepted: Mapping[str, str], sql: SqlFolder) -> Damage | None:
    """Return that submissions were loaded which are not among those *accepted*, by id with their workbook's hash."""
    known = pa.table(
        {
            "submission_id": pa.array(list(accepted), pa.string()),
            "sha256": pa.array(list(accepted.values()), pa.string()),
        }
    )
    connection.register("accepted", known)
    try:
        rows = connection.execute(sql.text("warehouse/of_other_ledger")).fetchall()
    finally:
        connection.unregister("accepted")
    return _damage(DamageKind.OTHER_LEDGER, (name for (name,) in rows))


def changed_rows(connection: duckdb.DuckDBPyConnection, forms: Mapping[str, Form], sql: SqlFolder) -> Damage | None:
    """Return that rows are not what was loaded; everything is read, so a torn block shows as well."""
    return _damage(DamageKind.CHANGED_ROWS, _changed(connection, forms, sql))


def _changed(connection: duckdb.DuckDBPyConnection, forms: Mapping[str, Form], sql: SqlFolder) -> Iterator[str]:
    newest = connection.execute(sql.text("warehouse/last_load")).fetchall()[0][0]
    for first in range(1, newest + 1, LOADS_AT_ONCE):
        span = {"first_load": first, "last_load": first + LOADS_AT_ONCE - 1}
        for form in forms.values():
            yield from (name for (name,) in connection.execute(sql.of_form("form/hash", form), span).fetchall())
    for table in TABLES:
        text = with_names(
            sql.text("warehouse/changed_mirror"), table=identifier(table), columns=hashed_columns(connection, table)
        )
        yield from (f"{table} of {campaign}" for (campaign,) in connection.execute(text).fetchall())
    _read_the_others(connection, forms)


def _read_the_others(connection: duckdb.DuckDBPyConnection, forms: Mapping[str, Form]) -> None:
    """Read what has no hash of its own: small tables, of which a torn block must show all the same."""
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core'").fetchall()
    for (table,) in tables:
        if table not in _READ_ELSEWHERE and table not in forms:
            connection.execute(f"SELECT * FROM core.{identifier(table)}").fetchall()  # noqa: S608 - as DuckDB names it


def _damage(kind: DamageKind, names: Iterator[str]) -> Damage | None:
    found = sorted(set(names))
    if not found:
        return None
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return Damage(kind, len(found), f"{found[0] or 'rows of no submission'}{more}")
