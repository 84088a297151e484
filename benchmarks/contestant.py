"""One contestant of the intake, alone: `python -m benchmarks.contestant NAME FILES HOME UNITS COLUMNS`.

In a process of its own, its memory is its own, it loads what it needs and no more, and none finds what another has
warmed. What it took goes to standard output as JSON.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import measured

WARM_UP = 8  # workbooks: imports are nobody's
HEADER_ROWS = 4
Files = Mapping[str, tuple[str, Path]]  # unit and place by name


@dataclass(frozen=True, slots=True)
class Took:
    """What a contestant took for all workbooks."""

    wall: float
    cpu: float
    children: float = 0.0  # part of *cpu*
    archiving: float = 0.0  # seconds of the processor, before; only ours keeps what it got
    shares: Mapping[str, float] = field(default_factory=dict)  # seconds of the processor by what was called
    peak_mib: int = 0  # seen from outside
    child_peak_mib: int = 0


def of_ours(files: Files, home: Path, asked: argparse.Namespace) -> Took:
    """Take files in as the office does."""
    took: Took = import_module("benchmarks.ours").take_in(files, home, units=asked.units)
    return took


def of_script(name: str, files: Files, home: Path, asked: argparse.Namespace) -> Took:
    """Run a script that reads, checks and stores; it archives nothing and decides nothing."""
    take_in: Callable[..., int] = import_module(f"benchmarks.{name}").take_in
    paths = [path for _, path in files.values()]
    home.mkdir(parents=True)
    one = measured(partial(take_in, paths, home / "stored", columns=asked.columns.split(","), above=HEADER_ROWS))
    return Took(one.wall, one.cpu)


def of_tuned(files: Files, home: Path, asked: argparse.Namespace) -> Took:
    """Run the usual script at the pace of our garbage collector, which is a trick of ours."""
    import_module("phaseout.bootstrap.collector").let_values_be()
    return of_script("usual", files, home, asked)


CONTESTANTS: Mapping[str, Callable[..., Took]] = {
    "ours": of_ours,
    "usual": partial(of_script, "usual"),
    "floor": partial(of_script, "floor"),
    "tuned": of_tuned,
}


def main() -> None:
    """Warm up, take in the files of a folder, and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=list(CONTESTANTS))
    parser.add_argument("files", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("units", type=int)
    parser.add_argument("columns", help="of the form, with commas between them")
    asked = parser.parse_args()
    files = {path.name: (path.name.partition("-")[0], path) for path in sorted(asked.files.iterdir())}
    contestant = CONTESTANTS[asked.name]
    contestant(dict(list(files.items())[:WARM_UP]), asked.home / "warm", asked)
    sys.stdout.write(json.dumps(asdict(contestant(files, asked.home / "taken", asked))) + "\n")


if __name__ == "__main__":
    main()
