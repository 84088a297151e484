"""Health (运行情况): what was looked at on this machine, and what is found wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from phaseout.domain.damage import DamageKind

Fact: TypeAlias = str | int | date | datetime | timedelta


class Grade(StrEnum):
    """How bad a trouble is."""

    NOTE = "note"  # worth knowing; nobody is written to
    WARNING = "warning"
    FAILING = "failing"


class Check(StrEnum):
    """What is looked at, in the order of the screen."""

    PASSES = "passes"
    FLOW_RUNS = "flow_runs"
    MAILBOX = "mailbox"
    MAIL_SERVER = "mail_server"
    OUTBOX = "outbox"
    QUARANTINE = "quarantine"
    DRAFTS = "drafts"
    LEDGER = "ledger"
    ARCHIVE = "archive"
    WAREHOUSE = "warehouse"
    SNAPSHOT = "snapshot"
    BACKUP = "backup"
    DISK = "disk"
    CLOCK = "clock"
    CALENDAR = "calendar"
    SETTINGS = "settings"
    INSTALLATION = "installation"


# Without the ledger nothing can be said of these.
FROM_THE_LEDGER = frozenset(
    {Check.OUTBOX, Check.QUARANTINE, Check.DRAFTS, Check.ARCHIVE, Check.WAREHOUSE, Check.SNAPSHOT, Check.BACKUP}
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong; *code* says which words tell it, *facts* what they quote.

    *subject* tells one from another of the same code. Of what passes by itself the office hears only after *patience*.
    """

    code: str
    check: Check
    grade: Grade
    subject: str = ""
    since: datetime | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    patience: timedelta = timedelta(0)
    is_unanswered: bool = False  # an outside system could not be asked

    @property
    def key(self) -> str:
        """What stays the same as long as it lasts."""
        return f"{self.code}/{self.subject}" if self.subject else self.code


@dataclass(frozen=True, slots=True)
class PassRecord:
    """How the passes (定时作业) of one kind ended: the last one, and the last one that ended well."""

    name: str
    ended_at: datetime
    well_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0  # in a row
    reason: str = ""  # the name of the error, or of the state that a run ended in
    campaign: str | None = None

    @property
    def subject(self) -> str:
        """What tells it from the passes of other kinds and other campaigns."""
        return f"{self.name}/{self.campaign}" if self.campaign else self.name

    def after(self, *, at: datetime, reason: str) -> "PassRecord":
        """Return the record after one more pass; without a reason it ended well."""
        if not reason:
            return PassRecord(self.name, at, at, campaign=self.campaign)
        return PassRecord(
            self.name, at, self.well_at, self.failing_since or at, self.failures + 1, reason, self.campaign
        )


@dataclass(frozen=True, slots=True)
class Space:
    """What is free on the file system of a folder, in bytes; *place* is `home`, `local` or `temp`."""

    place: str
    free: int


class LedgerState(StrEnum):
    """What a look at the ledger's database found."""

    WELL = "well"
    NEW = "new"  # nothing was ever written, and nothing says that there should be something
    MISSING = "missing"
    LOCKED = "locked"
    AWAY = "away"
    DAMAGED = "damaged"
    NEWER = "newer"
    OLDER = "older"


class WarehouseState(StrEnum):
    """What a look at the warehouse's file found."""

    WELL = "well"
    MISSING = "missing"
    IN_USE = "in_use"
    DAMAGED = "damaged"
    OTHER_LAYOUT = "other_layout"


@dataclass(frozen=True, slots=True)
class WarehouseSeen:
    """The warehouse as it was found; *behind* counts accepted submissions whose rows it does not hold."""

    state: WarehouseState
    behind: int = 0
    set_aside: int = 0
    found: DamageKind = DamageKind.UNREADABLE  # in the file set aside last


class Answer(StrEnum):
    """How a service answered."""

    WELL = "well"
    AWAY = "away"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A flow run that did not go as it should; *since* is when it was to begin, began or ended."""

    deployment: str
    since: datetime


@dataclass(frozen=True, slots=True)
class RunsSeen:
    """What the flow-run server answered."""

    answer: Answer
    late: tuple[RunSeen, ...] = ()
    failed: tuple[RunSeen, ...] = ()  # Failed or Crashed, and nothing of the same deployment completed since
    going: tuple[RunSeen, ...] = ()  # Running or Pending
    paused: tuple[str, ...] = ()  # deployments that are paused, or of which a schedule is
    missing: tuple[str, ...] = ()  # deployments that should be there
    is_pool_paused: bool = False
    is_pool_missing: bool = False
    worker_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BackupSeen:
    """The last backup that is of use, whether a later one failed, and whether the last one found damage."""

    well_at: datetime | None
    failed_at: datetime | None = None
    has_found_damage: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """How far the snapshot of a campaign is behind the ledger; *day* is when it was published."""

    campaign: str
    day: date | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of something wait, and since when the oldest does."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """What the ledger says, as far as health asks: what is open, what waits, what was tried."""

    campaigns: tuple[str, ...] = ()  # open, and not over
    accepted: int = 0
    quarantined: Waiting = Waiting()
    unassessed: Waiting = Waiting()
    queued: Waiting = Waiting()
    unsure: Waiting = Waiting()
    drafts: Waiting = Waiting()
    drafts_age: int = 0  # working days that the oldest has waited
    refused_since: datetime | None = None  # the mail server would have nothing of us at the last try, and letters wait
    unreachable_since: datetime | None = None  # it was not there
    published: tuple[Published, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """All that was looked at; None is what could not be, or does not concern this installation."""

    passes: tuple[PassRecord, ...] = ()
    watched_since: datetime | None = None  # without a watch nobody knows how long a pass has been missing
    spaces: tuple[Space, ...] = ()
    ledger: LedgerState = LedgerState.WELL
    is_ledger_open_to_others: bool = False
    books: Books | None = None
    warehouse: WarehouseSeen | None = None
    has_snapshot: bool = True
    archive_looked_at: int = 0
    archive_missing: int = 0
    runs: RunsSeen | None = None  # None: no flow-run server belongs to this home
    mailbox: Answer | None = None
    mail_server: Answer | None = None
    backup: BackupSeen | None = None
    unsafe: tuple[tuple[str, str], ...] = ()  # a setting, and what is wrong with it
    has_no_proof: bool = False
    is_sending_set: bool = True
    is_calendar_broken: bool = False
    provisional_years: frozenset[int] = frozenset()
    stopped_since: datetime | None = None  # all dispatch, by a person or after a restore
    broken_pins: tuple[str, ...] = ()
    broken_checks: tuple[Check, ...] = ()
    last_look: datetime | None = None
    is_replay: bool = False
