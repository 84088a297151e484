"""Damaged and twisted workbooks, thrown at the guard and at the parser's process: a named refusal, or a reading.

Run it as `python -m tests.soak.fuzz [GUARD_RUNS] [CHILD_RUNS] [--seed N] [--kept FOLDER]`. Another exception, a code
without words, a death of the process or a run that takes too long is a fault, and the file that caused it is kept.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time

from phaseout.adapters.definitions.rules import load_refusals
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_reader.guard import Refused, guard
from phaseout.domain.invented.chance import dice
from phaseout.domain.submission import Unreadable
from tests.soak.twisted_files import sources, twisted

GUARD_RUNS, CHILD_RUNS = 100_000, 2000
GUARD_S, CHILD_S = 1.0, 10.0  # no file may take longer
_REFUSALS = load_refusals(Path(__file__).parents[2] / "data" / "refusals.yaml")
_DIED = "parser_failed"  # named, but each one is looked at


@dataclass(slots=True)
class Told:
    """What became of the files."""

    runs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    highest_mib: int = 0  # of the parser's process, resident
    faults: list[tuple[str, bytes]] = field(default_factory=list)
    deaths: list[bytes] = field(default_factory=list)  # of the parser's process, twice each


def throw_at_guard(runs: int, *, seed: int) -> Told:
    """Hand twisted files to the guard in this process."""
    told = Told()
    for content in _files(runs, seed=seed, name="guard"):
        start = process_time()  # of this process alone: the machine may be busy
        try:
            outcome = f"passed as {guard(content).kind}"
        except Refused as refused:
            outcome = str(refused)
            _look_up(outcome, content, told)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
            outcome = f"{type(error).__name__}: {error}"
            told.faults.append((outcome, content))
        _note(told, outcome, content, seconds=process_time() - start, most_s=GUARD_S)
    return told


def throw_at_child(runs: int, *, seed: int) -> Told:
    """Hand twisted files to the reader, whose process parses those that the guard lets pass."""
    told, reader = Told(), LimitedWorkbookReader()
    try:
        for content in _files(runs, seed=seed, name="child"):
            start = perf_counter()
            try:
                outcome = f"read {len(reader.read(content).sheets)} sheets"
            except Unreadable as refused:
                outcome = refused.code
                _look_up(outcome, content, told)
            except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
                outcome = f"{type(error).__name__}: {error}"
                told.faults.append((outcome, content))
            if outcome == _DIED:
                told.deaths.append(content)
            told.highest_mib = max([told.highest_mib, *map(resident_mib, reader.pids)])
            _note(told, outcome, content, seconds=perf_counter() - start, most_s=2 * CHILD_S)
    finally:
        reader.close()
    return told


def resident_mib(pid: int | None) -> int:
    """Return the most memory that a process ever held; 0 when it has ended."""
    status = Path("/proc") / str(pid) / "status"
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM:")), 0)


def _files(runs: int, *, seed: int, name: str) -> Iterator[bytes]:
    chance, whole = dice(seed, "fuzz", name), sources()
    return (twisted(chance.choice(whole), chance, whole) for _ in range(runs))


def _look_up(code: str, content: bytes, told: Told) -> None:
    if code not in _REFUSALS:
        told.faults.append((f"{code} has no words", content))


def _note(told: Told, outcome: str, content: bytes, *, seconds: float, most_s: float) -> None:
    told.runs += 1
    told.outcomes[outcome] += 1
    told.slowest_s = max(told.slowest_s, seconds)
    if seconds > most_s:
        told.faults.append((f"took {seconds:.1f} s", content))


def _lines(name: str, told: Told) -> Iterator[str]:
    yield f"{name}: {told.runs} files, the slowest {told.slowest_s:.2f} s, {len(told.faults)} faults"
    for outcome, count in told.outcomes.most_common():
        yield f"  {count:8} {outcome}"
    if told.highest_mib:
        yield f"  the parser's process held at most {told.highest_mib} MiB and died of {len(told.deaths)} files"
    for fault, content in told.faults[:20]:
        yield f"  FAULT {fault} ({len(content)} bytes)"


def _keep(told: Told, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate([content for _, content in told.faults] + told.deaths):
        (folder / f"{name}-{number}.bin").write_bytes(content)


def main() -> int:
    """Run both halves, print what became of the files and keep those that found a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.fuzz", description=__doc__)
    parser.add_argument("guard_runs", nargs="?", type=int, default=GUARD_RUNS)
    parser.add_argument("child_runs", nargs="?", type=int, default=CHILD_RUNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "phaseout-fuzz")
    chosen = parser.parse_args()
    halves = {
        "guard": throw_at_guard(chosen.guard_runs, seed=chosen.seed),
        "child": throw_at_child(chosen.child_runs, seed=chosen.seed),
    }
    for name, told in halves.items():
        sys.stdout.write("\n".join(_lines(name, told)) + "\n")
        _keep(told, chosen.kept, name)
    return 1 if any(told.faults for told in halves.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
