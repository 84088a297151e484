"""Runs a command at a terminal of its own, as a person would, and notes when the screen first shows something."""

import os
import pty
import re
import resource
import select
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from benchmarks.measuring import CommandFailed
from benchmarks.peaks import peaks_of

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command took, in seconds, and when it first showed what was waited for."""

    wall: float
    cpu: float  # of it and of all that it started
    first: float
    peak_mib: int  # of the largest of its processes
    together_mib: int


def at_terminal(command: Sequence[str], *, env: Mapping[str, str], awaited: str) -> Shown:
    """Run a command until it ends.

    Raises:
        CommandFailed: it did not end with code 0, or never showed what was awaited.
    """
    ours, its = pty.openpty()
    start, before = perf_counter(), _cpu()
    with (
        subprocess.Popen(command, env=dict(env), stdin=its, stdout=its, stderr=its) as process,  # noqa: S603  our own programs
        peaks_of(process.pid) as peaks,
    ):
        os.close(its)
        screen, first = _watched(ours, re.compile(awaited), start=start)
    os.close(ours)
    if process.returncode != 0 or first is None:
        raise CommandFailed(command, code=process.returncode, said=screen)
    highest = max(peaks.own, peaks.highest_descendant)
    return Shown(perf_counter() - start, _cpu() - before, first, highest, peaks.together)


def _watched(terminal: int, awaited: "re.Pattern[str]", *, start: float) -> tuple[str, float | None]:
    screen, first = "", None
    while True:
        select.select([terminal], [], [])
        try:
            part = os.read(terminal, _CHUNK)
        except OSError:  # what a terminal says when nobody is left behind it
            part = b""
        if not part:
            return screen, first
        screen = (screen + part.decode("utf-8", "replace"))[-_CHUNK:]
        if first is None and awaited.search(screen):
            first = perf_counter() - start


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
