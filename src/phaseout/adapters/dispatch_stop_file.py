"""Remembers stops of dispatch (停发) in a file of the home: every stop and every going on, with name and reason."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from phaseout.domain.dispatch_stop import DispatchStop
from phaseout.ports import DispatchStops


class DispatchStopFile(DispatchStops):
    """A list of acts, oldest first; the last one holds."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def stopped(self) -> DispatchStop | None:
        acts = self._acts()
        if not acts or acts[-1]["act"] != "stop":
            return None
        known = acts[-1]
        since, origin = known["at"], known["restored_from"]
        return DispatchStop(
            datetime.fromisoformat(str(since)),
            str(known["by"]),
            str(known["reason"]),
            None if origin is None else datetime.fromisoformat(str(origin)),
        )

    def stop(self, stop: DispatchStop) -> None:
        self._add("stop", stop)

    def resume(self, going_on: DispatchStop) -> None:
        self._add("resume", going_on)

    def _acts(self) -> list[dict[str, object]]:
        try:
            found: list[dict[str, object]] = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return []
        return found

    def _add(self, act: str, stop: DispatchStop) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        acts = [*self._acts(), {"act": act, **asdict(stop)}]
        part = self._path.with_name(f".{self._path.name}.part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(acts, file, ensure_ascii=False, indent=1, default=str)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
