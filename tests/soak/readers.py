"""Readers of the snapshot while it is replaced (读者): `python -m tests.soak.readers [SECONDS]`, sixty if not said.

A writer loads batches into the warehouse and publishes after each, as often as it can; another process renews the
Parquet files now and then. Eight processes ask all the time: with a connection a question, with one that stays open,
through what `phaseout sql` reads with and through the command itself, from a copy whose hashes they take again, and
from Parquet.
No question may fail, and each answer must be one whole state: one that the writer says it published.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from phaseout.adapters.duckdb_warehouse import integrity, mirror
from phaseout.adapters.duckdb_warehouse.statements import SqlFolder
from phaseout.adapters.snapshot_reader import open_snapshot
from phaseout.bootstrap import App
from phaseout.ports import StagedWorkbook
from phaseout.settings import PROJECT, Settings
from tests.warehouse_rows import FORMS, workbook

SECONDS, BATCH, ROWS = 60.0, 20, 25  # workbooks a batch, rows a workbook
STAYS_OPEN_S, PARQUET_EVERY_S = 5.0, 6.0
NICE = 10  # the writer comes first, so that there are many states to see
CAMPAIGN = "jiangsu-2022"
FORMS_LOADED = ("survey_summary", "progress")
PHASEOUT = str(Path(sys.executable).with_name("phaseout"))

# A workbook of every unit counts, so every row that was loaded stands in a mart.
STATE = """
    SELECT
        ledger_revision,
        content_hash,
        loaded_count,
        loaded_row_count,
        (SELECT count(*) FROM mart.equipment) + (SELECT count(*) FROM mart.progress_item) AS mart_rows,
        (SELECT count(*) FROM mart.submission WHERE is_loaded) AS mart_loaded
    FROM mart.snapshot
"""
OF_CORE = """
    SELECT count(*)
    FROM core.submission_loaded AS loaded
    FULL JOIN (
        SELECT load_no, count(*) AS row_count
        FROM (SELECT load_no FROM core.survey_summary UNION ALL SELECT load_no FROM core.progress)
        GROUP BY load_no
    ) AS counted
        ON loaded.load_no = counted.load_no
    WHERE loaded.row_count IS DISTINCT FROM counted.row_count
"""
OF_PARQUET = """
    SELECT
        any_value(snapshot.ledger_revision),
        any_value(snapshot.content_hash),
        any_value(snapshot.loaded_count),
        any_value(snapshot.loaded_row_count),
        (SELECT count(*) FROM read_parquet($folder || '/equipment/**/*.parquet'))
        + (SELECT count(*) FROM read_parquet($folder || '/progress_item/**/*.parquet')),
        (SELECT count(*) FROM read_parquet($folder || '/submission/**/*.parquet') WHERE is_loaded)
    FROM read_parquet($folder || '/snapshot/**/*.parquet') AS snapshot
"""

State = tuple[int, str, int, int, int, int]


class Mixed(Exception):
    """An answer that is not of one state."""


@dataclass(slots=True)
class Seen:
    """What one reader saw."""

    kind: str
    looks: int = 0
    states: set[State] = field(default_factory=set)
    errors: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Told:
    """What the writer says it published: by revision, hash, submissions and rows."""

    states: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    slowest_s: float = 0.0


def main() -> int:
    """Write and read for the time told; the number of errors decides the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", nargs="?", type=float, default=SECONDS)
    parser.add_argument("--kinds", nargs="*", default=list(EIGHT), choices=list(KINDS))
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-readers-") as folder, _office(Path(folder)) as app:
        writer = _Writer(app)
        writer.go_on()
        _renew(app)
        with ProcessPoolExecutor(len(told.kinds) + 1, mp_context=multiprocessing.get_context("spawn")) as pool:
            renewing = pool.submit(_keep_renewing, app.home, told.seconds)
            reading = [pool.submit(_read, kind, app.home, told.seconds) for kind in told.kinds]
            while not all(one.done() for one in reading):
                writer.go_on()
            return _report(writer.told, [one.result() for one in reading], renewals=renewing.result())


@contextmanager
def _office(home: Path) -> Iterator[App]:
    settings = Settings(home=home, mailbox_url=None, ledger_url=None, smtp_url=None)
    with closing(App(settings)) as app:
        yield app


class _Writer:
    """Loads a batch and publishes it, again and again."""

    def __init__(self, app: App) -> None:
        self.told = Told()
        self._app = app
        self._submissions: list[Mapping[str, object]] = []
        self._rows = 0

    def go_on(self) -> None:
        revision, warehouse = len(self.told.states) + 1, self._app.warehouse
        books = [self._book(revision * BATCH + number) for number in range(BATCH)]
        cut_off = {"cut_off_at": datetime(2022, 8, 8, 10), "ledger_revision": revision}  # noqa: DTZ001  China's wall clock
        with warehouse.batch():
            for form in FORMS_LOADED:
                own = [book for book in books if book.reading.form == form]
                warehouse.stage(FORMS[form], own)
                warehouse.promote(form, [book.submission for book in own])
            warehouse.commit()
        self._submissions += [_submission(book.submission, book.unit, book.reading.form) for book in books]
        self._rows += BATCH * ROWS
        warehouse.refresh({"submission": self._submissions, "cut_off": [cut_off]}, campaign=CAMPAIGN)
        start = time.monotonic()
        content_hash = warehouse.publish(self._app.snapshot)
        self.told.slowest_s = max(self.told.slowest_s, time.monotonic() - start)
        self.told.states[revision] = (content_hash, len(self._submissions), self._rows)

    @staticmethod
    def _book(number: int) -> StagedWorkbook:
        form = FORMS_LOADED[number % len(FORMS_LOADED)]
        rows = [{"equip_model": f"HTK-{row}", "row_no": 7 + row} for row in range(ROWS)]
        return workbook(form, rows, unit=f"{number:06d}")


def _submission(submission: str, unit: str, form: str) -> Mapping[str, object]:
    return {
        "submission_id": submission, "obligation_id": submission, "unit_code": unit, "form": form, "version": 1,
        "decision": "accepted",
    }  # fmt: skip


def _renew(app: App) -> None:
    app.extracts.renew(app.snapshot, campaign=app.definitions.campaign(CAMPAIGN), day=date(2022, 8, 8))


def _keep_renewing(home: Path, seconds: float) -> int:
    """Renew the Parquet files until the time is over; return how often."""
    until, renewals = time.monotonic() + seconds, 0
    with _office(home) as app:
        while time.monotonic() < until:
            _renew(app)
            renewals += 1
            time.sleep(PARQUET_EVERY_S)
    return renewals


def _read(kind: str, home: Path, seconds: float) -> Seen:
    os.nice(NICE)
    seen, until = Seen(kind), time.monotonic() + seconds  # from when this process is ready to read
    while time.monotonic() < until:
        try:
            for state in KINDS[kind](home / "published"):
                seen.looks += 1
                seen.states.add(_whole(state))
                if time.monotonic() >= until:
                    break
        except Exception as failed:  # noqa: BLE001  whatever a reader meets is what is counted
            seen.errors[f"{type(failed).__name__}: {str(failed)[:300]}"] += 1
    return seen


def _whole(state: State) -> State:
    """Return a state whose parts agree.

    Raises:
        Mixed: they do not.
    """
    _, _, loads, rows, mart_rows, mart_loads = state
    if (loads, rows) != (mart_loads, mart_rows):
        raise Mixed(state)
    return state


def _connected(path: Path | None = None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path), read_only=True) if path else duckdb.connect()
    connection.execute("SET enable_progress_bar = false")  # DuckDB takes a spawned process for somebody's console
    return connection


def _state(connection: duckdb.DuckDBPyConnection) -> State:
    ((uneven,),) = connection.execute(OF_CORE).fetchall()
    (state,) = connection.execute(STATE).fetchall()
    if uneven:
        raise Mixed(uneven, state)
    return tuple(state)


def _anew(published: Path) -> Iterator[State]:
    with _connected(published / "phaseout.duckdb") as connection:
        yield _state(connection)


def _staying(published: Path) -> Iterator[State]:
    """Yield what one connection sees for a while: always the same."""
    ends = time.monotonic() + STAYS_OPEN_S
    with _connected(published / "phaseout.duckdb") as connection:
        first = _state(connection)
        while time.monotonic() < ends:
            if (state := _state(connection)) != first:
                raise Mixed(first, state)
            yield state


def _through_sql(published: Path) -> Iterator[State]:
    with open_snapshot(published / "phaseout.duckdb") as snapshot:
        ((row,),) = snapshot.ask(STATE).rows()
        yield tuple(row.values())  # type: ignore[misc]  # six columns


def _through_command(published: Path) -> Iterator[State]:
    asked = subprocess.run(
        [PHASEOUT, "sql", STATE, "--json"],
        env={**os.environ, "PHASEOUT_HOME": str(published.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    (row,) = json.loads(asked.stdout)
    yield tuple(row.values())


def _hashed(published: Path) -> Iterator[State]:
    """Take every hash again on a copy: of the rows, of the mirror, and of the whole."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.duckdb"
        shutil.copyfile(published / "phaseout.duckdb", copy)
        with _connected(copy) as connection:
            sql = SqlFolder(PROJECT / "data" / "sql")
            state = _state(connection)
            found = mirror.content_hash(connection, sql)
            if found != state[1] or (damage := integrity.changed_rows(connection, FORMS, sql)):
                raise Mixed(state, found, damage)
            yield state


def _from_parquet(published: Path) -> Iterator[State]:
    folder = str((published / "parquet").resolve())  # this generation, whichever comes meanwhile
    with _connected() as connection:
        (state,) = connection.execute(OF_PARQUET, {"folder": folder}).fetchall()
        yield tuple(state)


KINDS: Mapping[str, Callable[[Path], Iterator[State]]] = {
    "anew": _anew,
    "staying": _staying,
    "sql": _through_sql,
    "command": _through_command,
    "hashed": _hashed,
    "parquet": _from_parquet,
}
EIGHT = ("anew", "anew", "staying", "staying", "sql", "command", "hashed", "parquet")


def _report(told: Told, readers: list[Seen], *, renewals: int) -> int:
    known = {(revision, *state) for revision, state in told.states.items()}
    wrong = 0
    last = told.states[len(told.states)]
    sys.stdout.write(
        f"published {len(told.states)} states, the last of {last[1]:,} submissions and {last[2]:,} rows; "
        f"slowest {told.slowest_s:.2f} s; Parquet renewed {renewals} times\n"
    )
    for seen in readers:
        unknown = [state for state in seen.states if state[:4] not in known]
        wrong += len(unknown) + seen.errors.total() + (not seen.looks)
        sys.stdout.write(
            f"{seen.kind:8} {seen.looks:6,} looks at {len(seen.states):3} states: "
            f"{seen.errors.total()} errors, {len(unknown)} that were never published\n"
        )
        for error, times in seen.errors.most_common(3):
            sys.stdout.write(f"         {times} x {error}\n")
    sys.stdout.write("nothing wrong\n" if not wrong else f"{wrong} wrong\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
