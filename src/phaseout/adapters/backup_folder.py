"""A folder of backups (备份): one archive for all, and a folder for each backup, which appears by a rename."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from phaseout.domain.backup import Backup
from phaseout.ports import Archive, BackupDamaged, BackupStore, NoBackup

SCRATCH = ".incoming"
MANIFEST = "manifest.json"
CHUNK = 1 << 20
PRIVATE = 0o700


class BackupFolder(BackupStore):
    """Backups on a disk; the archive in it is a file archive of its own."""

    def __init__(self, root: Path, *, archive: Archive) -> None:
        self._root = root
        self._kept = root / "backups"
        self._incoming = root / SCRATCH
        self.archive = archive

    @contextmanager
    def alone(self) -> Iterator[None]:
        if not self._root.is_dir():  # a restore from a disk that is not mounted must not make one
            raise NoBackup(place=str(self._root), name=None)
        with ExitStack() as holding:
            # What may only be read, as a share or a disk set to that, nobody writes to meanwhile.
            if os.access(self._root, os.W_OK):
                lock = holding.enter_context((self._root / "backup.lock").open("a"))
                fcntl.flock(lock, fcntl.LOCK_EX)
                _make_private(self._incoming)
                for left in self._incoming.iterdir():  # by a backup that was cut off; now we are alone
                    shutil.rmtree(left, ignore_errors=True)
            yield

    def names(self) -> Sequence[str]:
        return sorted(path.parent.name for path in self._kept.glob(f"*/{MANIFEST}"))

    def keep(self, backup: Backup, parts: Mapping[str, Iterable[bytes]]) -> Backup:
        for folder in (self._kept, self._incoming):
            _make_private(folder)
        fresh = Path(mkdtemp(dir=self._incoming))
        written = replace(backup, parts={name: _write(fresh / name, content) for name, content in parts.items()})
        text = json.dumps(_plain(written), ensure_ascii=False, indent=1)
        _write(fresh / MANIFEST, (text.encode(),))
        for folder in (*(path for path in fresh.rglob("*") if path.is_dir()), fresh):
            _sync(folder)
        fresh.rename(self._kept / backup.name)
        _sync(self._kept)
        return written

    def backup(self, name: str | None = None) -> Backup:
        names = self.names()
        if not names or (name is not None and name not in names):
            raise NoBackup(place=str(self._root), name=name)
        chosen = name or names[-1]
        try:
            backup = _from_plain(json.loads((self._kept / chosen / MANIFEST).read_bytes()))
        except (ValueError, TypeError, KeyError) as error:
            raise BackupDamaged(backup=chosen, what=[f"{MANIFEST} cannot be read"]) from error
        changed = [part for part, known in backup.parts.items() if self._hash(chosen, part) != known]
        if changed:
            raise BackupDamaged(backup=chosen, what=[f"{part} is missing or has changed" for part in changed])
        return backup

    def part(self, name: str, part: str) -> Iterator[bytes]:
        with (self._kept / name / part).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def drop(self, name: str) -> None:
        # The rename first: half a backup must not look like one.
        gone = self._incoming / f"{name}.old"
        (self._kept / name).rename(gone)
        shutil.rmtree(gone)

    def _hash(self, name: str, part: str) -> str | None:
        digest = sha256()
        try:
            for chunk in self.part(name, part):
                digest.update(chunk)
        except OSError:
            return None
        return digest.hexdigest()


def _write(path: Path, content: Iterable[bytes]) -> str:
    _make_private(path.parent)
    digest = sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in content:
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _make_private(folder: Path) -> None:
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(exist_ok=True, mode=PRIVATE)


def _plain(backup: Backup) -> dict[str, object]:
    return {**asdict(backup), "taken_at": backup.taken_at.isoformat()}


def _from_plain(found: dict[str, object]) -> Backup:
    known = dict(found)
    known["taken_at"] = datetime.fromisoformat(str(known["taken_at"]))
    known["damaged"] = tuple(known["damaged"])  # type: ignore[arg-type]  # what is no list is told as damage
    return Backup(**known)  # type: ignore[arg-type]  # likewise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
