"""A folder of pages that is replaced as a whole: only what changed is made, and all of it takes its place at once."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from phaseout.adapters.pages.files import PART, inside, settle, sync, write_beside, write_whole


class Record:
    """What each page was made from, and since when that has been so; a record that was lost means: make all anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pages: dict[str, tuple[str, str]] = {}
        with suppress(OSError, ValueError, TypeError):
            self._pages = {name: (made_of, since) for name, (made_of, since) in json.loads(path.read_text()).items()}

    def since(self, page: str, made_of: str) -> datetime | None:
        """Return since when a page has been made of the same; None if it was not."""
        known, since = self._pages.get(page, ("", ""))
        return datetime.fromisoformat(since) if known == made_of else None

    def keep(self, pages: dict[str, tuple[str, datetime]]) -> None:
        """Remember these, and nothing of others."""
        self._pages = {name: (made_of, since.isoformat()) for name, (made_of, since) in sorted(pages.items())}
        write_whole(self._path, json.dumps(self._pages, indent=0).encode())


def hash_of(*parts: object) -> str:
    """Return a hash over plain values: the same values, the same hash, in any process."""
    return hashlib.sha256("\x00".join(map(repr, parts)).encode()).hexdigest()[:24]


class Replacement:
    """New files of a folder, each under a hidden name beside its place until `commit`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[Path, Path] = {}

    def put(self, name: str, content: bytes) -> None:
        """Make a file that takes its place later.

        Raises:
            PageOutside: the name leads out of the folder.
        """
        path = inside(self._folder, name)
        self._parts[path] = write_beside(path, content)

    def is_there(self, name: str, content: bytes) -> bool:
        """Say whether a file has this content already."""
        with suppress(OSError):
            return (self._folder / name).read_bytes() == content
        return False

    def hash_of(self, name: str) -> str | None:
        """Return the SHA-256 of what lies under a name; None where nothing does."""
        with suppress(OSError):
            return hashlib.sha256((self._folder / name).read_bytes()).hexdigest()
        return None

    def commit(self, *, last: str) -> None:
        """Let every file take its place, *last* after all others."""
        entry = self._folder / last
        settle([*self._parts.values()])
        folders = {path.parent for path in self._parts}
        for path in sorted(self._parts, key=lambda path: (path == entry, path)):
            self._parts[path].replace(path)
            del self._parts[path]
        for folder in folders:
            sync(folder)

    def discard(self) -> None:
        """Remove what has not taken its place."""
        for part in self._parts.values():
            part.unlink(missing_ok=True)
        self._parts.clear()


@contextmanager
def replacing(folder: Path) -> Iterator[Replacement]:
    """Lend a replacement; what was not committed in the end leaves no trace."""
    for left in folder.rglob(f".*{PART}"):  # by a process that was killed
        left.unlink(missing_ok=True)
    fresh = Replacement(folder)
    try:
        yield fresh
    finally:
        fresh.discard()


WRITTEN_BY_THE_WATCH = "health.html"


def remove_others(folder: Path, names: set[str]) -> None:
    """Remove pages of units that have left, copies of what is gone, and what an older layout kept for the office."""
    own = {*names, WRITTEN_BY_THE_WATCH}
    for path in [*folder.rglob("*.html"), *folder.glob("files/*.*"), *folder.glob("office/*.xlsx")]:
        if path.relative_to(folder).as_posix() not in own:
            path.unlink(missing_ok=True)
    with suppress(OSError):  # absent, or somebody keeps something in it
        (folder / "office").rmdir()
