"""Backups (备份): where they lie, the ledger's copy in them, and the stop of dispatch (停发) after a restore."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from phaseout.domain.backup import Backup
from phaseout.domain.dispatch_stop import DispatchStop
from phaseout.errors import OperatorError, UsageError
from phaseout.ports.intake import Archive


class NoBackup(UsageError):
    """There is no backup of that name, or none at all."""

    def __init__(self, *, place: str, name: str | None) -> None:
        super().__init__(f"{place} holds no backup{f' {name}' if name else ''}")


class BackupDamaged(OperatorError):
    """A backup no longer holds what was put into it."""

    def __init__(self, *, backup: str, what: Sequence[str]) -> None:
        self.what = tuple(what)
        more = f" and {len(what) - 3} more" if len(what) > 3 else ""  # noqa: PLR2004  three show the kind
        super().__init__(
            f"the backup {backup} is damaged: {', '.join(what[:3])}{more}; take an older one (--generation)"
        )


class LedgerCopyFailed(OperatorError):
    """The ledger could not be copied, or its copy is not whole."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"the ledger could not be copied: {reason}")


@dataclass(frozen=True, slots=True)
class LedgerCopy:
    """The ledger as it was at one instant."""

    version: str
    revision: int
    counts: Mapping[str, int]
    content: Iterable[bytes]


class LedgerCopier(ABC):
    """Copies the ledger while everybody goes on working with it."""

    @abstractmethod
    def copying(self) -> AbstractContextManager[LedgerCopy]:
        """Copy and check it, and hold the copy as long as the context lasts.

        Raises:
            LedgerCopyFailed: it cannot be read, or the copy is not whole.
        """


class BackupStore(ABC):
    """The place of the backups. Each appears whole or not at all; its parts are on the disk by then."""

    archive: Archive  # of all backups together

    @abstractmethod
    def alone(self) -> AbstractContextManager[None]:
        """Wait until no other backup is written there, and keep others waiting."""

    @abstractmethod
    def names(self) -> Sequence[str]:
        """Return the names of the backups, oldest first."""

    @abstractmethod
    def keep(self, backup: Backup, parts: Mapping[str, Iterable[bytes]]) -> Backup:
        """Keep a backup and return it with its parts' hashes."""

    @abstractmethod
    def backup(self, name: str | None = None) -> Backup:
        """Return a backup, the newest if none is named, when all of its parts are what they were.

        Raises:
            NoBackup: there is none.
            BackupDamaged: a part is missing or has changed.
        """

    @abstractmethod
    def part(self, name: str, part: str) -> Iterator[bytes]:
        """Yield the content of a part of a backup."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Delete a backup; what it shares with others in the archive stays."""


class DispatchStops(ABC):
    """Remembers who stopped dispatch (停发) and who let it go on."""

    @abstractmethod
    def stopped(self) -> DispatchStop | None:
        """Return the stop that holds, if one does."""

    @abstractmethod
    def stop(self, stop: DispatchStop) -> None:
        """Stop dispatch. It is on the disk on return."""

    @abstractmethod
    def resume(self, going_on: DispatchStop) -> None:
        """Let dispatch go on, as that person decided."""
