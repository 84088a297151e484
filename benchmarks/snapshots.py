"""The analysts' snapshot (发布快照) of ten million rows: checkpoint, copy, fsync, rename."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb

from benchmarks import history
from benchmarks.figure import Figure, cost
from benchmarks.telling import tell
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse

ROUNDS = 3
AT_MOST_S = 3.0
COPY = "bare copy with fsync"


def figures(path: Path, *, note: str) -> Iterator[Figure]:
    """Yield what a snapshot of a warehouse takes, after a campaign's units were written anew, and what its parts do."""
    tell("snapshots, each beside a bare copy")
    took: dict[str, list[float]] = {"opened": [], "checked": [], "hashed": [], "published": [], "copied": []}
    target, accepted = path.with_name("published.duckdb"), _accepted(path)
    for number in range(ROUNDS):
        with closing(history.warehouse(path)) as warehouse:
            took["opened"].append(_seconds(lambda: warehouse.missing([])))
            took["checked"].append(_seconds(partial(warehouse.damage, accepted)))
            took["hashed"].append(_seconds(warehouse.content_hash))
            _touch(warehouse, number)
            took["published"].append(_seconds(lambda: warehouse.publish(target)))
        took["copied"].append(_seconds(lambda: _copy(path, target)))
    size = path.stat().st_size / 2**20
    target.unlink()
    yield cost(
        "snapshot_s",
        median(took["published"]),
        "s",
        at_most=AT_MOST_S,
        yardstick=median(took["copied"]),
        against=COPY,
        note=f"{note}, {size:,.0f} MiB; median of {ROUNDS}",
    )
    yield Figure("warehouse_open_s", median(took["opened"]), "s", note=note)
    yield Figure(
        "warehouse_check_at_start_s",
        median(took["checked"]),
        "s",
        note="rows counted, submissions held to the ledger's",
    )
    yield Figure("content_hash_s", median(took["hashed"]), "s", note=note)


def _accepted(path: Path) -> dict[str, str]:
    """Return what a ledger would say of the loaded submissions: each with the hash of its workbook."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(connection.execute("SELECT submission_id, sha256 FROM core.submission_loaded").fetchall())


def _touch(warehouse: DuckDbWarehouse, number: int) -> None:
    """Change something, so that there is something to checkpoint."""
    row = {"unit_code": "900000", "unit_name": f"示例{number}", "position": 0}
    warehouse.refresh({"unit": [row]}, campaign="a-new-one")


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _copy(path: Path, target: Path) -> None:
    fresh = target.with_suffix(".copy")
    shutil.copyfile(path, fresh)
    with fresh.open("rb") as copied:
        os.fsync(copied.fileno())
    fresh.replace(target)
