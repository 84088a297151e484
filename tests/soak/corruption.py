"""Damages the warehouse in every way we know, and lets the next pass go on: noticed, built anew, the same content.

`python -m tests.soak.corruption [--flips N] [--cuts N] [--kills N]`. The warehouse holds invented surveys of a crowd of
units; after each damage it is filled as the first pass of a day does it, and every row is compared with what was there.
"""

import argparse
import logging
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import duckdb

from benchmarks.office import ARRIVED, CAMPAIGN, crowd_of, opened_office, put_into_archive, survey_of, without_answers
from benchmarks.samples import workbook
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.bootstrap import App
from phaseout.bootstrap.loading import fill
from phaseout.domain.damage import DAMAGED, FOREIGN
from phaseout.domain.finding import Rule
from phaseout.errors import TransientError
from phaseout.ports import Checker
from phaseout.usecases.assess import assess

UNITS = 8  # four workbooks a unit
FLIPS, CUTS, KILLS = 200, 40, 30
PASSES = 3  # one that stops for the damage, and those after it
STOPPED = 3

Damaging = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Sound:
    """The undamaged warehouse: its file, an older copy, and what is in it."""

    app: App
    file: Path
    older: Path
    content: str
    rows: Mapping[str, int]


@dataclass(slots=True)
class Told:
    """What came of the damages to a warehouse of one content hash."""

    content: str = ""
    became: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Trusting(Checker):
    """Finds nothing in any row: what is loaded is all that matters here."""

    def rules(self, form: str) -> Sequence[Rule]:  # noqa: ARG002  the port's
        """Return none."""
        return ()

    def check(self, form: str, frame: object, *, parameters: Mapping[str, object]) -> Sequence[tuple[int, str]]:  # noqa: ARG002  the port's
        """Find nothing."""
        return ()


def run(
    folder: Path,
    *,
    units: int = UNITS,
    names: Collection[str] | None = None,
    flips: int = FLIPS,
    cuts: int = CUTS,
    kills: int = KILLS,
) -> Told:
    """Damage copies of one warehouse in turn; of the named kinds only, if any are named."""
    told = Told()
    with opened_office(folder / "home", definitions=crowd_of(units)) as app:
        sound = _sound(app, folder)
        told.content = sound.content
        for name, damage in _damages(sound, flips=flips, cuts=cuts, kills=kills):
            if names is None or name in names:
                _try(name, damage, sound, folder / "damaged", told)
    return told


def _damages(sound: Sound, *, flips: int, cuts: int, kills: int) -> Iterator[tuple[str, Damaging]]:
    yield from DAMAGES.items()
    dice = random.Random(1)  # noqa: S311  damages, no secrets
    size = sound.file.stat().st_size
    for place in sorted(dice.randrange(size) for _ in range(flips)):
        yield "one bit flipped", partial(_flip, at=place, bit=1 << place % 8)
    for _ in range(cuts):
        yield "log cut short", partial(_cut_log, sound=sound, share=dice.random())
        yield "log, a bit flipped", partial(_flip_log, sound=sound, share=dice.random())
    for _ in range(kills):
        yield "killed while it loads", partial(_kill, sound=sound, seconds=dice.random() / 2)
    yield "disk full in mid-load", partial(_full_disk, sound=sound)


def _sound(app: App, folder: Path) -> Sound:
    """Fill a warehouse in two halves; keep the first as an older copy."""
    campaign, form = app.definitions.campaign(CAMPAIGN), survey_of(app.definitions)
    live, older, half = app.home / "warehouse.duckdb", folder / "older.duckdb", len(campaign.units) // 2
    for units in (campaign.units[:half], campaign.units[half:]):
        files = {}
        for number, (unit, trade) in enumerate((one, industry) for one in units for industry in one.industries):
            path = folder / f"{unit.code}-{trade}.xlsx"
            path.write_bytes(workbook(campaign, form, unit, trade, number=number))
            files[path.name] = (unit.code, path)
        tools = replace(without_answers(app.tools), checker=Trusting())
        put_into_archive(app, files, tools=tools)
        assess(as_of=ARRIVED, tools=tools)
        app.fill_and_mirror(app.warehouse, as_of=ARRIVED)
        app.warehouse.close()  # type: ignore[attr-defined]  # the DuckDB one
        if not older.exists():
            shutil.copy(live, older)
    with closing(app.make_warehouse(live)) as warehouse:
        return Sound(app, live, older, warehouse.content_hash(), _rows(warehouse))


def _rows(warehouse: DuckDbWarehouse) -> dict[str, int]:
    """Return a sum over all rows of each table, whatever their order and the numbers of their loads."""
    with warehouse._database.guarded() as connection:  # noqa: SLF001  looks behind the port
        names = [
            name
            for (name,) in connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core'"
            ).fetchall()
        ]
        sums = {}
        for name in names:
            columns = [column for column, *_ in connection.execute(f"DESCRIBE core.{name}").fetchall()]
            kept = [column for column in columns if column not in {"load_no", "cut_off_at", "ledger_revision"}]
            load = "(SELECT submission_id FROM core.submission_loaded s WHERE s.load_no = t.load_no)"
            listed = ", ".join([*kept, load] if "load_no" in columns else kept)
            ((found,),) = connection.execute(f"SELECT sum(hash(row({listed}))) FROM core.{name} AS t").fetchall()  # noqa: S608  as DuckDB names them
            sums[name] = int(found or 0)
    return sums


def _try(name: str, damage: Damaging, sound: Sound, folder: Path, told: Told) -> None:
    """Damage a copy, run the next passes, and see what became of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "warehouse.duckdb"
    shutil.copy(sound.file, path)
    damage(path)
    became = told.became.setdefault(name, Counter())
    with closing(sound.app.make_warehouse(path)) as warehouse:
        loaded = _next_passes(sound.app, warehouse)
        if loaded is None:
            told.wrong.append(f"{name}: no pass went on")
            return
        sound.app.fill_and_mirror(warehouse, as_of=ARRIVED)
        is_same = warehouse.content_hash() == sound.content and _rows(warehouse) == sound.rows
        lost = warehouse.missing(sound.app.ledger.accepted())
    aside = [one for kind in (DAMAGED, FOREIGN) for one in folder.glob(f"warehouse.duckdb.{kind}-?")]
    became["built anew" if aside else "caught up" if loaded else "harmless"] += 1
    if not is_same or lost:
        told.wrong.append(f"{name}: the content is another, {len(lost)} submissions are missing")


def _next_passes(app: App, warehouse: DuckDbWarehouse) -> int | None:
    """Return how many submissions were loaded; None if no pass could go on."""
    for _ in range(PASSES):
        try:
            return fill(app, warehouse, is_thorough=True)
        except TransientError:
            continue
    return None


def _flip(path: Path, *, at: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ bit]))


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _leave_log(sound: Sound, path: Path) -> None:
    """Let a process that catches up an older copy die with its last transactions in the write-ahead log alone."""
    shutil.copy(sound.older, path)

    def die_before_checkpoint() -> None:
        with closing(sound.app.make_warehouse(path)) as warehouse:

            def commit() -> None:
                warehouse._database.connection().execute("COMMIT")  # noqa: SLF001  what comes after is not reached
                os.kill(os.getpid(), signal.SIGKILL)

            warehouse.commit = commit  # type: ignore[method-assign]
            fill(sound.app, warehouse, is_thorough=False)

    _in_a_fork(sound, die_before_checkpoint)


def _cut_log(path: Path, *, sound: Sound, share: float) -> None:
    _leave_log(sound, path)
    os.truncate(_log_of(path), int(_log_of(path).stat().st_size * share))


def _flip_log(path: Path, *, sound: Sound, share: float) -> None:
    _leave_log(sound, path)
    _flip(_log_of(path), at=int(_log_of(path).stat().st_size * share), bit=4)


def _kill(path: Path, *, sound: Sound, seconds: float) -> None:
    """Kill a process that loads everything into a new file, after so many seconds."""
    path.unlink()

    def load_all() -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        with closing(sound.app.make_warehouse(path)) as warehouse:
            fill(sound.app, warehouse, is_thorough=False)

    _in_a_fork(sound, load_all)


def _in_a_fork(sound: Sound, work: Callable[[], None]) -> int:
    """Do something in a process of its own; return how it ended."""
    sound.app.workbooks.close()  # type: ignore[attr-defined]  # the reader's process is this one's
    child = os.fork()
    if child == 0:
        try:
            work()
        except TransientError:
            os._exit(STOPPED)
        except BaseException:  # noqa: BLE001  a forked process must end here
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _execute(statement: str) -> Damaging:
    def change(path: Path) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement)

    return change


def _replaced_by(content: bytes) -> Damaging:
    def put(path: Path) -> None:
        path.write_bytes(content)

    return put


def _sqlite(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE t (a)")
        other.commit()


def _foreign(path: Path) -> None:
    path.unlink()
    _execute("CREATE TABLE somebodys AS SELECT 1 AS a")(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere/warehouse.duckdb")


def _older(path: Path) -> None:
    shutil.copy(path.parents[1] / "older.duckdb", path)


def _older_with_newer_log(path: Path) -> None:
    """Leave the log of a file beside an older copy of it."""
    child = os.fork()
    if child == 0:
        connection = duckdb.connect(str(path))
        connection.execute("INSERT INTO core.layout VALUES ('not checkpointed')")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    _older(path)


def _truncated(share: float) -> Damaging:
    return lambda path: os.truncate(path, int(path.stat().st_size * share))


def _full_disk(path: Path, *, sound: Sound) -> None:
    """Let the file grow no more while an older copy is caught up."""
    shutil.copy(sound.older, path)
    room = 10_000  # neither the log nor the file has more; what lies beyond can be read

    def load_without_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        with closing(sound.app.make_warehouse(path)) as warehouse:
            fill(sound.app, warehouse, is_thorough=False)

    if _in_a_fork(sound, load_without_room) != STOPPED:
        raise AssertionError("the disk was not full")


DAMAGES: Mapping[str, Damaging] = {
    "file deleted": lambda path: path.unlink(),
    "empty file": _replaced_by(b""),
    "zeros": _replaced_by(bytes(1 << 20)),
    "a text": _replaced_by("企业名称,装备名称\n".encode() * 999),
    "an SQLite file": _sqlite,
    "somebody's DuckDB file": _foreign,
    "a folder": _folder,
    "a link to nowhere": _link,
    "older copy put back": _older,
    "older copy, newer log": _older_with_newer_log,
    **{f"cut to {share:.0%}": _truncated(share) for share in (0.001, 0.1, 0.3, 0.5, 0.8, 0.99)},
    "a row deleted": _execute("DELETE FROM core.survey_summary WHERE rowid = 0"),
    "a row twice": _execute("INSERT INTO core.survey_summary SELECT * FROM core.survey_summary WHERE rowid = 0"),
    "a row of no load": _execute(
        "INSERT INTO core.survey_summary SELECT * REPLACE (9999 AS load_no) FROM core.survey_summary WHERE rowid = 0"
    ),
    "a value changed": _execute("UPDATE core.survey_summary SET capacity = capacity + 1 WHERE rowid = 0"),
    "a value emptied": _execute("UPDATE core.survey_summary SET output = NULL WHERE rowid = 0"),
    "a derived id changed": _execute("UPDATE core.survey_summary SET wording_id = 'x' WHERE rowid = 0"),
    "rows of two submissions exchanged": _execute(
        "UPDATE core.survey_summary SET load_no = CASE load_no WHEN 1 THEN 2 ELSE 1 END WHERE load_no IN (1, 2)"
    ),
    "a submission deleted": _execute(
        "DELETE FROM core.survey_summary WHERE load_no = 1; DELETE FROM core.submission_loaded WHERE load_no = 1"
    ),
    "a submission that nobody accepted": _execute(
        "INSERT INTO core.submission_loaded SELECT * REPLACE (9999 AS load_no, 'jiangsu-2022/x/v1' AS submission_id, "
        "0 AS row_count) FROM core.submission_loaded LIMIT 1"
    ),
    "a submission of another workbook": _execute(
        "UPDATE core.submission_loaded SET sha256 = repeat('0', 64) WHERE load_no = 1"
    ),
    "a stored hash changed": _execute(
        "UPDATE core.submission_loaded SET content_hash = repeat('0', 64) WHERE load_no = 1"
    ),
    "a mirrored row deleted": _execute(
        "DELETE FROM core.obligation WHERE rowid = (SELECT min(rowid) FROM core.obligation)"
    ),
    "a mirrored value changed": _execute("UPDATE core.unit SET unit_name = '某市' WHERE position = 1"),
    "a table dropped": _execute("DROP TABLE core.letter CASCADE"),
    "all tables dropped": _execute("DROP SCHEMA mart CASCADE; DROP SCHEMA core CASCADE"),
    "another release's layout": _execute("UPDATE core.layout SET fingerprint = 'another'"),
}


def report(told: Told) -> Iterator[str]:
    """Yield what became of each damage."""
    for name, became in told.became.items():
        yield f"{name:36} {became.total():4}  " + ", ".join(f"{word} {times}" for word, times in sorted(became.items()))
    yield f"wrong: {len(told.wrong)}"
    yield from (f"  {line}" for line in told.wrong)


def main() -> int:
    """Run from the command line; 1 when something was not noticed or was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=FLIPS)
    parser.add_argument("--cuts", type=int, default=CUTS)
    parser.add_argument("--kills", type=int, default=KILLS)
    asked = parser.parse_args()
    logging.getLogger("phaseout").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="corruption-") as folder:
        told = run(Path(folder), flips=asked.flips, cuts=asked.cuts, kills=asked.kills)
    sys.stdout.write("\n".join(report(told)) + "\n")
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
