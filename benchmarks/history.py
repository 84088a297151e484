"""Earlier campaigns by the million rows (历年数据): made by SQL alone, in a file of the warehouse's own layout."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.settings import PROJECT

SQL = Path(__file__).with_name("history.sql")
STEM = "jiangsu"  # the campaigns before that of the benchmarks: rules that look back a year find them
LAST_YEAR = 2021
UNITS, YEARS, MACHINES = 3000, 7, 104  # together ten million rows
_MADE = "made_"


@dataclass(frozen=True, slots=True)
class History:
    """How much there is of it."""

    rows: int
    submissions: int


class LayoutHasChanged(Exception):
    """The history speaks of columns that the warehouse no longer has, or leaves out some that must be there."""

    def __init__(self, table: str, *, columns: frozenset[str]) -> None:
        self.table = table
        self.columns = columns
        super().__init__(f"benchmarks/history.sql and core.{table} differ in {', '.join(sorted(columns))}")


def warehouse(path: Path) -> DuckDbWarehouse:
    """Return the warehouse at a path, with the project's forms and rules."""
    definitions = FileDefinitions(PROJECT)
    return DuckDbWarehouse(
        path,
        forms=definitions.forms(),
        entries=definitions.suites(),
        sql_folder=PROJECT / "data" / "sql",
        rules_folder=PROJECT / "expectations" / "rules",
    )


def write(path: Path, *, units: int = UNITS, years: int = YEARS, machines: int = MACHINES) -> History:
    """Write the earlier campaigns into a warehouse of their own.

    Raises:
        LayoutHasChanged: `history.sql` must follow a change of the core tables.
    """
    empty = warehouse(path)
    empty.missing([])  # opens the file, and builds what is in it
    empty.close()
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TEMP TABLE asked (stem VARCHAR, first_year INTEGER, years INTEGER, units INTEGER, machines INTEGER)"
        )
        connection.execute(
            "INSERT INTO asked VALUES (?, ?, ?, ?, ?)", [STEM, LAST_YEAR + 1 - years, years, units, machines]
        )
        connection.execute(SQL.read_text(encoding="utf-8"))
        for table in _tables(connection):
            _fill(connection, table)
        connection.execute("CHECKPOINT")
        found = connection.execute("SELECT sum(row_count), count(*) FROM core.submission_loaded").fetchall()
    return History(*map(int, found[0]))


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables to fill; the submissions come last, for their rows are counted."""
    views = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE starts_with(view_name, $made)", {"made": _MADE}
    )
    names = [name.removeprefix(_MADE) for (name,) in views.fetchall()]
    return sorted(names, key=lambda name: (name == "submission_loaded", name))


def _fill(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    made = {name for name, *_ in connection.execute(f"DESCRIBE {_MADE}{table}").fetchall()}
    kept = {name: empty for name, _, empty, *_ in connection.execute(f"DESCRIBE core.{table}").fetchall()}
    differing = made - kept.keys() | {name for name, empty in kept.items() if empty == "NO" and name not in made}
    if differing:
        raise LayoutHasChanged(table, columns=frozenset(differing))
    connection.execute(f"INSERT INTO core.{table} BY NAME SELECT * FROM {_MADE}{table}")  # noqa: S608  names of our own views
