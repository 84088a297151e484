"""What the machine says of itself: room on its disks, services that answer, packages that are installed."""

import shutil
import socket
import stat
import tempfile
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from threading import Thread

from packaging.requirements import Requirement

from phaseout.domain.health import Answer, Space

CONNECT_SECONDS = 3.0
# With other versions of these Prefect fails, partly without a word.
PINNED = frozenset({"prefect", "fastapi", "sqlalchemy", "duckdb", "great-expectations"})


def spaces_of(home: Path, *, local: Path) -> Sequence[Space]:
    """Return what is free for the home, and for the machine's own and temporary files if they lie elsewhere."""
    places = {"home": home, "local": local, "temp": Path(tempfile.gettempdir())}
    by_disk: dict[int, Space] = {}
    for place, path in places.items():
        standing = next(folder for folder in (path, *path.parents) if folder.exists())
        by_disk.setdefault(standing.stat().st_dev, Space(place, shutil.disk_usage(standing).free))
    return list(by_disk.values())


def reach(host: str, port: int, *, seconds: float = CONNECT_SECONDS) -> Answer:
    """Say whether somebody listens there; not a word is exchanged."""
    answers: list[Answer] = []

    def connect() -> None:
        try:
            with socket.create_connection((host, port), timeout=seconds):
                answers.append(Answer.WELL)
        except OSError:
            answers.append(Answer.AWAY)

    # A name server that is silent holds up longer than any time limit of a socket.
    line = Thread(target=connect, daemon=True)
    line.start()
    line.join(seconds)
    return answers[0] if answers else Answer.AWAY


def is_open_to_others(path: Path) -> bool:
    """Say whether other users of the machine may read a file."""
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except FileNotFoundError:
        return False


def missing_of(paths: Iterable[Path]) -> int:
    """Return how many of these files are not there, or are empty."""
    return sum(not _holds_something(path) for path in paths)


def _holds_something(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def broken_pins(asked: Iterable[str] | None = None) -> Sequence[str]:
    """Return the pinned packages that are not installed as this project asks for them."""
    wanted = [Requirement(one) for one in (metadata.requires("phaseout") or () if asked is None else asked)]
    return [found for one in wanted if one.name in PINNED and (found := _breach(one))]


def _breach(one: Requirement) -> str | None:
    try:
        installed = metadata.version(one.name)
    except metadata.PackageNotFoundError:
        return f"{one.name} is missing"
    return None if one.specifier.contains(installed, prereleases=True) else f"{one.name} {installed}"
