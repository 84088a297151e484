"""Files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path

from phaseout.errors import OperatorError

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
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), READABLE_BY_ALL)
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return path


def _sync_folder(folder: Path) -> None:
    # The new name is on the disk only when the folder is.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
