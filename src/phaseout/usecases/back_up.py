"""Back up (备份): a copy of the ledger, and of the archive what the backup does not hold yet."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.backup import HASHES, LEDGER, OFFICE, Backup, is_read_again, name_of, outdated
from phaseout.ports import Archive, ArchiveDamaged, BackupStore, LedgerCopier


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds, and what was found on the way."""

    backup: Backup
    copied: int  # files that were not in the backup yet
    mended: tuple[str, ...]  # that had rotted on one side and were mended from the other
    gone: tuple[str, ...]  # that the backup holds and the archive no longer does

    @property
    def is_whole(self) -> bool:
        """Say whether nothing was found that a person should look at."""
        return not (self.mended or self.gone or self.backup.damaged)


def back_up(
    *,
    as_of: datetime,
    release: str,
    ledger: LedgerCopier,
    archive: Archive,
    office: Mapping[str, bytes],
    store: BackupStore,
    keep: int,
    verify: bool = False,
) -> BackedUp:
    """Take a backup and drop the oldest ones beyond *keep*.

    What is new is always checked by its hash. Of the rest every file of the archive is read again with *verify*, on
    both sides, or else one part in 256, another each day.

    Raises:
        LedgerCopyFailed: the ledger cannot be copied; earlier backups stay as they are.
    """
    with store.alone():
        # The ledger first: what it speaks of is in the archive before, so an archive read later holds it.
        with ledger.copying() as copy:
            held = frozenset(archive.hashes())
            found = _bring(archive, store.archive, held, reads=lambda sha: verify or is_read_again(sha, as_of=as_of))
            backup = Backup(
                name=name_of(as_of, taken=store.names()),
                taken_at=as_of,
                release=release,
                ledger_version=copy.version,
                ledger_revision=copy.revision,
                counts={**copy.counts, "archive": len(held) - len(found.damaged)},
                damaged=tuple(found.damaged),
            )
            parts: dict[str, Iterable[bytes]] = {LEDGER: copy.content, HASHES: _lines(held - set(found.damaged))}
            kept = store.keep(backup, parts | {f"{OFFICE}{name}": (content,) for name, content in office.items()})
        for name in outdated(store.names(), keep=keep):
            store.drop(name)
    return BackedUp(kept, found.copied, tuple(found.mended), tuple(found.gone))


@dataclass(slots=True)
class _Found:
    copied: int
    mended: list[str]
    damaged: list[str]
    gone: list[str]


def _bring(archive: Archive, kept: Archive, held: Collection[str], *, reads: Callable[[str], bool]) -> _Found:
    there = frozenset(kept.hashes())
    found = _Found(0, [], [], sorted(there - set(held)))
    for sha256 in sorted(held):
        if sha256 in there and not reads(sha256):
            continue
        ours, theirs = _whole(archive, sha256), _whole(kept, sha256) if sha256 in there else None
        if ours is None and theirs is None:
            found.damaged.append(sha256)
        elif ours is None or (theirs is None and sha256 in there):
            # Content has one name only: what one side still holds is what the other side lost.
            (archive if ours is None else kept).put(ours or theirs or b"")
            found.mended.append(sha256)
        elif theirs is None:
            kept.put(ours)
            found.copied += 1
    return found


def _whole(archive: Archive, sha256: str) -> bytes | None:
    try:
        return archive.get(sha256)
    except ArchiveDamaged:
        return None


def _lines(hashes: Collection[str]) -> Iterable[bytes]:
    return (f"{sha256}\n".encode() for sha256 in sorted(hashes))
