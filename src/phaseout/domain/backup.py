"""A backup (备份): what it says of itself, and which backups are kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from phaseout.domain.calendar import CHINA, day_in_china

LEDGER = "ledger.sqlite"
HASHES = "archive.txt"  # what the archive held, a hash a line
OFFICE = "home/"  # what the office has set in its home lies below this
_NAME = "%Y-%m-%dT%H%M%S"
# So many nights it takes until every file of the archive was read again.
_SLICES = 256


@dataclass(frozen=True, slots=True)
class Backup:
    """One night's backup: the copy of the ledger, and what belongs to it."""

    name: str
    taken_at: datetime
    release: str
    ledger_version: str
    ledger_revision: int
    counts: Mapping[str, int]  # rows of the ledger's great tables, and files of the archive
    damaged: tuple[str, ...] = ()  # what the archive could not give, nor an earlier backup
    parts: Mapping[str, str] = field(default_factory=dict)  # each part's SHA-256


def name_of(taken_at: datetime, *, taken: Collection[str]) -> str:
    """Return a name that sorts by time and that no other backup has."""
    name = taken_at.astimezone(CHINA).strftime(_NAME)
    return name if name not in taken else next(n for i in range(2, 10_000) if (n := f"{name}-{i}") not in taken)


def outdated(names: Sequence[str], *, keep: int) -> Sequence[str]:
    """Return the backups, of *names* from old to new, that need not be kept."""
    return names[:-keep] if keep > 0 else []


def is_read_again(sha256: str, *, as_of: datetime) -> bool:
    """Say whether a file of the archive is read again on this day: one part in 256, another one each day."""
    return int(sha256[:2], 16) == day_in_china(as_of).toordinal() % _SLICES
