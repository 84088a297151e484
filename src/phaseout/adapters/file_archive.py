"""The archive (原件库) as files: `ab/cd/<sha256>`, written once and on the disk before anybody is told."""

import os
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from phaseout.ports import Archive, ArchiveDamaged

INCOMING = ".incoming"
HASH = re.compile(r"[0-9a-f]{64}")


class FileArchive(Archive):
    """An archive in a folder; many processes may write to it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        """Keep *content* for good and return its SHA-256. On return it is on the disk."""
        digest = _digest(content)
        path = self._path(digest)
        # A copy that has rotted is replaced while we hold the good bytes.
        if not _holds(path, content):
            _make_folder(path.parent)
            self._write(path, content)
        # Also when it was there: who renamed it may not have come to this line yet.
        _sync_folder(path.parent)
        return digest

    def get(self, sha256: str) -> bytes:
        """Return the content of a hash.

        Raises:
            ArchiveDamaged: it is missing or no longer what it was.
        """
        try:
            content = self._path(sha256).read_bytes() if HASH.fullmatch(sha256) else None
        except FileNotFoundError:
            content = None
        if content is None:
            raise ArchiveDamaged(sha256=sha256, reason="it is not there")
        if _digest(content) != sha256:
            raise ArchiveDamaged(sha256=sha256, reason="its bytes have changed")
        return content

    def hashes(self) -> Iterable[str]:
        """Yield the hash of everything that is kept, in any order; nothing is read for it."""
        for path in self._root.glob("??/??/*"):
            if HASH.fullmatch(path.name):
                yield path.name

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest[2:4] / digest

    def _write(self, path: Path, content: bytes) -> None:
        incoming = self._root / INCOMING
        incoming.mkdir(exist_ok=True)
        handle, name = mkstemp(dir=incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def _make_folder(folder: Path) -> None:
    """Make a folder with its parents so that their names are on the disk too."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
