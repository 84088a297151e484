"""Reads a sender's workbook (工作簿) without trusting it: the parser runs in a limited process of its own."""

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson

from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.adapters.workbook_reader.pool import ParserPool
from phaseout.domain.submission import Cell, Sheet, Unreadable, Workbook
from phaseout.ports import WorkbookReader

_MADE: Mapping[str, Callable[[Any], Cell]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


class LimitedWorkbookReader(WorkbookReader):
    """Parser processes for many workbooks; one is started anew when a file has killed it or took too long.

    *children* of them read at once what is read ahead.
    """

    def __init__(self, limits: Limits = Limits(), *, children: int = 1) -> None:  # noqa: B008 - a value that never changes
        self._parsers = ParserPool(limits=limits, most=children)

    def read(self, content: bytes) -> Workbook:
        """Return the cells; two deaths of the parser are the file's fault."""
        return _workbook(self._parsers.ask(content))

    def read_ahead(self, contents: Iterable[bytes]) -> Generator[Workbook | Unreadable, None, None]:
        """Yield the cells of each content, or why it is refused; the parsers work while the caller does."""
        return self._parsers.ask_ahead(contents, _read)

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes that run."""
        return tuple(process.pid for process in self._parsers.processes if process.pid is not None)

    def close(self) -> None:
        """End the processes."""
        self._parsers.close()


def _read(answer: bytes | None) -> Workbook | Unreadable:
    try:
        return _workbook(answer)
    except Unreadable as why:
        return why


def _workbook(told: bytes | None) -> Workbook:
    if told is None:
        raise Unreadable("parser_failed")
    answer: dict[str, Any] = _decoded(told)
    if "refused" in answer:
        raise Unreadable(answer["refused"])
    if "error" in answer:
        raise Unreadable("encrypted" if "Password" in answer["error"] else "file_damaged")
    return Workbook(sheets=tuple(_sheet(sheet) for sheet in answer["sheets"]), is_1904=answer["is_1904"])


def _decoded(told: bytes) -> Any:  # noqa: ANN401 - what JSON holds
    try:
        return orjson.loads(told)
    except orjson.JSONDecodeError:  # NaN and halves of characters, which the child tells as it finds them
        return json.loads(told)


def _sheet(sheet: dict[str, Any]) -> Sheet:
    rows = sheet["rows"]
    for row, column, kind, value in sheet["typed"]:
        rows[row][column] = _MADE[kind](value)
    return Sheet(
        name=sheet["name"],
        is_hidden=sheet["is_hidden"],
        rows=tuple(map(tuple, rows)),
        merged=tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
        error_cells=frozenset(sheet["errors"]),
        uncached_cells=frozenset(sheet["uncached"]),
        hidden_rows=frozenset(sheet["hidden"]),
    )
