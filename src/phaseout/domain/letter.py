"""A letter (函件) and what becomes of it between decision and dispatch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias


class LetterKind(StrEnum):
    """Which template a letter is written from; `data/letters/<kind>/`."""

    REQUEST = "request"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    RECEIPT = "receipt"
    RETURN = "return"
    SUPERVISION = "supervision"
    CRITICISM = "criticism"
    COORDINATION = "coordination"  # 提请协调函, to the coordination body
    TABLES = "tables"  # 汇总表分送函, to an industry office
    THANKS = "thanks"
    SIGNING = "signing"  # 提请签发提醒, to the office itself
    EXTENSION = "extension"
    EXEMPTION = "exemption"
    VERIFICATION = "verification"
    RESEND = "resend"
    PREVIEW = "preview"
    HEALTH = "health"  # 运行情况告知, to the office itself


# What says of a delivery that it is no submission; a few a day to one address, whatever arrives.
NOTICES = frozenset({LetterKind.VERIFICATION, LetterKind.RESEND, LetterKind.PREVIEW})
# What tells a unit of a decision about itself leaves like an answer: at once.
# So does what tells the office that its own machine needs somebody.
ANSWERS = (
    frozenset({LetterKind.RECEIPT, LetterKind.RETURN, LetterKind.EXTENSION, LetterKind.EXEMPTION, LetterKind.HEALTH})
    | NOTICES
)

# In place of a unit's code, where a letter speaks to the office itself; to another desk of its house, that desk's name.
OFFICE = "office"


class LetterState(StrEnum):
    """Where a letter is."""

    DRAFT = "draft"  # waits for release
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # the line was cut while the server took it
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class DispatchOutcome(StrEnum):
    """What came of one try to send."""

    SENT = "sent"
    FILED = "filed"  # no mail server is set: the letter lies in outgoing/
    RETRY = "retry"
    UNREACHABLE = "unreachable"  # no server, or none that came as far as hearing of a letter
    SLOW = "slow"
    TOMORROW = "tomorrow"
    HELD = "held"
    PERMANENT = "permanent"
    UNCERTAIN = "uncertain"
    AUTH = "auth"
    CONFIG = "config"


@dataclass(frozen=True, slots=True)
class LetterItem:
    """One line of a digest: an obligation at a rung, for one version. Written once."""

    obligation: str
    rung: int
    version: int


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that goes with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter says, as plain text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One text to one address, frozen when it enters the outbox (待发箱).

    *key* is its natural key: campaign / recipient / day for an unprompted letter, the delivery for an answer,
    the draft for a released notice.
    """

    key: str
    campaign: str
    unit: str
    kind: LetterKind
    day: date
    recipient: str
    copy_to: tuple[str, ...]
    subject: str
    message_id: str
    raw_sha256: str  # the finished message, in the archive
    state: LetterState
    created_at: datetime
    items: tuple[LetterItem, ...] = ()
    delivery: str | None = None  # what it answers


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """A letter as the ledger holds it."""

    id: int
    letter: Letter
    settled_at: datetime | None
    note: str | None
    not_before: datetime | None = None  # when it is tried next, if it waits for that


@dataclass(frozen=True, slots=True)
class Approval:
    """A named person's release or withholding of a draft (签发记录)."""

    letter: int
    is_released: bool
    by: str
    reason: str
    at: datetime


LetterFacts: TypeAlias = Mapping[str, object]
