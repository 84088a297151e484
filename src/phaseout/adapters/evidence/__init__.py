"""Looks at a stranger's pictures (影像) without trusting them: a limited process of its own opens them."""

import json
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from phaseout.domain.calendar import CHINA
from phaseout.domain.evidence import Picture, PictureFault
from phaseout.ports import PictureReader

_CHILD = "phaseout.adapters.evidence.child"
_AT_ONCE = 64 << 20  # octets handed over together
_LENGTH = 4
# One thread: the numerical libraries would set memory aside for each processor.
_BARE = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class LimitedPictureReader(PictureReader):
    """A process for each run of pictures; one that is ended by a picture is started anew for those behind it."""

    def __init__(self, *, limit_s: float = 10) -> None:
        self._limit_s = limit_s

    def look(self, contents: Sequence[bytes]) -> list[Picture]:
        """Return what each picture says of itself; the same bytes are looked at once."""
        distinct = {sha256(content).digest(): content for content in contents}
        seen = dict(zip(distinct, self._all(list(distinct.values())), strict=True))
        return [seen[sha256(content).digest()] for content in contents]

    def _all(self, contents: Sequence[bytes]) -> list[Picture]:
        return [picture for run in _runs(contents) for picture in self._run(run)]

    def _run(self, contents: Sequence[bytes]) -> list[Picture]:
        pictures: list[Picture] = []
        while len(pictures) < len(contents):
            pictures += self._answers(contents[len(pictures) :])
            if len(pictures) < len(contents):
                pictures.append(Picture(fault=PictureFault.GAVE_NO_ANSWER))  # this one ended it
        return pictures

    def _answers(self, contents: Sequence[bytes]) -> list[Picture]:
        """Return the answers to the first of some pictures: to all of them, unless one ends the process."""
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-m", _CHILD, str(self._limit_s)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Bare: the process that opens strangers' files knows no password.
            env=_BARE,
        )
        asked = b"".join(struct.pack(">I", len(content)) + content for content in contents)
        try:
            told, _ = child.communicate(asked, timeout=self._limit_s * (len(contents) + 1))
        except subprocess.TimeoutExpired:  # it ends itself at a picture that takes too long; this is for the worst
            child.kill()
            told, _ = child.communicate()
        return [_picture(answer) for answer in _framed(told)][: len(contents)]


def _runs(contents: Sequence[bytes]) -> Iterator[list[bytes]]:
    run: list[bytes] = []
    for content in contents:
        if run and sum(map(len, run)) + len(content) > _AT_ONCE:
            yield run
            run = []
        run.append(content)
    if run:
        yield run


def _framed(told: bytes) -> Iterator[dict[str, Any]]:
    at = 0
    while len(told) >= at + _LENGTH:
        length = struct.unpack_from(">I", told, at)[0]
        answer = told[at + _LENGTH : at + _LENGTH + length]
        if len(answer) < length:
            return
        yield json.loads(answer)
        at += _LENGTH + length


def _picture(answer: dict[str, Any]) -> Picture:
    if "fault" in answer:
        return Picture(answer.get("width"), answer.get("height"), fault=PictureFault(answer["fault"]))
    return Picture(answer["width"], answer["height"], _instant(answer["captured_at"]), answer["look"])


def _instant(text: str | None) -> datetime | None:
    """Return when a picture was taken; a camera's clock without a zone shows China's time."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError):  # a clock that was never set may show the year 1, which began earlier here
        return None
