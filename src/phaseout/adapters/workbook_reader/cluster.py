"""Reads workbooks on a cluster (集群读取): each of its processes has a limited parser of its own, as this one has.

They take the bytes from the archive, which they share with us. A cluster only ever says what stands in a workbook: what
it cannot read, for whatever reason, is read here, so that no sender is refused because of a cluster's trouble.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from typing import Any, Protocol

from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.domain.submission import Unreadable, Workbook
from phaseout.errors import OperatorError
from phaseout.ports import Archive, ArchiveDamaged, WorkbookReader

LOG = logging.getLogger(__name__)
AHEAD = 32  # workbooks in the cluster's hands at most
# Beside the reading itself: a process of the cluster may have to start, and others are before us.
PATIENCE = 60.0
MOST_FAILURES = 3  # one after the other; then it is the cluster and not the workbooks

RELEASE = version("phaseout")

_of_thread = threading.local()


class Answer(Protocol):
    """A result that is on its way; one of Dask's futures is."""

    def result(self, timeout: float) -> Workbook | None:
        """Return it, or raise what went wrong."""


class Cluster(Protocol):
    """What lets other processes work for us; a Dask client is one."""

    def submit(self, do: Callable[..., Workbook | None], /, *arguments: Any, pure: bool) -> Answer:  # noqa: ANN401
        """Let one of them do something."""


class OtherRelease(OperatorError):
    """A process of the cluster runs another release than we do, and might read otherwise."""

    def __init__(self, *, ours: str, theirs: str) -> None:
        super().__init__(f"the cluster runs release {theirs} of this program, and here it is {ours}")


class _Lost(Exception):
    """Nothing more is to be had of the cluster in this batch."""


@dataclass(slots=True)
class _Asked:
    content: bytes
    answer: Answer | None = None


class ClusterWorkbookReader(WorkbookReader):
    """Reads batches on a cluster, which *join* connects with, and single workbooks *here*."""

    def __init__(self, *, join: Callable[[], Cluster], archive: Archive, limits: Limits, here: WorkbookReader) -> None:
        self.join = join
        self._archive = archive
        self._limits = limits
        self._here = here
        self._failures = 0

    def read(self, content: bytes) -> Workbook:
        """Return the cells."""
        return self._here.read(content)

    def read_ahead(self, contents: Iterable[bytes]) -> Generator[Workbook | Unreadable, None, None]:
        """Yield the cells of each content, or why it is refused; a cluster that fails costs time and nothing else."""
        rest, waiting = iter(contents), deque[_Asked]()
        try:
            for content in rest:
                waiting.append(_Asked(content))
                self._ask(waiting[-1])
                if len(waiting) >= AHEAD:
                    yield self._first_of(waiting)
            while waiting:
                yield self._first_of(waiting)
        except _Lost as lost:
            LOG.warning("the cluster does not read (%s); workbooks are read here", lost)
            yield from self._here.read_ahead(chain([one.content for one in waiting], rest))

    def _ask(self, asked: _Asked) -> None:
        digest = sha256(asked.content).hexdigest()
        try:
            asked.answer = self.join().submit(_read_there, self._archive, digest, self._limits, RELEASE, pure=False)
        except Exception as error:
            raise _Lost(_words(error)) from error

    def _first_of(self, waiting: deque[_Asked]) -> Workbook | Unreadable:
        """Return the first of what waits; while that is not known it goes on waiting."""
        asked = waiting[0]
        workbook = self._told(asked.answer) if asked.answer is not None else None
        waiting.popleft()
        if workbook is not None:
            return workbook
        try:
            return self._here.read(asked.content)
        except Unreadable as why:
            return why

    def _told(self, answer: Answer) -> Workbook | None:
        try:
            workbook = answer.result(timeout=self._limits.seconds + PATIENCE)
        except (TimeoutError, CancelledError) as error:
            raise _Lost(_words(error)) from error
        except Exception as error:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                self._failures = 0
                raise _Lost(_words(error)) from error
            return None
        self._failures = 0
        return workbook


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _read_there(archive: Archive, digest: str, limits: Limits, release: str) -> Workbook | None:
    """Read a workbook in a process of the cluster; None where it is not to be had, or not to be read.

    Raises:
        OtherRelease: this process might read otherwise than the one that asks.
    """
    if release != RELEASE:
        raise OtherRelease(ours=release, theirs=RELEASE)
    try:
        return _reader(limits).read(archive.get(digest))
    except (ArchiveDamaged, Unreadable):
        return None


def _reader(limits: Limits) -> LimitedWorkbookReader:
    """Return the reader of this thread; its parser ends with the process."""
    readers: dict[Limits, LimitedWorkbookReader] = _of_thread.__dict__.setdefault("readers", {})
    if limits not in readers:
        readers[limits] = LimitedWorkbookReader(limits)
    return readers[limits]
