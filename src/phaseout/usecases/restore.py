"""Restore (恢复): a home made again from a backup, in which nothing leaves before a person has looked."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.backup import HASHES, LEDGER, OFFICE, Backup
from phaseout.domain.dispatch_stop import DispatchStop, doubt_after_restore
from phaseout.domain.letter import LetterState
from phaseout.ports import Archive, ArchiveDamaged, BackupDamaged, BackupStore, DispatchStops, Ledger

BY, REASON = "phaseout restore", "the ledger came from a backup"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what a person must look at before anything leaves."""

    backup: Backup
    files: int
    doubtful: int  # letters that waited when the backup was taken and may have left since
    drafts: int  # that may have been released since


def restore(
    *,
    as_of: datetime,
    store: BackupStore,
    name: str | None,
    archive: Archive,
    put_office_file: Callable[[str, Iterator[bytes]], None],
    putting_ledger: Callable[[Iterator[bytes]], AbstractContextManager[Ledger]],
    stops: DispatchStops,
) -> Restored:
    """Put a backup into an empty home, the ledger last: a restore that is cut off can be begun again.

    Raises:
        NoBackup: there is none.
        BackupDamaged: something of it is missing or has changed; no ledger was put.
    """
    with store.alone():
        backup = store.backup(name)
        files = _put_archive(backup, store, archive)
        for part in backup.parts:
            if part.startswith(OFFICE):
                put_office_file(part.removeprefix(OFFICE), store.part(backup.name, part))
        stops.stop(DispatchStop(at=as_of, by=BY, reason=REASON, restored_from=backup.taken_at))
        with putting_ledger(store.part(backup.name, LEDGER)) as ledger:
            # The old machine went on after the backup was taken: what waited then may have left since.
            doubtful = ledger.leave_in_doubt(doubt_after_restore(backup.taken_at), as_of=as_of)
            drafts = len(ledger.letters(states={LetterState.DRAFT}))
    return Restored(backup, files, doubtful, drafts)


def _put_archive(backup: Backup, store: BackupStore, archive: Archive) -> int:
    hashes = b"".join(store.part(backup.name, HASHES)).decode().split()
    damaged = []
    for sha256 in hashes:
        try:
            archive.put(store.archive.get(sha256))
        except ArchiveDamaged as error:
            damaged.append(str(error))
    if damaged:
        raise BackupDamaged(backup=backup.name, what=damaged)
    return len(hashes)
