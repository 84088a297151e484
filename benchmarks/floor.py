"""The bare floor: calamine and SQL with the checks of the usual script; no guard, no archive, no framework."""

from pathlib import Path

import duckdb
import pyarrow as pa
from python_calamine import CalamineWorkbook

_BATCH = 200
_CHECKS = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def take_in(files: list[Path], database: Path, *, columns: list[str], above: int) -> int:
    """Read, check and store each workbook; return how many findings there were."""
    connection = duckdb.connect(str(database))
    typed = ", ".join(f"{name} VARCHAR" for name in ("file", *columns))
    connection.execute(f"CREATE TABLE equipment ({typed})")
    connection.execute("CREATE TABLE finding (file VARCHAR, seq VARCHAR, rule VARCHAR)")
    for start in range(0, len(files), _BATCH):
        _take_in_batch(connection, files[start : start + _BATCH], columns, skip=above)
    found = connection.execute("SELECT count(*) FROM finding").fetchall()[0][0]
    connection.close()
    return int(found)


def _take_in_batch(connection: duckdb.DuckDBPyConnection, files: list[Path], columns: list[str], *, skip: int) -> None:
    rows = [
        (path.name, *map(str, row[: len(columns)]))
        for path in files
        for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)[skip:]
        if isinstance(row[0], float)
    ]
    incoming = pa.table(dict(zip(("file", *columns), map(list, zip(*rows, strict=True)), strict=True)))
    connection.execute("BEGIN")
    connection.register("incoming", incoming)
    connection.execute("INSERT INTO equipment SELECT * FROM incoming")
    connection.execute(f"INSERT INTO finding {_CHECKS}")
    connection.execute("COMMIT")
    connection.unregister("incoming")
