"""What health (运行情况) asks of the machine, and where it remembers: files, so that it works when all else is dead."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from phaseout.domain.health import (
    Answer,
    BackupSeen,
    LedgerState,
    PassRecord,
    RunsSeen,
    Space,
    WarehouseSeen,
)
from phaseout.domain.health_news import WatchState


class PassBook(ABC):
    """Remembers how the passes of each kind ended."""

    @abstractmethod
    def records(self) -> Sequence[PassRecord]:
        """Return what is known of the passes, by name; a file that cannot be read counts as none."""

    @abstractmethod
    def note(self, name: str, *, at: datetime, reason: str = "", campaign: str | None = None) -> None:
        """Write down that a pass ended: well, or with a reason. A disk that takes no more is no error of the pass."""


class Premises(ABC):
    """Looks at the installation from outside, without changing anything; every look is bounded in time."""

    is_replay: bool
    is_sending_set: bool
    has_no_proof: bool

    @abstractmethod
    def spaces(self) -> Sequence[Space]:
        """Return what is free for the home and for temporary files."""

    @abstractmethod
    def ledger(self) -> LedgerState:
        """Return how the ledger's database is."""

    @abstractmethod
    def is_ledger_open_to_others(self) -> bool:
        """Say whether other users of the machine may read the ledger's file."""

    @abstractmethod
    def warehouse(self, accepted: Sequence[str]) -> WarehouseSeen:
        """Return how the warehouse's file is, and how many of the accepted submissions it does not hold."""

    @abstractmethod
    def has_snapshot(self) -> bool:
        """Say whether the published snapshot is there."""

    @abstractmethod
    def missing_originals(self, hashes: Sequence[str]) -> int:
        """Return how many of these the archive does not hold, or holds empty."""

    @abstractmethod
    def runs(self, *, as_of: datetime) -> RunsSeen | None:
        """Return what the flow-run server of this home says; None if none belongs to it."""

    @abstractmethod
    def mailbox(self) -> Answer | None:
        """Say whether the mailbox's server can be reached; None if none is set. Nobody logs in."""

    @abstractmethod
    def mail_server(self) -> Answer | None:
        """Say whether the mail server can be reached; None if none is set. Nobody logs in."""

    @abstractmethod
    def backup(self) -> BackupSeen:
        """Return how the backups went."""

    @abstractmethod
    def unsafe_settings(self) -> Sequence[tuple[str, str]]:
        """Return the settings that cannot be used, each with the reason."""

    @abstractmethod
    def stopped_since(self) -> datetime | None:
        """Return since when all dispatch is stopped, if it is."""

    @abstractmethod
    def broken_pins(self) -> Sequence[str]:
        """Return the packages that are not as this project asks for them."""


class WatchBook(ABC):
    """Remembers what the watch saw and told, and keeps what the board shows of it."""

    @abstractmethod
    def state(self) -> WatchState | None:
        """Return what was remembered last; None if nothing was, or it cannot be read."""

    @abstractmethod
    def remember(self, state: WatchState) -> None:
        """Remember. It is on the disk on return."""

    @abstractmethod
    def show(self, facts: Mapping[str, object]) -> None:
        """Keep what the board shows."""

    @abstractmethod
    def shown(self) -> Mapping[str, object] | None:
        """Return what the board shows; None if the watch has never looked."""

    @abstractmethod
    def keep_unsent(self, name: str, raw: bytes) -> None:
        """Leave a letter that could not be sent as a file, for whoever looks; the one before it goes."""

    @abstractmethod
    def drop_unsent(self) -> None:
        """Remove what was left: a later letter has said it."""

    @abstractmethod
    def alone(self) -> AbstractContextManager[bool]:
        """Hold the watch; yields False when another process holds it."""
