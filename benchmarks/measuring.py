"""Measures work: seconds of the clock and of the processor, children included, and which part of ours took them."""

import os
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.peaks import peaks_of

PHASEOUT = str(Path(sys.executable).with_name("phaseout"))


@dataclass(frozen=True, slots=True)
class Measured:
    """What some work took, in seconds."""

    wall: float
    cpu: float  # of this process and of its children that have ended
    children: float  # part of *cpu*


def measured(work: Callable[[], object]) -> Measured:
    """Do some work and measure it; children count once they have ended."""
    start, own, children = perf_counter(), _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    work()
    wall, theirs = perf_counter() - start, _cpu(resource.RUSAGE_CHILDREN) - children
    return Measured(wall, _cpu(resource.RUSAGE_SELF) - own + theirs, theirs)


def _cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


class CommandFailed(Exception):
    """A command that a benchmark measures did not do its work."""

    def __init__(self, command: Sequence[str], *, code: int, said: str) -> None:
        super().__init__(f"{' '.join(command)} ended with code {code}: {said.strip()[-1500:]}")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command took as a whole process, and what it said."""

    wall: float
    cpu: float  # of it and of its children
    said: str
    peak_mib: int
    child_peak_mib: int  # of the largest of its children


def ran(command: Sequence[str], *, home: Path, **settings: object) -> Ran:
    """Run a command of ours as a user would, in a home of its own.

    Raises:
        CommandFailed: it did not end with code 0.
    """
    start, before = perf_counter(), _cpu(resource.RUSAGE_CHILDREN)
    with (
        subprocess.Popen(  # noqa: S603  our own programs
            command, env=environment(home, **settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
        peaks_of(process.pid) as peaks,
    ):
        said, complained = process.communicate()
    wall, cpu = perf_counter() - start, _cpu(resource.RUSAGE_CHILDREN) - before
    if process.returncode != 0:
        raise CommandFailed(command, code=process.returncode, said=said + complained)
    return Ran(wall, cpu, said, peaks.own, peaks.highest_descendant)


def environment(home: Path, **settings: object) -> dict[str, str]:
    """Return the environment of a command in a home of its own; what the shell holds of ours is not the benchmark's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PHASEOUT_", "PREFECT_"))}
    ours = {f"PHASEOUT_{name.upper()}": str(value) for name, value in settings.items()}
    return inherited | {"PHASEOUT_HOME": str(home)} | ours


class Clock:
    """Counts the processor seconds that calls of some objects take, by name, and how many calls there were."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()

    def on(self, name: str, one: object) -> Any:  # noqa: ANN401  it stands for whatever it is put around
        """Return something that behaves as *one* does and is counted under *name*."""
        return _Clocked(one, name, self)

    def counted(self, name: str, call: Callable[[], object]) -> object:
        """Return what a call returns; of what it takes, the calls within it that are counted apart are no part."""
        start, inside = process_time(), sum(self.seconds.values())
        try:
            return call()
        finally:
            self.seconds[name] += process_time() - start - (sum(self.seconds.values()) - inside)
            self.calls[name] += 1

    def shares(self) -> Mapping[str, float]:
        """Return the seconds by name."""
        return dict(self.seconds)


class _Clocked:
    def __init__(self, one: object, name: str, clock: Clock) -> None:
        self._one, self._name, self._clock = one, name, clock

    def __getattr__(self, attribute: str) -> object:
        found = getattr(self._one, attribute)
        if not callable(found):
            return found

        def call(*args: object, **kwargs: object) -> object:
            told = self._clock.counted(self._name, lambda: found(*args, **kwargs))
            return self._each(told) if isinstance(told, Iterator) else told

        return call

    def _each(self, many: Iterator[object]) -> Iterator[object]:
        end = object()
        while (one := self._clock.counted(self._name, lambda: next(many, end))) is not end:
            yield one
