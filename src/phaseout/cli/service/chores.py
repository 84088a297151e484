"""What serving does now and then in a process beside it, or in a moment of its own; a failure is said and forgotten."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from phaseout.cli.processes import start, stop
from phaseout.cli.service.logs import last_words
from phaseout.errors import PhaseoutError


class Chore(Protocol):
    """Something done again and again."""

    @property
    def logs(self) -> Sequence[Path]:
        """All that it writes."""

    def step(self, now: float) -> None:
        """Do it if it is time; *now* is a monotonic clock's."""

    def end(self) -> None:
        """Leave off."""


@dataclass(slots=True, kw_only=True)
class Program:
    """A program run now and then, and ended when it takes too long."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    every: float
    at_most: float
    tell: Callable[[str], None]
    next: float
    fine: frozenset[int] = frozenset({0})
    _process: "subprocess.Popen[str] | None" = None
    _begun: float = 0.0

    @property
    def logs(self) -> Sequence[Path]:
        """All that it writes."""
        return (self.log,)

    def step(self, now: float) -> None:
        """Start it when it is time, and see how it ended."""
        if self._process is not None:
            self._follow(self._process, now)
        elif now >= self.next:
            self.next, self._begun = now + self.every, now
            self._process = start(self.command, env=self.env, log=self.log, cwd=self.cwd)

    def _follow(self, process: "subprocess.Popen[str]", now: float) -> None:
        code = process.poll()
        if code is None and now - self._begun < self.at_most:
            return
        self.end()
        if code is None:
            self.tell(f"{self.name} took longer than {self.at_most:.0f} s and was ended; its log is {self.log}")
        elif code not in self.fine:
            self.tell(f"{self.name} ended with code {code}: {last_words(self.log)}; its log is {self.log}")

    def end(self) -> None:
        """End it."""
        if self._process is not None:
            stop(self._process)
            self._process = None


@dataclass(slots=True, kw_only=True)
class Call:
    """A short question or tidying up, asked by serving itself."""

    name: str
    do: Callable[[], object]
    every: float
    tell: Callable[[str], None]
    next: float
    logs: Sequence[Path] = ()
    _said: str = ""

    def step(self, now: float) -> None:
        """Do it when it is time; the same trouble is said once."""
        if now < self.next:
            return
        self.next = now + self.every
        try:
            self.do()
        except PhaseoutError as error:
            if str(error) != self._said:
                self.tell(f"{self.name}: {error}")
            self._said = str(error)
        else:
            self._said = ""

    def end(self) -> None:
        """Leave off: nothing runs on."""
