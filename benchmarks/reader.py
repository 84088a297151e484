"""Reading strangers' files (读取): what reader and guard take at most, on the nastiest files that we know."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.figure import Figure, cost
from benchmarks.measuring import ran
from benchmarks.peaks import peaks_of
from benchmarks.telling import tell
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.domain.invented.chance import dice
from phaseout.domain.submission import Unreadable

TWISTED = 300
NOWHERE = "http://canary.example/"  # nobody asks there, and nobody may
CHILD_S, CHILD_MIB, GUARD_S, GUARD_MIB = 10.0, 256, 1.0, 64
DIED = "parser_failed"


@dataclass(slots=True)
class Told:
    """What the reader's process took."""

    slowest_s: float = 0.0
    slowest_name: str = ""
    peak_mib: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def run(*, twisted_files: int = TWISTED, greedy_files: int | None = None) -> list[Figure]:
    """Hand every file to the reader, then to a process that only guards."""
    with TemporaryDirectory(prefix="bench-reader-") as name:
        folder = Path(name) / "files"
        folder.mkdir()
        tell("write the files")
        count = _write(folder, twisted_files=twisted_files, greedy_files=greedy_files)
        tell(f"{count} files to the reader")
        told = _read(folder)
        tell("and to the guard alone")
        command = [sys.executable, "-m", "benchmarks.guard_alone", str(folder)]
        guarded = json.loads(ran(command, home=Path(name) / "home").said)
    return _figures(count, told, guarded)


def _write(folder: Path, *, twisted_files: int, greedy_files: int | None) -> int:
    count = 0
    for count, (kind, content) in enumerate(_files(twisted_files, greedy_files), start=1):
        (folder / f"{count:04d} {kind}".replace("/", " ")).write_bytes(content)
    return count


def _files(twisted_files: int, greedy_files: int | None) -> Iterator[tuple[str, bytes]]:
    # They are made when they are imported, which takes a while.
    from tests.greedy_files import GREEDY, SLOW, in_sheet, largest  # noqa: PLC0415
    from tests.odd_files import odd_files  # noqa: PLC0415
    from tests.soak.twisted_files import sources, twisted  # noqa: PLC0415

    yield from islice(GREEDY.items(), greedy_files)
    yield from ((kind, in_sheet(xml)) for kind, xml in islice(SLOW.items(), greedy_files))
    if greedy_files is None:
        yield "the largest", largest()
        yield from ((odd.name, odd.content) for odd in odd_files(NOWHERE))
    chance, whole = dice(1, "bench"), sources()
    yield from (("twisted", twisted(chance.choice(whole), chance, whole)) for _ in range(twisted_files))


def _read(folder: Path) -> Told:
    told = Told()
    with closing(LimitedWorkbookReader()) as reader, peaks_of(os.getpid()) as peaks:
        for path in sorted(folder.iterdir()):
            start, content = perf_counter(), path.read_bytes()
            try:
                reader.read(content)
                outcome = "read"
            except Unreadable as refused:
                outcome = DIED if refused.code == DIED else "refused by name"
            seconds = perf_counter() - start
            if seconds > told.slowest_s:
                told.slowest_s, told.slowest_name = seconds, path.name[5:]
            told.outcomes[outcome] += 1
            peaks.look()
        told.peak_mib = peaks.highest_descendant
    return told


def _figures(count: int, told: Told, guarded: dict[str, float]) -> list[Figure]:
    became = ", ".join(f"{number} {outcome}" for outcome, number in sorted(told.outcomes.items()))
    note = f"{count} files: {became}; the slowest: {told.slowest_name}; taking the answer over included"
    alone = f"a process that only guards, with Python and the file; {guarded['before_mib']} MiB before the first file"
    return [
        cost("reader_slowest_s", told.slowest_s, "s", at_most=CHILD_S, note=note),
        cost("reader_child_peak_mib", told.peak_mib, "MiB", at_most=CHILD_MIB, note=note),
        cost("guard_slowest_s", guarded["slowest_s"], "s of CPU", at_most=GUARD_S, note=note),
        cost("guard_peak_mib", guarded["peak_mib"], "MiB", at_most=GUARD_MIB, note=alone),
    ]
