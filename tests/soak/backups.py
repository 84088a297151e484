"""Kills backups and restores at any instant: every backup that can be seen is whole, no half ledger lies in a home.

`python -m tests.soak.backups [ROUNDS]`. While backups are taken somebody writes into ledger and archive. Each round
forks a process, kills it within a quarter of a second, and looks at what it left.
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from phaseout.adapters.file_archive import FileArchive
from phaseout.bootstrap import App
from phaseout.bootstrap.backups import back_up_home, restore_home
from phaseout.domain.calendar import CHINA
from phaseout.settings import Settings
from tests.intake_home import open_home

ROUNDS = 100
NIGHT = datetime(2022, 8, 12, 2, 15, tzinfo=CHINA)
LONGEST = 0.25
KEPT = 3


def _killed(work: Callable[[], object], *, after: float) -> bool:
    """Do some work in a process of its own and kill it; say whether it was faster."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work()
            os._exit(0)
        os._exit(1)
    time.sleep(after)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _work_on(home: Path, number: int, dice: random.Random) -> None:
    """Let the office have worked: a file in the archive, and a row that goes with another."""
    FileArchive(home / "archive").put(dice.randbytes(5_000 + number))
    with closing(sqlite3.connect(home / "ledger.sqlite", timeout=30)) as line, line:
        line.execute("UPDATE revision SET number = number + 1")
        line.execute("UPDATE campaign SET year = year + 1")


def _back_up(home: Path, folder: Path, *, as_of: datetime) -> None:
    with closing(App(Settings(home=home))) as app:
        back_up_home(app, folder, as_of=as_of, keep=KEPT, verify=False)


def _faults_of_backups(folder: Path, *, apart: int) -> list[str]:
    """Return what is wrong with the backups that can be seen."""
    faults = []
    for manifest in (folder / "backups").glob("*/manifest.json"):
        kept = manifest.parent
        with closing(sqlite3.connect(kept / "ledger.sqlite")) as line:
            if line.execute("SELECT revision.number - year FROM revision, campaign").fetchone()[0] != apart:
                faults.append(f"{kept.name}: half a transaction")
        for name in (kept / "archive.txt").read_text().split():
            path = folder / "archive" / name[:2] / name[2:4] / name
            if not path.exists() or sha256(path.read_bytes()).hexdigest() != name:
                faults.append(f"{kept.name}: {name} is not in the archive")
    return faults


def _faults_of_restored(new: Path) -> list[str]:
    """Return what is wrong with a home into which a restore was begun."""
    if not (new / "ledger.sqlite").exists():
        return []
    with closing(App(Settings(home=new))) as app:
        return [] if app.stops.stopped() else ["a ledger from which letters could leave"]


def main() -> None:
    """Run the rounds and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    asked = parser.parse_args()
    told, faults = rounds(asked.rounds)
    sys.stdout.write(f"{dict(told)}\n{''.join(f'{fault}{os.linesep}' for fault in faults)}")
    sys.exit(1 if faults else 0)


def rounds(count: int) -> tuple[Counter[str], list[str]]:
    """Kill *count* backups and as many restores."""
    dice, told, faults = random.Random(20220603), Counter[str](), list[str]()  # noqa: S311  a fixed seed
    with tempfile.TemporaryDirectory() as scratch:
        home, folder, new = Path(scratch, "home"), Path(scratch, "backups"), Path(scratch, "new")
        open_home(home)
        _back_up(home, folder, as_of=NIGHT)
        with closing(sqlite3.connect(home / "ledger.sqlite")) as line:
            (apart,) = line.execute("SELECT revision.number - year FROM revision, campaign").fetchone()
        for number in range(count):
            _work_on(home, number, dice)
            at = NIGHT + timedelta(minutes=number + 1)
            done = _killed(lambda at=at: _back_up(home, folder, as_of=at), after=dice.uniform(0, LONGEST))
            told["backups done" if done else "backups killed"] += 1
            faults += _faults_of_backups(folder, apart=apart)
            restoring = lambda at=at: restore_home(folder, new, name=None, as_of=at, settings=Settings(home=new))  # noqa: E731
            done = _killed(restoring, after=dice.uniform(0, LONGEST))
            told["restores done" if done else "restores killed"] += 1
            faults += _faults_of_restored(new)
            if (new / "ledger.sqlite").exists():
                shutil.rmtree(new)
        _back_up(home, folder, as_of=NIGHT + timedelta(days=1))
        faults += [f"left behind: {one.name}" for one in (folder / ".incoming").iterdir()]
        told["backups kept"] = len(list((folder / "backups").iterdir()))
    return told, faults


if __name__ == "__main__":
    main()
