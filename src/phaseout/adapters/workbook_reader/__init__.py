"""Reads a sender's workbook (工作簿) without trusting it: the parser runs in a limited process of its own."""

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from phaseout.domain.submission import Cell, Sheet, Unreadable, Workbook
from phaseout.ports import WorkbookReader

_CHILD = "phaseout.adapters.workbook_reader.child"
_LARGEST_ANSWER = 64 << 20
_ATTEMPTS = 2
_LENGTH = 4
_MADE: Mapping[str, Callable[[Any], Cell]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


class _ChildDied(Exception):
    """The parser process ended, or was ended, before it answered."""


class LimitedWorkbookReader(WorkbookReader):
    """One parser process for many workbooks; it is started anew when a file has killed it or took too long."""

    def __init__(self, *, limit_s: float = 10) -> None:
        self._limit_s = limit_s
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, content: bytes) -> Workbook:
        """Return the cells; two deaths of the parser are the file's fault."""
        with self._lock:
            for _ in range(_ATTEMPTS):
                try:
                    return _workbook(self._ask(content))
                except _ChildDied:
                    continue
        raise Unreadable("parser_failed")

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._child is not None:
                self._end(self._child)

    def _ask(self, content: bytes) -> dict[str, Any]:
        child = self._living()
        watch = threading.Timer(self._limit_s, child.kill)
        watch.daemon = True
        watch.start()
        try:
            return _exchange(child, content)
        except (OSError, _ChildDied) as error:
            self._end(child)
            raise _ChildDied from error
        finally:
            watch.cancel()

    def _living(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            # A plain start, not multiprocessing: that would import the parent's main module again.
            # The environment is bare: the process that opens strangers' files knows no password.
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-m", _CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
            )
        return self._child

    def _end(self, child: "subprocess.Popen[bytes]") -> None:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _close(pipe)
        self._child = None


def _close(pipe: Any) -> None:  # noqa: ANN401 - a pipe of either direction
    try:
        pipe.close()
    except BrokenPipeError:  # what was not written when the process died
        return


def _exchange(child: "subprocess.Popen[bytes]", content: bytes) -> dict[str, Any]:
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - both were asked for
    child.stdin.write(struct.pack(">I", len(content)) + content)
    child.stdin.flush()
    head = child.stdout.read(_LENGTH)
    if len(head) < _LENGTH or (length := struct.unpack(">I", head)[0]) > _LARGEST_ANSWER:
        raise _ChildDied
    body = child.stdout.read(length)
    if len(body) < length:
        raise _ChildDied
    answer: dict[str, Any] = json.loads(body)
    return answer


def _workbook(answer: dict[str, Any]) -> Workbook:
    if "refused" in answer:
        raise Unreadable(answer["refused"])
    if "error" in answer:
        raise Unreadable("encrypted" if "Password" in answer["error"] else "file_damaged")
    return Workbook(sheets=tuple(_sheet(sheet) for sheet in answer["sheets"]))


def _sheet(sheet: dict[str, Any]) -> Sheet:
    return Sheet(
        name=sheet["name"],
        is_hidden=sheet["is_hidden"],
        rows=tuple(tuple(map(_cell, row)) for row in sheet["rows"]),
        merged=tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
        error_cells=frozenset(sheet["errors"]),
        uncached_cells=frozenset(sheet["uncached"]),
    )


def _cell(cell: Any) -> Cell:  # noqa: ANN401 - what JSON holds
    if isinstance(cell, dict):
        kind, value = next(iter(cell.items()))
        return _MADE[kind](value)
    made: Cell = cell
    return made
