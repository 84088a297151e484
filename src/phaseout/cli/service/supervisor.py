"""Keeps the parts up until interrupted, and does beside them what a quiet hour needs."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from phaseout.cli.service.chores import Chore
from phaseout.cli.service.logs import bound_log
from phaseout.cli.service.parts import Being, Kept
from phaseout.errors import TransientError

TICK = 0.25
ENDS_US = (signal.SIGINT, signal.SIGTERM)
BOUND_LOGS_EVERY = 60.0


class CannotServe(TransientError):
    """Nothing of what was to be served can be kept up."""

    def __init__(self, *, parts: Sequence[Kept]) -> None:
        words = "; ".join(f"the {kept.part.name} {kept.note}, its log is {kept.part.log}" for kept in parts)
        super().__init__(f"serving is given up: {words}")


@dataclass(slots=True)
class Supervisor:
    """The parts, the chores, and what is shown of them."""

    parts: Sequence[Kept]
    chores: Sequence[Chore]
    when_up: Callable[[], None]
    show: Callable[[float], None]
    _is_told: bool = False
    _logs_bound: float = field(default=0.0)

    def run(self) -> None:
        """Keep everything up.

        Raises:
            CannotServe: a part was never up and fails, or all of them do.
        """
        try:
            while True:
                self.step(time.monotonic())
                time.sleep(TICK)
        finally:
            for stops in ENDS_US:  # who asks twice still gets a clean end
                signal.signal(stops, signal.SIG_IGN)
            self.end()

    def step(self, now: float) -> None:
        """Do what is next."""
        for kept in self.parts:
            kept.step(now)
        for chore in self.chores:
            chore.step(now)
        if not self._is_told and all(kept.is_up for kept in self.parts):
            self._is_told = True
            self.when_up()
        if now - self._logs_bound > BOUND_LOGS_EVERY:
            self._logs_bound = now
            for log in {log for one in (*self.parts, *self.chores) for log in one.logs}:
                bound_log(log)
        self.show(now)
        self._give_up_if_hopeless()

    def end(self) -> None:
        """Stop everything: chores and worker first, the server that they ask last."""
        for chore in self.chores:
            chore.end()
        for kept in reversed(self.parts):
            kept.end()

    def _give_up_if_hopeless(self) -> None:
        never = [kept for kept in self.parts if kept.can_never_be]
        if all(kept.being is Being.FAILING for kept in self.parts):
            raise CannotServe(parts=self.parts)
        # Without its server nothing is served; whatever else fails leaves the others at work.
        if never and never[0] is self.parts[0]:
            raise CannotServe(parts=never)


@contextmanager
def until_interrupted(say: Callable[[str], None]) -> Iterator[None]:
    """End quietly on Ctrl-C, and on the SIGTERM with which a service manager stops us."""
    for stops in ENDS_US:  # also where a shell's `&` let us ignore Ctrl-C
        signal.signal(stops, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        say("stopped.")
