"""Runs the benchmarks: `python -m benchmarks [PART…]`, all that run usually if none is named."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.figure import Figure, figure_of, misses, table
from benchmarks.machine import facts
from benchmarks.parts import PARTS, Part, UnknownPart, parts_named
from benchmarks.peaks import peaks_of
from phaseout.settings import Settings


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a part: its figures, or none if it failed."""

    part: Part
    figures: Sequence[Figure]
    code: int
    seconds: float


def main() -> int:
    """Run what is asked for; 1 when a part failed, whatever the figures are."""
    asked = _asked()
    if asked.list:
        sys.stdout.writelines(f"{part.name:10} {part.says}{_unless_usual(part)}\n" for part in PARTS)
        return 0
    try:
        parts = parts_named(asked.parts)
    except UnknownPart as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return 2
    _say(facts())
    if asked.tiny:
        _say(["tiny: whether every part works; the figures mean nothing"])
    done = [run_part(part, is_tiny=asked.tiny) for part in parts]
    report(done, asked.results or Settings().home / "bench" / "results.json")
    return 1 if any(one.code for one in done) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Figures, each beside a yardstick.")
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--list", action="store_true", help="say which parts there are")
    parser.add_argument("--tiny", action="store_true", help="only show that the parts work")
    parser.add_argument("--results", type=Path, metavar="FILE", help="bench/results.json in the home if not given")
    return parser.parse_args()


def run_part(part: Part, *, is_tiny: bool = False) -> Done:
    """Run a part in a child process: its memory is its own, and what fails there fails alone."""
    sys.stderr.write(f"{part.name}: {part.says}\n")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        results = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "benchmarks.part", part.name, str(results), *(["--tiny"] if is_tiny else [])]
        start = perf_counter()
        with subprocess.Popen(command) as process, peaks_of(process.pid) as peaks:  # noqa: S603  ourselves
            code = process.wait()
        seconds = perf_counter() - start
        figures = _read(results) if code == 0 else []
    if code:
        sys.stderr.write(f"{part.name}: FAILED with code {code} after {seconds:.0f} s\n")
    else:
        figures.append(_highest(part, max(peaks.own, peaks.highest_descendant)))
    return Done(part, figures, code, seconds)


def report(done: Sequence[Done], results: Path) -> None:
    """Print all figures, the misses and failures once more, and write them to a file."""
    figures = [each for one in done for each in one.figures]
    _say(["", *table(figures), "", *misses(figures)])
    _say(f"failed: {one.part.name} (code {one.code}); its figures are missing" for one in done if one.code)
    _say([f"took {sum(one.seconds for one in done) / 60:.1f} minutes: {', '.join(_seconds(done))}"])
    results.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(each.as_json(), ensure_ascii=False) for each in figures)
    results.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    _say([f"written to {results}"])


def _seconds(done: Iterable[Done]) -> Iterator[str]:
    return (f"{one.part.name} {one.seconds:.0f} s" for one in done)


def _read(results: Path) -> list[Figure]:
    return [figure_of(told) for told in json.loads(results.read_text(encoding="utf-8"))]


def _highest(part: Part, mib: int) -> Figure:
    return Figure(f"largest_process_of_{part.name}_mib", mib, "MiB", note="children and contestants included")


def _unless_usual(part: Part) -> str:
    return "" if part.is_usual else " (only when asked for)"


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
