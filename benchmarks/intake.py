"""Intake (收件与审核): 1,000 workbooks of 50 rows from archive to decision and warehouse, beside two other scripts.

Letters and marked copies are measured apart (`answers`): here workbooks are decided, not answered. The contestants run
one after the other in rounds, each in a process of its own. Of what a round swings by, the processor's seconds are the
least of all rounds, those of the clock the median.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import samples
from benchmarks.contestant import Took
from benchmarks.figure import Figure, cost, yields
from benchmarks.measuring import ran
from benchmarks.office import CAMPAIGN, Crowd, crowd_of, survey_of
from benchmarks.telling import tell

UNITS, ROUNDS = 250, 2  # four workbooks a unit; as many rounds for each, or the least would lean to one side
LEAST_PER_S, LEAST_RATIO = 200.0, 10.0
USUAL, FLOOR = "usual script", "bare floor"


def run(units: int = UNITS, *, rounds: int = ROUNDS) -> list[Figure]:
    """Return the figures of an intake of four workbooks a unit."""
    definitions = crowd_of(units)
    with TemporaryDirectory(prefix="bench-intake-") as folder:
        home = Path(folder)
        count = len(write_files(definitions, home / "files"))
        told: dict[str, list[Took]] = {name: [] for name in ("ours", "floor", "usual", "tuned")}
        for number in range(rounds):
            for name, rounds_of in told.items():
                tell(f"round {number + 1}: {name}, {count} workbooks")
                own = home / f"{name}{number}"
                rounds_of.append(_contest(name, home / "files", own, definitions=definitions))
                rmtree(own)
    return list(_figures(count, told))


def write_files(definitions: Crowd, folder: Path) -> list[Path]:
    """Write a workbook for each industry of each unit."""
    folder.mkdir(parents=True)
    campaign, form = definitions.campaign(CAMPAIGN), survey_of(definitions)
    paths = []
    for number, (unit, industry) in enumerate((u, i) for u in campaign.units for i in u.industries):
        paths.append(folder / f"{unit.code}-{industry}.xlsx")
        paths[-1].write_bytes(samples.workbook(campaign, form, unit, industry, number=number))
    return paths


def _contest(name: str, files: Path, home: Path, *, definitions: Crowd) -> Took:
    units = str(len(definitions.campaign(CAMPAIGN).units))
    columns = ",".join(field.name for field in survey_of(definitions).columns)
    command = [sys.executable, "-m", "benchmarks.contestant", name, str(files), str(home), units, columns]
    done = ran(command, home=home)
    told = json.loads(done.said.splitlines()[-1])
    return Took(**told | {"peak_mib": done.peak_mib, "child_peak_mib": done.child_peak_mib})


def _figures(count: int, told: Mapping[str, Sequence[Took]]) -> Iterator[Figure]:
    per_s = {name: count / median(one.wall for one in rounds) for name, rounds in told.items()}
    best = {name: min(rounds, key=lambda one: one.cpu) for name, rounds in told.items()}
    each = {name: 1000 * one.cpu / count for name, one in best.items()}
    ours, note = best["ours"], _note(count, told)
    yield Figure("intake_workbooks", count, "workbooks", note=f"each of {samples.ROWS} rows, 4 % of them with a fault")
    yield yields(
        "intake_workbooks_per_s",
        per_s["ours"],
        "/s",
        at_least=LEAST_PER_S,
        yardstick=per_s["usual"],
        against=USUAL,
        note=note,
    )
    yield yields("intake_per_s_beside_floor", per_s["ours"], "/s", yardstick=per_s["floor"], against=FLOOR)
    yield yields(
        "intake_cpu_ratio_to_usual",
        each["usual"] / each["ours"],
        "x less CPU",
        at_least=LEAST_RATIO,
        yardstick=1.0,
        against=USUAL,
        note=note,
    )
    yield yields(
        "intake_cpu_ratio_to_usual_tuned",
        each["tuned"] / each["ours"],
        "x less CPU",
        yardstick=1.0,
        against=USUAL,
        note="the usual script given our pace of the garbage collector, which such a script does not have",
    )
    yield cost("intake_cpu_ms", each["ours"], "ms a workbook", yardstick=each["usual"], against=USUAL)
    yield cost("intake_cpu_beside_floor", each["ours"], "ms a workbook", yardstick=each["floor"], against=FLOOR)
    archiving = 1000 * ours.archiving / count
    yield Figure("intake_archiving_ms", archiving, "ms a workbook", note="before, and in none of the others")
    shares = {"reader_child": ours.children} | dict(ours.shares)
    for name in ("reader_child", "reader", "gx", "warehouse", "ledger", "archive"):
        yield Figure(f"intake_share_{name}", 100 * shares.get(name, 0.0) / ours.cpu, "% of the CPU")
    yield Figure("intake_share_rest", 100 * (1 - sum(shares.values()) / ours.cpu), "% of the CPU", note=REST)
    for name in ("ours", "usual", "floor"):
        yield Figure(f"intake_peak_{name}_mib", best[name].peak_mib, "MiB")
    yield cost("intake_peak_reader_mib", ours.child_peak_mib, "MiB", at_most=256)


REST = "Python that reads forms and decides; `reader` is what taking over the child's answers costs us"


def _note(count: int, told: Mapping[str, Sequence[Took]]) -> str:
    return (
        f"all {count:,} workbooks in each of {len(told['ours'])} rounds of each; CPU the least of them, /s their median"
    )
