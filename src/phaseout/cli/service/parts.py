"""One part of the service, kept up: started, asked whether it answers, started again when it ended or fell silent."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from phaseout.cli.processes import start, stop
from phaseout.cli.service.logs import last_words
from phaseout.cli.service.patience import FAILURES, WHEN_FAILING, WITHIN, Patience
from phaseout.errors import TransientError

ASK_EVERY = 10.0


class Being(StrEnum):
    """How a part is."""

    WAITING = "waiting"
    PREPARING = "preparing"
    STARTING = "starting"
    UP = "up"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done once before a part is started for the first time."""

    words: str
    command: Callable[[], Sequence[str]]  # empty if it was quickly done


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A program that is to stay up."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    answers: Callable[[datetime], bool]  # says whether the program that was started then does its work
    cwd: Path | None = None
    is_possible: Callable[[], bool] = lambda: True  # what it needs is there
    needs: str = ""
    steps: Sequence[Step] = ()
    before: Callable[[], None] = lambda: None  # each time before it is started
    after: Callable[[], None] = lambda: None  # when it was stopped for good
    starts_within: float = 300.0  # a weak machine, or a database that is brought up to a new version
    may_be_silent: float = 180.0


@dataclass(slots=True)
class Kept:
    """A part and what became of it."""

    part: Part
    tell: Callable[[str], None]
    clock: Callable[[], datetime]
    being: Being = Being.WAITING
    since: datetime | None = None
    note: str = ""
    starts: int = 0
    was_up: bool = False
    patience: Patience = field(default_factory=Patience)
    process: "subprocess.Popen[str] | None" = None
    _steps_done: int = 0
    _started: datetime | None = None
    _next: float = 0.0  # when to look again
    _heard: float = 0.0  # when it answered last

    @property
    def restarts(self) -> int:
        """How often it was started again."""
        return max(0, self.starts - 1)

    @property
    def is_up(self) -> bool:
        """Whether it does its work."""
        return self.being is Being.UP

    @property
    def can_never_be(self) -> bool:
        """Whether it failed as often as we try, and was never up."""
        return self.patience.is_exhausted and not self.was_up

    def step(self, now: float) -> None:
        """Do what is next; *now* is a monotonic clock's."""
        match self.being:
            case Being.WAITING | Being.FAILING:
                self._wait(now)
            case Being.PREPARING:
                self._prepare(now)
            case Being.STARTING | Being.UP:
                self._watch(now)

    def end(self) -> None:
        """Stop it, politely."""
        if self.process is not None:
            stop(self.process)
            self.process = None
            with suppress(TransientError):  # what it needs may have gone before it
                self.part.after()
        self._is(Being.WAITING, "stopped")

    def _wait(self, now: float) -> None:
        if now < self._next or not self._is_possible(now):
            return
        try:
            if self._steps_done < len(self.part.steps):
                self._begin_step()
            else:
                self._start(now)
        except TransientError as error:  # of the server that it needs; it will be back
            self._next = now + ASK_EVERY
            self._is(Being.WAITING, str(error))

    def _is_possible(self, now: float) -> bool:
        if self.part.is_possible():
            return True
        self._next = now + 1
        if self.note != self.part.needs:
            self.note = self.part.needs
            self.tell(f"{self.part.name} {self.note}")
        return False

    def _begin_step(self) -> None:
        step = self.part.steps[self._steps_done]
        self._is(Being.PREPARING, step.words)
        self.tell(f"{step.words} …")
        command = step.command()
        if command:
            self.process = start(command, env=self.part.env, log=self._steps_log, cwd=self.part.cwd)
        else:
            self._step_is_done()

    def _prepare(self, now: float) -> None:
        code = self._code()
        if code is None:
            return
        self.process = None
        if code != 0:
            words = self.part.steps[self._steps_done].words
            self._failed(f"{words} failed: {last_words(self._steps_log)}", log=self._steps_log, now=now)
            return
        self._step_is_done()
        self._wait(now)

    def _step_is_done(self) -> None:
        self._steps_done += 1
        self._is(Being.WAITING, "")

    def _start(self, now: float) -> None:
        self.part.before()
        self._started, self._heard, self._next = self.clock(), now, now
        self.starts += 1
        self.process = start(self.part.command, env=self.part.env, log=self.part.log, cwd=self.part.cwd)
        self._is(Being.STARTING, "")

    def _watch(self, now: float) -> None:
        code = self._code()
        if code is not None:
            self.process = None
            self._failed(f"ended ({_how(code)})", log=self.part.log, now=now)
        elif now >= self._next:
            self._ask(now)

    def _ask(self, now: float) -> None:
        assert self._started is not None  # noqa: S101  it runs
        if self.part.answers(self._started):
            self._heard, self._next = now, now + ASK_EVERY
            if not self.is_up:
                self._is(Being.UP, "")
                self.tell(f"{self.part.name} is up{' again' if self.was_up else ''}")
                self.was_up = True
            return
        bound = self.part.may_be_silent if self.is_up else self.part.starts_within
        if now - self._heard > bound:
            self._kill()
            self._failed(f"did not answer for {bound:.0f} s", log=self.part.log, now=now)

    def _failed(self, words: str, *, log: Path, now: float) -> None:
        wait = self.patience.failed(now)
        self._next = now + wait
        if self.patience.is_exhausted:
            self._is(Being.FAILING, words)
            self.tell(
                f"{self.part.name} cannot be kept up: {words}; {FAILURES} failures within {WITHIN / 60:.0f} minutes. "
                f"Its log is {log}. It is tried again every {WHEN_FAILING / 60:.0f} minutes"
            )
        else:
            self._is(Being.WAITING, words)
            self.tell(f"{self.part.name} {words}; started again in {wait:.0f} s. Its log is {log}")

    def _kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self._code()
            self.process.wait()
            self.process = None

    def _code(self) -> int | None:
        """Return how the process ended, if it did; what it left in its own group ends with it."""
        process = self.process
        assert process is not None  # noqa: S101  asked of a part that runs
        if process.returncode is None:
            # Looked at before it is reaped: until then its number, which is its group's, belongs to nobody else.
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
                return None
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        return process.wait()

    @property
    def logs(self) -> Sequence[Path]:
        """All that it writes."""
        return (self.part.log, self._steps_log) if self.part.steps else (self.part.log,)

    @property
    def _steps_log(self) -> Path:
        return self.part.log.with_name("deploy.log")

    def _is(self, being: Being, note: str) -> None:
        self.being, self.note, self.since = being, note, self.clock()


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"by {signal.Signals(-code).name}"
