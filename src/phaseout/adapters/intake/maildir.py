"""A mailbox that lies on this machine (收件箱), read without touching anything in it."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from phaseout.domain.submission import Arrival, Channel
from phaseout.ports import Intake

# What follows is flags: a mail client changes them and moves the file from new/ to cur/ when a clerk looks at the mail.
_FLAGS = ":2,"


class MaildirIntake(Intake):
    """Lists what lies in new/ and cur/. A mail is known by its unique name, which flags leave alone."""

    channel = Channel.MAIL

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen_at: dict[str, str] = {}

    def waiting(self) -> Sequence[Arrival]:
        """Return every mail of the box, oldest delivery first."""
        found: dict[str, int] = {}
        for entry in self._entries():
            try:
                found[_unique(entry.name)] = entry.stat(follow_symlinks=False).st_mtime_ns
            except FileNotFoundError:  # moved to cur/ meanwhile, where the next pass finds it
                continue
            self._seen_at[_unique(entry.name)] = entry.path
        oldest_first = sorted(found.items(), key=lambda mail: (mail[1], mail[0]))
        return tuple(Arrival(ref=ref, arrived_at=_instant(mtime_ns)) for ref, mtime_ns in oldest_first)

    def read(self, ref: str) -> bytes | None:
        """Return the bytes of a mail, wherever its flags have moved it; None when it is gone."""
        for _ in range(3):  # a mail client may rename it between our look and our reading
            place = self._seen_at.get(ref)
            if place is not None:
                try:
                    return Path(place).read_bytes()
                except FileNotFoundError:
                    del self._seen_at[ref]
            self._seen_at |= {_unique(entry.name): entry.path for entry in self._entries()}
        return None

    def archived(self, ref: str) -> None:
        """Do nothing: the mailbox belongs to the office."""

    def _entries(self) -> Iterator[os.DirEntry[str]]:
        for part in ("new", "cur"):
            try:
                entries = os.scandir(self._path / part)
            except FileNotFoundError:
                continue
            with entries:
                yield from (e for e in entries if not e.name.startswith(".") and e.is_file(follow_symlinks=False))


def _unique(name: str) -> str:
    return name.partition(_FLAGS)[0]


def _instant(mtime_ns: int) -> datetime:
    return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC).replace(microsecond=mtime_ns // 1000 % 1_000_000)
