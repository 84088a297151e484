"""The parser in a process of its own: asked one workbook at a time, ended when it takes too long."""

import os
import select
import struct
import subprocess
import sys
import threading
from time import monotonic
from typing import IO

from phaseout.adapters.workbook_reader.limits import Limits

LARGEST_ANSWER = 64 << 20
_CHILD = "phaseout.adapters.workbook_reader.child"
_LENGTH = 4
_CHUNK = 1 << 20


class ParserDied(Exception):
    """The process ended, or was ended, before it answered."""


class ParserProcess:
    """One process for many workbooks, started when it is needed; threads take turns."""

    def __init__(self, *, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, content: bytes) -> bytes:
        """Return what the parser answers.

        Raises:
            ParserDied: the content killed it, or it took longer than the limit.
        """
        with self._lock:
            child = self._living()
            try:
                return _exchange(child, content, until=monotonic() + self._limits.seconds)
            except (OSError, ParserDied) as error:
                self._end(child)
                raise ParserDied from error

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._child is not None:
                self._end(self._child)

    @property
    def pid(self) -> int | None:
        """The id of the process, if it runs."""
        return self._child.pid if self._child is not None else None

    def _living(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            # A plain start, not multiprocessing: that would import the parent's main module again.
            # The environment is bare: the process that opens strangers' files knows no password.
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-m", _CHILD, self._limits.as_json()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                bufsize=0,
            )
            for pipe in (self._child.stdin, self._child.stdout):
                os.set_blocking(_number(pipe), False)
        return self._child

    def _end(self, child: "subprocess.Popen[bytes]") -> None:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        self._child = None


def _number(pipe: IO[bytes] | None) -> int:
    assert pipe is not None  # noqa: S101 - it was asked for
    return pipe.fileno()


def _exchange(child: "subprocess.Popen[bytes]", content: bytes, *, until: float) -> bytes:
    _write(_number(child.stdin), struct.pack(">I", len(content)) + content, until=until)
    answers = _number(child.stdout)
    length = struct.unpack(">I", _read(answers, _LENGTH, until=until))[0]
    if length > LARGEST_ANSWER:
        raise ParserDied
    return _read(answers, length, until=until)


def _write(pipe: int, content: bytes, *, until: float) -> None:
    rest = memoryview(content)
    while rest:
        _wait(pipe, select.POLLOUT, until=until)
        rest = rest[os.write(pipe, rest) :]


def _read(pipe: int, length: int, *, until: float) -> bytes:
    parts: list[bytes] = []
    while length > 0:
        _wait(pipe, select.POLLIN, until=until)
        part = os.read(pipe, min(length, _CHUNK))
        if not part:
            raise ParserDied
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _wait(pipe: int, event: int, *, until: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, until - monotonic()) * 1000):
        raise ParserDied
