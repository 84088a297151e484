"""Backups (备份) and stops of dispatch (停发) in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.domain.backup import Backup
from phaseout.domain.dispatch_stop import DispatchStop
from phaseout.ports import BackupDamaged, BackupStore, DispatchStops, NoBackup


class MemoryBackups(BackupStore):
    """Backups that last as long as the object."""

    def __init__(self) -> None:
        self.archive = MemoryArchive()
        self._backups: dict[str, Backup] = {}
        self._parts: dict[tuple[str, str], bytes] = {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else is there."""
        yield

    def names(self) -> Sequence[str]:
        """Return the names of the backups, oldest first."""
        return sorted(self._backups)

    def keep(self, backup: Backup, parts: Mapping[str, Iterable[bytes]]) -> Backup:
        """Keep a backup and return it with its parts' hashes."""
        contents = {name: b"".join(content) for name, content in parts.items()}
        self._parts |= {(backup.name, name): content for name, content in contents.items()}
        hashes = {name: sha256(content).hexdigest() for name, content in contents.items()}
        self._backups[backup.name] = replace(backup, parts=hashes)
        return self._backups[backup.name]

    def backup(self, name: str | None = None) -> Backup:
        """Return a backup, the newest if none is named.

        Raises:
            NoBackup: there is none.
            BackupDamaged: a part is missing or has changed.
        """
        chosen = name or max(self._backups, default="")
        if chosen not in self._backups:
            raise NoBackup(place="memory", name=name)
        backup = self._backups[chosen]
        if changed := [part for part, known in backup.parts.items() if self._hash(chosen, part) != known]:
            raise BackupDamaged(backup=chosen, what=changed)
        return backup

    def part(self, name: str, part: str) -> Iterator[bytes]:
        """Yield the content of a part of a backup."""
        yield self._parts[name, part]

    def drop(self, name: str) -> None:
        """Delete a backup."""
        del self._backups[name]

    def _hash(self, name: str, part: str) -> str:
        return sha256(self._parts.get((name, part), b"?")).hexdigest()


class MemoryStops(DispatchStops):
    """Stops that last as long as the object."""

    def __init__(self) -> None:
        self._stop: DispatchStop | None = None

    def stopped(self) -> DispatchStop | None:
        """Return the stop that holds, if one does."""
        return self._stop

    def stop(self, stop: DispatchStop) -> None:
        """Stop dispatch."""
        self._stop = stop

    def resume(self, going_on: DispatchStop) -> None:  # noqa: ARG002 - the port's
        """Let dispatch go on."""
        self._stop = None
