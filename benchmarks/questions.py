"""Questions (查询) at ten million rows: every mart, every query of the cookbook, every query of the board."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks import history
from benchmarks.figure import Figure, cost
from benchmarks.telling import tell
from phaseout.settings import PROJECT

AT_MOST_S = 2.0
CORES, TRIES = 2, 3
SQL = PROJECT / "data" / "sql"
CAMPAIGN, BEFORE, UNIT = f"{history.STEM}-{history.LAST_YEAR}", f"{history.STEM}-{history.LAST_YEAR - 1}", "900123"
PARAMETERS: Mapping[str, object] = {
    "campaign_id": CAMPAIGN,
    "as_of_day": date(history.LAST_YEAR, 11, 15),
    "closures_due": date(history.LAST_YEAR, 11, 30),
    "no_task": "无任务",
}
_YEAR_ASKED = "2022"  # the cookbook's queries name the replayed campaign and its days
_PARAMETER = re.compile(r"\$([a-z_]+)")
_OF_A_MART = {
    "all": "SELECT count(*) FROM mart.{view}",
    "first": "SELECT * FROM mart.{view} LIMIT 100",
    "by_campaign": "SELECT campaign_id, count(*) FROM mart.{view} GROUP BY campaign_id ORDER BY campaign_id",
    "campaign": "SELECT count(COLUMNS(*)) FROM mart.{view} WHERE campaign_id = '{campaign}'",
    "unit": "SELECT * FROM mart.{view} WHERE unit_code = '{unit}'",
    "unit_by_month": "SELECT * FROM mart.{view} WHERE unit_code = '{unit}' AND campaign_id = '{campaign}'",
}
_NEEDS = {"by_campaign": "campaign_id", "campaign": "campaign_id", "unit": "unit_code", "unit_by_month": "unit_code"}


def figures(path: Path, *, note: str) -> Iterator[Figure]:
    """Yield how long the slowest question of each kind takes, and which that is."""
    with duckdb.connect(str(path), read_only=True, config={"threads": CORES}) as connection:
        for kind, asked in (("mart", _of_marts(connection)), ("cookbook", _of("cookbook")), ("board", _of("board"))):
            tell(f"{len(asked)} questions to the {kind}")
            took = {name: _seconds(connection, text) for name, text in asked.items()}
            if took:
                slowest = max(took, key=lambda name: took[name])
                yield cost(
                    f"{kind}_slowest_s",
                    took[slowest],
                    "s",
                    at_most=AT_MOST_S,
                    note=f"{slowest}, of {len(took)} questions on {CORES} cores; {note}",
                )


def _of_marts(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what people ask of a mart: how much of it there is, its first rows, one campaign, one unit."""
    columns: dict[str, set[str]] = {}
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'mart'").fetchall()
    for (view,) in views:
        columns[view] = {name for name, *_ in connection.execute(f'DESCRIBE mart."{view}"').fetchall()}
    return {
        f"{view}/{name}": text.format(view=view, campaign=CAMPAIGN, unit=UNIT)
        for view, known in columns.items()
        for name, text in _OF_A_MART.items()
        if _NEEDS.get(name, next(iter(known))) in known
    }


def _of(folder: str) -> dict[str, str]:
    """Return the statements of a folder, asked of the last year that there is."""
    return {
        path.stem: path.read_text(encoding="utf-8").replace(_YEAR_ASKED, str(history.LAST_YEAR))
        for path in sorted((SQL / folder).glob("*.sql"))
    }


def _seconds(connection: duckdb.DuckDBPyConnection, text: str) -> float:
    asked = {name: PARAMETERS[name] for name in set(_PARAMETER.findall(text))}
    tries = []
    for _ in range(TRIES):
        start = perf_counter()
        connection.execute(text, asked).fetchall()
        tries.append(perf_counter() - start)
    return min(tries)
