"""The inbox folders (收件目录): `inbox/<unit-code>/`, where a file put there is a delivery.

One that was put beside those folders is a delivery too, of no unit yet.
"""

import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from phaseout.domain.submission import Arrival, Channel
from phaseout.ports import Intake

TAKEN = "已收"
_UNFINISHED = (".part", ".tmp", ".crdownload")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file as one look at the folder saw it."""

    path: Path
    unit: str | None
    size: int
    mtime_ns: int

    @property
    def file_name(self) -> str:
        # A name written by an old Windows share may be GBK; what cannot be told apart is at least readable.
        raw = os.fsencode(self.path.name)
        for charset in ("utf-8", "gb18030"):
            try:
                return raw.decode(charset)
            except UnicodeDecodeError:
                continue
        return raw.decode("utf-8", "backslashreplace")

    @property
    def ref(self) -> str:
        """The name that the ledger knows it by: the same name with other content is another delivery."""
        name = os.fsencode(self.path.name).decode("utf-8", "backslashreplace")
        return f"{self.unit or ''}/{name}#{self.size}#{self.mtime_ns}"

    def is_at(self, place: Path) -> bool:
        """Say whether this file lies at a place, and not a later one of the same name."""
        seen = place.stat(follow_symlinks=False)
        return (seen.st_size, seen.st_mtime_ns) == (self.size, self.mtime_ns)


class InboxFolder(Intake):
    """Takes the files that lie still; a file that still grows is left for the next pass."""

    channel = Channel.FOLDER

    def __init__(self, path: Path, *, settle_seconds: float = 0.2) -> None:
        self._path = path
        self._settle_seconds = settle_seconds

    def waiting(self) -> Sequence[Arrival]:
        """Return the files whose size and time stood still over two looks, oldest first."""
        first = set(self._look())
        if not first:
            return ()
        time.sleep(self._settle_seconds)  # once a pass, however many files there are
        still = first & set(self._look())
        return tuple(
            Arrival(ref=file.ref, arrived_at=None, unit=file.unit, file_name=file.file_name)
            for file in sorted(still, key=lambda file: (file.mtime_ns, file.ref))
        )

    def read(self, ref: str) -> bytes | None:
        """Return the bytes of a file; None when it is gone or has changed meanwhile."""
        file = self._find(ref)
        if file is None:
            return None
        try:
            descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        with os.fdopen(descriptor, "rb") as stream:
            content = stream.read()
            after = os.fstat(stream.fileno())
        unchanged = (len(content), after.st_size, after.st_mtime_ns) == (file.size, file.size, file.mtime_ns)
        return content if unchanged else None

    def archived(self, ref: str) -> None:
        """Move the file to 已收; a file of that name there stays, and this one gets a number."""
        file = self._find(ref)
        if file is None:
            return
        folder = file.path.parent / TAKEN
        folder.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another collector was at it too, and has moved it away
            for number in count(1):
                name = file.path.name if number == 1 else f"{file.path.stem}({number}){file.path.suffix}"
                if _moved(file, folder / name):
                    return

    def _find(self, ref: str) -> _Waiting | None:
        unit, _, _ = ref.partition("/")
        return next((file for file in self._look_in(unit or None) if file.ref == ref), None)

    def _look(self) -> Iterator[_Waiting]:
        yield from self._look_in(None)
        for folder in _scan(self._path):
            if folder.is_dir(follow_symlinks=False) and folder.name != TAKEN:
                yield from self._look_in(folder.name)

    def _look_in(self, unit: str | None) -> Iterator[_Waiting]:
        """Yield the files of a unit's folder; without a unit, those that lie beside the folders."""
        for entry in _scan(self._path / unit if unit else self._path):
            try:
                seen = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(seen.st_mode) and seen.st_size and not _is_unfinished(entry.name):
                yield _Waiting(Path(entry.path), unit, seen.st_size, seen.st_mtime_ns)


def _moved(file: _Waiting, target: Path) -> bool:
    """Move a file unless the name is taken.

    Raises:
        FileNotFoundError: another collector has moved it.
    """
    source = file.path
    try:
        os.link(source, target)  # unlike a rename, a link never replaces what is there
    except FileExistsError:
        if not source.samefile(target):
            return False
        # The same file: a pass that died was moving it, or another collector is.
    except FileNotFoundError:
        raise
    except OSError:  # a file system without hard links, such as a Windows share
        if target.exists():
            return False
        source.rename(target)
        return True
    if not file.is_at(target):  # a new file of this name, put there since ours was moved: it waits for its turn
        target.unlink(missing_ok=True)
        return True
    if source.samefile(target):
        source.unlink(missing_ok=True)
    return True


def _scan(folder: Path | str) -> Sequence[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]
    except FileNotFoundError:
        return ()


def _is_unfinished(name: str) -> bool:
    return name.startswith("~$") or name.lower().endswith(_UNFINISHED)
