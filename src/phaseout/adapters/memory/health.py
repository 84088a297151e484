"""Health's surroundings in memory: what each look finds is set, and what is remembered stays here."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from phaseout.domain.health import (
    Answer,
    BackupSeen,
    LedgerState,
    PassRecord,
    RunsSeen,
    Space,
    WarehouseSeen,
    WarehouseState,
)
from phaseout.domain.health_news import WatchState
from phaseout.ports.health import PassBook, Premises, WatchBook

ROOMY = 1 << 40
NEVER = BackupSeen(None)


class PassesInMemory(PassBook):
    """Remembers passes as long as it lives."""

    def __init__(self) -> None:
        self._records: dict[str, PassRecord] = {}

    def records(self) -> Sequence[PassRecord]:
        return [self._records[key] for key in sorted(self._records)]

    def note(self, name: str, *, at: datetime, reason: str = "", campaign: str | None = None) -> None:
        new = PassRecord(name, at, campaign=campaign)
        self._records[new.subject] = self._records.get(new.subject, new).after(at=at, reason=reason)


@dataclass
class PremisesInMemory(Premises):
    """An installation of which all is well unless something else is set."""

    is_replay: bool = False
    is_sending_set: bool = True
    has_no_proof: bool = False
    free: int = ROOMY
    ledger_state: LedgerState = LedgerState.WELL
    is_open: bool = False
    warehouse_state: WarehouseState = WarehouseState.WELL
    behind: int = 0
    snapshot: bool = True
    missing: int = 0
    seen_runs: RunsSeen | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    backups: BackupSeen = NEVER
    unsafe: Sequence[tuple[str, str]] = ()
    stopped: datetime | None = None
    pins: Sequence[str] = ()

    def spaces(self) -> Sequence[Space]:
        return [Space("home", self.free)]

    def ledger(self) -> LedgerState:
        return self.ledger_state

    def is_ledger_open_to_others(self) -> bool:
        return self.is_open

    def warehouse(self, accepted: Sequence[str]) -> WarehouseSeen:  # noqa: ARG002  the port's
        return WarehouseSeen(self.warehouse_state, self.behind)

    def has_snapshot(self) -> bool:
        return self.snapshot

    def missing_originals(self, hashes: Sequence[str]) -> int:  # noqa: ARG002  the port's
        return self.missing

    def runs(self, *, as_of: datetime) -> RunsSeen | None:  # noqa: ARG002  the port's
        return self.seen_runs

    def mailbox(self) -> Answer | None:
        return self.answers.get("mailbox")

    def mail_server(self) -> Answer | None:
        return self.answers.get("mail_server")

    def backup(self) -> BackupSeen:
        return self.backups

    def unsafe_settings(self) -> Sequence[tuple[str, str]]:
        return self.unsafe

    def stopped_since(self) -> datetime | None:
        return self.stopped

    def broken_pins(self) -> Sequence[str]:
        return self.pins


class WatchInMemory(WatchBook):
    """Remembers the watch as long as it lives."""

    def __init__(self) -> None:
        self.unsent: dict[str, bytes] = {}
        self._state: WatchState | None = None
        self._shown: Mapping[str, object] | None = None
        self._is_held = False

    def state(self) -> WatchState | None:
        return self._state

    def remember(self, state: WatchState) -> None:
        self._state = state

    def show(self, facts: Mapping[str, object]) -> None:
        self._shown = facts

    def shown(self) -> Mapping[str, object] | None:
        return self._shown

    def keep_unsent(self, name: str, raw: bytes) -> None:
        self.unsent = {name: raw}

    def drop_unsent(self) -> None:
        self.unsent = {}

    @contextmanager
    def alone(self) -> Iterator[bool]:
        if self._is_held:
            yield False
            return
        self._is_held = True
        try:
            yield True
        finally:
            self._is_held = False
