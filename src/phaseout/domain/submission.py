"""What arrives: deliveries (来件), the workbooks in them, and the submissions (报送件) they become."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from phaseout.domain.decision import Decision
from phaseout.domain.finding import Finding
from phaseout.errors import ReporterError

# What a cell of a sender's workbook holds, before anything is made of it.
Cell: TypeAlias = str | float | bool | date | datetime | time | timedelta | None
# What a field of a form holds once it is read.
Value: TypeAlias = str | int | Decimal | date | bool | None

# What stands in place of the files of a mail that was too large to be fetched.
LEFT_ON_THE_SERVER = b"phaseout: too large a mail, left on the server:"


class Channel(StrEnum):
    """The way by which a delivery came."""

    MAIL = "mail"
    FOLDER = "folder"


class Outcome(StrEnum):
    """What became of a delivery."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    HELD = "held"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


class Unreadable(ReporterError):
    """A workbook cannot be read as a form (拒收); *code* names the reason in `data/refusals.yaml`."""

    def __init__(self, code: str, *, facts: Mapping[str, str] | None = None) -> None:
        self.code = code
        self.facts = dict(facts or {})
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that waits in a mailbox or an inbox folder. *ref* names it there."""

    ref: str
    arrived_at: datetime | None  # when the mailbox received it; a folder does not know
    unit: str | None = None  # the folder's unit code
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that arrived, as it came. *id* is made of its content and where it lay."""

    id: str
    sha256: str
    channel: Channel
    ref: str
    arrived_at: datetime
    collected_at: datetime
    unit: str | None
    file_name: str | None


class FileKind(StrEnum):
    """What a file that came is to us."""

    WORKBOOK = "workbook"
    PICTURE = "picture"
    VIDEO = "video"
    SCAN = "scan"  # of the stamped paper
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a delivery carried. *name* is data only, never a path."""

    name: str
    content: bytes
    kind: FileKind = FileKind.WORKBOOK
    folder: str = ""  # of evidence in an archive: the archive's name and the folders in it, as a/b

    @property
    def path(self) -> str:
        """Its name behind the folders in which it lay."""
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def is_picture_or_video(self) -> bool:
        """Whether it can prove a closure (影像)."""
        return self.kind in {FileKind.PICTURE, FileKind.VIDEO}


class Voucher(StrEnum):
    """Who vouches for a sender."""

    PROVIDER = "provider"  # our mail provider checked the sender's domain
    DKIM = "dkim"  # we checked the signature of the sender's domain


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient whom a letter of ours did not reach (退信)."""

    recipient: str
    status: str | None  # such as 5.1.1: 5 for good, 4 for now
    letter: str | None  # the Message-ID of what came back


@dataclass(frozen=True, slots=True)
class Message:
    """A mail as we read it; the codes of `automatic` and `doubts` have their words in `mail_words`."""

    sender: str | None  # None when From is not one plain address
    subject: str
    message_id: str | None
    vouched_by: Voucher | None
    automatic: str | None  # why nobody wrote this, such as auto-submitted
    attachments: tuple[Attachment, ...]  # what must be taken and answered
    evidence: tuple[Attachment, ...] = ()  # scans, pictures and videos beside a workbook: kept
    has_link_only: bool = False  # 超大附件: a link came in a workbook's place, and no attachment counts
    bounces: tuple[Bounce, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_authentic(self) -> bool:
        """Whether somebody vouches for the sender's domain."""
        return self.vouched_by is not None


@dataclass(frozen=True, slots=True, eq=False)  # so that what was worked out for it is found again
class Sheet:
    """A sheet of a sender's workbook: rows of cells, counted from the sheet's first row and column."""

    name: str
    is_hidden: bool
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...]  # first row, first column, last row, last column; from 0
    error_cells: frozenset[str] = frozenset()  # such as D12: Excel errors, which readers show as empty
    uncached_cells: frozenset[str] = frozenset()  # formulas that were never calculated
    hidden_rows: frozenset[int] = frozenset()  # from 1


@dataclass(frozen=True, slots=True)
class Workbook:
    """A sender's workbook (工作簿), cell by cell."""

    sheets: tuple[Sheet, ...]
    is_1904: bool = False  # its serial numbers do not count days from 1900 (1904日期系统)


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of a form with the head values of its sheet."""

    sheet: str
    row: int  # as the sheet numbers it, from 1
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A 合计 row as the sender wrote it."""

    sheet: str
    row: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold at a place; *facts* are what its message quotes."""

    rule: str
    sheet: str | None
    row: int | None
    field: str | None
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a form with its own head; a workbook may hold several, on a sheet or on many (分表)."""

    sheet: str
    first_row: int  # as the sheet numbers them, from 1
    head: Mapping[str, Value]
    head_cells: Mapping[str, str]  # head field to cell
    columns: Mapping[str, str]  # field to column letter
    zero_mark: str | None  # what states a zero report (零报告) there


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook read as a form: typed rows, head values, and what could not be read."""

    form: str
    layout_version: str
    head: Mapping[str, Value]  # of the first sheet; a sheet's own values are in its rows
    rows: tuple[FormRow, ...]
    totals: tuple[TotalRow, ...]
    columns: Mapping[tuple[str, str], str]  # (sheet, field) to column letter
    head_cells: Mapping[tuple[str, str], str]  # (sheet, head field) to cell
    is_zero: bool  # 零报告
    breaches: tuple[Breach, ...]
    sections: tuple[Section, ...] = ()  # its tables, in order


@dataclass(frozen=True, slots=True)
class Submission:
    """One workbook taken as the answer to one obligation."""

    id: str  # obligation id and version
    obligation: str
    delivery: str
    sha256: str  # of the workbook
    file_name: str
    form: str
    unit: str
    industry: str | None
    period: str | None
    version: int
    arrived_at: datetime
    is_zero: bool
    decision: Decision
    decided_at: datetime
    figures: Mapping[str, int]
    findings: tuple[Finding, ...]
    check_figure: str | None = None  # 校验码, of what was accepted and is filed on paper too
