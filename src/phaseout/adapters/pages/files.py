"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from phaseout.errors import OperatorError

PART = ".part"
MANY = 100  # files
READABLE_BY_ALL = 0o644  # what is published is read by others; mkstemp would keep it to us


class PageOutside(OperatorError):
    """The name of a page leads out of the folder for published files."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(f"{name!r} is not a name for a page: it leads out of the folder for published files")


def inside(folder: Path, name: str) -> Path:
    """Return the path of *name* below *folder*.

    Raises:
        PageOutside: the name leads elsewhere.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise PageOutside(name=name)
    return path


def write_whole(path: Path, content: bytes) -> Path:
    """Put *content* at *path* in one step: a reader sees the old file or the new one."""
    part = write_beside(path, content)
    try:
        settle([part])
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync(path.parent)  # the new name is on the disk only when the folder is
    return path


def write_beside(path: Path, content: bytes) -> Path:
    """Write what is to take the place of *path* under a hidden name beside it; `settle` lets it be on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=PART)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), READABLE_BY_ALL)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def settle(parts: Sequence[Path]) -> None:
    """Let files be on the disk: each by itself, or many at once by the system, which orders its writing."""
    if len(parts) > MANY:
        os.sync()
        return
    for part in parts:
        sync(part)


def sync(path: Path) -> None:
    """Let a file, or the names in a folder, be on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
