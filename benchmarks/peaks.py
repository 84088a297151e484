"""The most memory that processes hold (内存峰值), asked of the kernel while they live.

The figure of an ended child (`ru_maxrss`) is no use here: it starts with what its parent held when it was made.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOOK_EVERY_S = 0.2
PROC = Path("/proc")


class Peaks:
    """The highest resident memory of a process and of its descendants, in MiB."""

    def __init__(self, pid: int) -> None:
        self.own = 0
        self.highest_descendant = 0
        self.together = 0  # of all, at one look: pages that two share count twice
        self._pid = pid

    def look(self) -> None:
        """Ask once."""
        family = [self._pid, *_descendants(self._pid)]
        highest, now = zip(*(_memory(pid) for pid in family), strict=True)
        self.own = max(self.own, highest[0])
        self.highest_descendant = max(self.highest_descendant, *highest[1:], 0)
        self.together = max(self.together, sum(now))


@contextmanager
def peaks_of(pid: int) -> Iterator[Peaks]:
    """Look at a process and its descendants again and again until the block ends."""
    peaks, is_over = Peaks(pid), threading.Event()

    def look() -> None:
        while not is_over.wait(LOOK_EVERY_S):
            peaks.look()

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    try:
        yield peaks
    finally:
        peaks.look()
        is_over.set()
        looker.join()


def peak_mib(pid: int | None = None) -> int:
    """Return the most memory that a living process held so far, this one if none is named; 0 for one that ended."""
    return _memory(os.getpid() if pid is None else pid)[0]


def forget_peak() -> None:
    """Let the peak of this process start anew from what it holds now."""
    (PROC / "self" / "clear_refs").write_text("5")


def _memory(pid: int) -> tuple[int, int]:
    with suppress(OSError):
        lines = dict(
            line.split(":", 1) for line in (PROC / str(pid) / "status").read_text().splitlines() if ":" in line
        )
        return tuple(int(lines.get(name, "0").split()[0]) >> 10 for name in ("VmHWM", "VmRSS"))  # type: ignore[return-value]  # two names
    return 0, 0


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for path in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            words = path.read_text().rpartition(")")[2].split()
            children.setdefault(int(words[1]), []).append(int(path.parent.name))
    found, waiting = [], [pid]
    while waiting:
        own = children.get(waiting.pop(), [])
        found += own
        waiting += own
    return found
