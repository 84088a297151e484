"""Remembers what the watch (运行监测) saw and told: files in `health/`, held by one process at a time."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from phaseout.adapters.health.files import overwrite, read, write
from phaseout.domain.health_news import Known, WatchState
from phaseout.ports.health import WatchBook

ROOM = 16 << 10
STATE, SHOWN, LOCK, UNSENT = "watch.json", "shown.json", "watch.lock", "unsent"


class WatchFiles(WatchBook):
    """The files of the watch in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def state(self) -> WatchState | None:
        found = read(self._folder / STATE)
        if found is None:
            return None
        try:
            return _state(found)
        except (KeyError, TypeError, ValueError):
            return None

    def remember(self, state: WatchState) -> None:
        try:
            write(self._folder / STATE, asdict(state), is_lasting=True, padded_to=ROOM)
        except OSError:
            # On a full disk a file's own blocks can still be written: what was told must not be told every hour.
            overwrite(self._folder / STATE, asdict(state))

    def show(self, facts: Mapping[str, object]) -> None:
        write(self._folder / SHOWN, facts)

    def shown(self) -> Mapping[str, object] | None:
        return read(self._folder / SHOWN)

    def keep_unsent(self, name: str, raw: bytes) -> None:
        self.drop_unsent()
        folder = self._folder / UNSENT
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{name}.part"
        part.write_bytes(raw)
        part.replace(folder / name)

    def drop_unsent(self) -> None:
        for path in (self._folder / UNSENT).glob("*"):
            path.unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(handle)


def _state(found: dict[str, Any]) -> WatchState:
    return WatchState(
        started_at=datetime.fromisoformat(found["started_at"]),
        looked_at=datetime.fromisoformat(found["looked_at"]),
        known=tuple(
            Known(
                str(one["key"]),
                datetime.fromisoformat(one["since"]),
                datetime.fromisoformat(one["seen_at"]),
                _instant(one["told_at"]),
                str(one["title"]),
            )
            for one in found["known"]
        ),
        told_at=_instant(found["told_at"]),
        letters=int(found["letters"]),
        number=int(found["number"]),
        tried_at=_instant(found["tried_at"]),
        campaign=found["campaign"],
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
