"""Several parser processes that read at once; each has one workbook at a time."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import LifoQueue
from typing import TypeVar

from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.adapters.workbook_reader.process import ParserDied, ParserProcess

_ATTEMPTS = 2
_AHEAD = 2  # workbooks that wait for each process while the ones before them are worked on

_T = TypeVar("_T")


class ParserPool:
    """So many processes, each started when it is needed: who asks for one workbook at a time has one."""

    def __init__(self, *, limits: Limits, most: int) -> None:
        self.processes = tuple(ParserProcess(limits=limits) for _ in range(most))
        self._idle: LifoQueue[ParserProcess] = LifoQueue()  # the one that worked last works next
        for process in reversed(self.processes):
            self._idle.put(process)

    def ask(self, content: bytes) -> bytes | None:
        """Return what a parser answers; None if the content has killed it twice."""
        process = self._idle.get()
        try:
            for _ in range(_ATTEMPTS):
                try:
                    return process.ask(content)
                except ParserDied:
                    continue
            return None
        finally:
            self._idle.put(process)

    def ask_ahead(self, contents: Iterable[bytes], made: Callable[[bytes | None], _T]) -> Generator[_T, None, None]:
        """Yield what is made of each answer, in the order of the contents; parsers work while the caller does."""
        most = len(self.processes)
        with ThreadPoolExecutor(max_workers=most) as asking:
            waiting: deque[Future[bytes | None]] = deque()
            for content in contents:
                waiting.append(asking.submit(self.ask, content))
                if len(waiting) > _AHEAD * most:
                    yield made(waiting.popleft().result())
            while waiting:
                yield made(waiting.popleft().result())

    def close(self) -> None:
        """End the processes."""
        for process in self.processes:
            process.close()
