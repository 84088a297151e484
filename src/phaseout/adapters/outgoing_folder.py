"""The folder `outgoing/`: a copy of every letter as .eml, by the name that a clerk looks for."""

import os
from pathlib import Path

from phaseout.ports import Outgoing


class OutgoingFolder(Outgoing):
    """Copies lie side by side; each appears whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, name: str, raw: bytes) -> None:
        self._path.mkdir(parents=True, exist_ok=True)
        part = self._path / f".{name}.{os.uname().nodename}-{os.getpid()}.part"  # several machines may share the folder
        part.write_bytes(raw)
        os.replace(part, self._path / name)  # noqa: PTH105  the rename is the point
