"""Rebuilds one warehouse under other threads, time zones, locales, hash seeds and orders: the content hash is the same.

`python -m tests.soak.rebuilds [UNITS]`. Each rebuild is a process of its own; so many units, four workbooks each.
"""

import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from benchmarks.office import ARRIVED, CAMPAIGN, crowd_of, opened_office, put_into_archive, survey_of, without_answers
from benchmarks.samples import workbook
from phaseout.adapters.duckdb_warehouse import database
from phaseout.bootstrap import App
from phaseout.settings import PROJECT
from phaseout.usecases.assess import assess
from tests.soak.corruption import Trusting

UNITS = 5
T = TypeVar("T")
THREADS = (1, 2, 4)
TIME_ZONES = ("UTC", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe")
LOCALES = ("C", "C.UTF-8", "zh_CN.UTF-8", "tr_TR.UTF-8")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """In what a rebuild runs; *order* is by which the submissions are shuffled, 0 for not at all."""

    threads: int
    time_zone: str
    locale: str
    hash_seed: int
    order: int


def all_surroundings() -> Iterator[Surroundings]:
    """Yield every mix of threads, time zone and locale, each with a hash seed and an order of its own."""
    for number, mix in enumerate(itertools.product(THREADS, TIME_ZONES, LOCALES)):
        yield Surroundings(*mix, hash_seed=number, order=number)


def run(folder: Path, *, units: int, surroundings: Sequence[Surroundings]) -> dict[Surroundings, str]:
    """Return the content hash that each rebuild came to."""
    _take_in(folder / "home", units)
    return {one: rebuilt(folder / "home", units, one) for one in surroundings}


def _take_in(home: Path, units: int) -> None:
    with opened_office(home, definitions=crowd_of(units)) as app:
        campaign, form = app.definitions.campaign(CAMPAIGN), survey_of(app.definitions)
        files = {}
        for number, (unit, trade) in enumerate((one, trade) for one in campaign.units for trade in one.industries):
            path = home / f"{unit.code}-{trade}.xlsx"
            path.write_bytes(workbook(campaign, form, unit, trade, number=number))
            files[path.name] = (unit.code, path)
        tools = replace(without_answers(app.tools), checker=Trusting())
        put_into_archive(app, files, tools=tools)
        assess(as_of=ARRIVED, tools=tools)


def rebuilt(home: Path, units: int, one: Surroundings) -> str:
    """Return the content hash that a rebuild in a process of its own comes to."""
    told = {"TZ": one.time_zone, "LANG": one.locale, "LC_ALL": one.locale, "PYTHONHASHSEED": str(one.hash_seed)}
    arguments = ("--child", str(home), str(units), str(one.threads), str(one.order))
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.rebuilds", *arguments],
        cwd=PROJECT,
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()[-1]


def _rebuild_here(home: Path, units: int, threads: int, order: int) -> str:
    database.CONFIG["threads"] = threads  # type: ignore[assignment]  # a setting like the others
    with opened_office(home, definitions=crowd_of(units)) as app:
        if order:
            _shuffle(app, random.Random(order))  # noqa: S311  an order, no secret
        with closing(app.make_warehouse(home / "again.duckdb")) as again:
            again.clear()
            app.fill_and_mirror(again, as_of=ARRIVED)
            content = again.content_hash()
            if again.damage(app.ledger.accepted_workbooks(), is_thorough=True) is not None:
                raise AssertionError("the rows are not those that were hashed")
            again.clear()
            return content


def _shuffle(app: App, dice: random.Random) -> None:
    """Let the ledger list in another order, and so the archive be read in another."""
    ledger = app.ledger
    submissions, accepted, obligations = ledger.submissions, ledger.accepted_workbooks, ledger.obligations
    ledger.submissions = lambda campaign: _mixed(submissions(campaign), dice)  # type: ignore[method-assign]
    ledger.accepted_workbooks = lambda: dict(_mixed(accepted().items(), dice))  # type: ignore[method-assign]
    ledger.obligations = lambda campaign: _mixed(obligations(campaign), dice)  # type: ignore[method-assign]


def _mixed(listed: Iterable[T], dice: random.Random) -> list[T]:
    mixed = list(listed)
    dice.shuffle(mixed)
    return mixed


def main() -> int:
    """Run from the command line; 1 when two rebuilds came to different hashes."""
    if sys.argv[1:2] == ["--child"]:
        home, *numbers = sys.argv[2:]
        sys.stdout.write(_rebuild_here(Path(home), *map(int, numbers)) + "\n")
        return 0
    units = int(sys.argv[1]) if len(sys.argv) > 1 else UNITS
    with tempfile.TemporaryDirectory(prefix="rebuilds-") as folder:
        told = run(Path(folder), units=units, surroundings=list(all_surroundings()))
    for one, content in told.items():
        sys.stdout.write(f"{content[:16]}  {one}\n")
    sys.stdout.write(f"{len(told)} rebuilds, {len(set(told.values()))} content hash(es)\n")
    return 0 if len(set(told.values())) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
