"""What the use cases need of the outside world, as abstract classes; adapters and their in-memory twins fulfil them."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from phaseout.domain.campaign import Campaign
from phaseout.domain.catalogue import Catalogue
from phaseout.domain.finding import Finding, Rule
from phaseout.domain.form import Form
from phaseout.domain.letter import (
    DispatchOutcome,
    Letter,
    LetterFacts,
    LetterFile,
    LetterItem,
    LetterKind,
    LetterRecord,
    LetterState,
    LetterText,
)
from phaseout.domain.obligation import Obligation, Submitted
from phaseout.domain.omission import ListedEnterprise
from phaseout.domain.submission import (
    Arrival,
    Breach,
    Channel,
    Delivery,
    Message,
    Outcome,
    Reading,
    Submission,
    Value,
    Workbook,
)
from phaseout.errors import OperatorError


class ArchiveDamaged(OperatorError):
    """The archive does not hold what was put into it; get it back from the backup."""

    def __init__(self, *, sha256: str, reason: str) -> None:
        self.sha256 = sha256
        self.reason = reason
        super().__init__(f"the archive cannot give back {sha256}: {reason}")


class Archive(ABC):
    """The archive (原件库): every byte that came or left, by content."""

    @abstractmethod
    def put(self, content: bytes) -> str:
        """Keep *content* for good and return its SHA-256. On return it is on the disk."""

    @abstractmethod
    def get(self, sha256: str) -> bytes:
        """Return the content of a hash.

        Raises:
            ArchiveDamaged: it is missing or no longer what it was.
        """


class Intake(ABC):
    """A place where deliveries wait: a mailbox or the inbox folders."""

    channel: Channel

    @abstractmethod
    def waiting(self) -> Sequence[Arrival]:
        """Return what lies there now, oldest first."""

    @abstractmethod
    def read(self, ref: str) -> bytes | None:
        """Return the bytes of an arrival; None when it has gone meanwhile."""

    @abstractmethod
    def archived(self, ref: str) -> None:
        """Be told that an arrival is safe; a folder moves the file away, a mailbox does nothing."""


class MessageReader(ABC):
    """Reads a mail's bytes."""

    @abstractmethod
    def read(self, raw: bytes) -> Message:
        """Return sender, subject and attachments; whatever a stranger wrote, this returns."""


class WorkbookReader(ABC):
    """Reads a sender's workbook, cell by cell, without trusting it."""

    @abstractmethod
    def read(self, content: bytes) -> Workbook:
        """Return the cells.

        Raises:
            Unreadable: the file is refused, with the reason's code.
        """


@dataclass(frozen=True, slots=True)
class FormSheet:
    """What to write on one sheet of a form. No rows and *is_zero*: an explicit zero report (零报告)."""

    name: str
    head: Mapping[str, Value]
    rows: Sequence[Mapping[str, Value]] = ()
    is_zero: bool = False
    stated_totals: Mapping[str, Value] | None = None  # instead of what adds up; a replay's wrong 合计


@dataclass(frozen=True, slots=True)
class FormStamp:
    """What a workbook we write says of itself on its hidden sheet."""

    campaign: str
    unit: str
    industry: str | None
    period: str | None


class WorkbookWriter(ABC):
    """Writes a form as a workbook, blank or prefilled."""

    @abstractmethod
    def write(
        self, form: Form, sheets: Sequence[FormSheet], *, stamp: FormStamp, choices: Mapping[str, Sequence[str]]
    ) -> bytes:
        """Return the .xlsx; same input, same bytes. *choices* overrides drop-downs by field name."""


class MarkedCopies(ABC):
    """Makes marked copies (批注件): what a unit sent, with the bad cells marked and the reasons beside them."""

    @abstractmethod
    def mark(
        self, workbook: Workbook, form: Form, findings: Sequence[Finding], *, correction_due: date | None = None
    ) -> bytes:
        """Return the .xlsx, for the unit alone that sent the workbook; same input, same bytes."""


class RuleDidNotRun(OperatorError):
    """A rule could not be evaluated: our fault, never a finding against a unit."""

    def __init__(self, rule: str, *, reason: str) -> None:
        self.rule = rule
        self.reason = reason
        super().__init__(f"the rule {rule} did not run: {reason}")


class Checker(ABC):
    """Runs the rules that speak of one row alone (Great Expectations)."""

    @abstractmethod
    def rules(self, form: str) -> Sequence[Rule]:
        """Return the form's row rules."""

    @abstractmethod
    def check(self, form: str, frame: object, *, parameters: Mapping[str, object]) -> Sequence[tuple[int, str]]:
        """Return (row id, rule id) of every breach in a staged frame; one run per form and batch.

        Raises:
            RuleDidNotRun: a rule could not be evaluated; that is our fault, never a finding.
        """


@dataclass(frozen=True, slots=True)
class StagedWorkbook:
    """A reading on its way through the checks."""

    submission: str
    campaign: str
    unit: str
    industry: str | None
    period: str | None
    version: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules of a form said of one staged workbook."""

    breaches: tuple[Breach, ...]
    figures: Mapping[str, int]


class Warehouse(ABC):
    """The warehouse (数据仓库): typed rows of accepted submissions, derived from archive and ledger."""

    @abstractmethod
    def batch(self) -> AbstractContextManager[None]:
        """Open one transaction; it is rolled back unless `commit` was called inside."""

    @abstractmethod
    def commit(self) -> None:
        """Keep what the batch promoted."""

    @abstractmethod
    def stage(self, form: Form, workbooks: Sequence[StagedWorkbook]) -> object:
        """Put readings into the form's stage table and return the frame for the checker; its index is the row id."""

    @abstractmethod
    def row(self, form: str, row_ids: Collection[int]) -> Mapping[int, tuple[str, str, int, Mapping[str, object]]]:
        """Return submission, sheet, row number and values of staged rows."""

    @abstractmethod
    def rules(self, form: str) -> Sequence[Rule]:
        """Return the form's rules across rows, forms and periods (SQL)."""

    @abstractmethod
    def check(self, form: str, *, parameters: Mapping[str, object]) -> Sequence[tuple[str, Breach]]:
        """Run each SQL rule of the form once over the stage; return (submission, breach).

        Raises:
            RuleDidNotRun: a statement failed; that is our fault, never a finding.
        """

    @abstractmethod
    def figures(self, form: str) -> Mapping[str, Mapping[str, int]]:
        """Return the counts of each staged submission, such as items and closed."""

    @abstractmethod
    def promote(self, form: str, submissions: Collection[str]) -> None:
        """Take the staged rows of accepted submissions into the core layer."""

    @abstractmethod
    def missing(self, submissions: Sequence[str]) -> Sequence[str]:
        """Return those of the accepted *submissions* whose rows are not in the core layer."""

    @abstractmethod
    def prefill(self, form: str, *, campaign: str, unit: str, period: str | None) -> Sequence[Mapping[str, Value]]:
        """Return the rows that a prefilled form starts with, by `data/sql/prefill/<form>.sql`."""

    @abstractmethod
    def refresh(self, tables: Mapping[str, Sequence[Mapping[str, object]]], *, campaign: str) -> None:
        """Replace a campaign's rows in the tables that mirror the ledger (obligation, submission, letter …)."""

    @abstractmethod
    def query(self, name: str, *, parameters: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
        """Return the rows of `data/sql/<name>.sql`."""

    @abstractmethod
    def content_hash(self) -> str:
        """Return the SHA-256 over the data in key order (内容校验值)."""

    @abstractmethod
    def publish(self, path: Path) -> None:
        """Replace the analysts' snapshot (发布快照) at *path*, whole or not at all."""


class LetterWriter(ABC):
    """Writes what a letter says, from its template."""

    @abstractmethod
    def write(self, kind: LetterKind, facts: LetterFacts) -> LetterText:
        """Return the text. A missing fact is an error of ours."""


class Composer(ABC):
    """Makes the finished message of a letter."""

    @abstractmethod
    def compose(
        self,
        text: LetterText,
        *,
        recipient: str,
        copy_to: Sequence[str],
        message_id: str,
        written_at: datetime,
        files: Sequence[LetterFile],
        calendar: bytes | None,
        in_reply_to: str | None,
    ) -> bytes:
        """Return the message; same input, same bytes."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date as a calendar entry. *uid* stays the same when it moves; *sequence* rises."""

    uid: str
    sequence: int
    day: date
    title: str
    detail: str


class Invitations(ABC):
    """Writes calendar files."""

    @abstractmethod
    def invite(self, deadlines: Sequence[Deadline], *, organizer: str, written_at: datetime) -> bytes:
        """Return an .ics of all-day entries; same input, same bytes."""


class Outgoing(ABC):
    """Where a copy of every letter lies as .eml."""

    @abstractmethod
    def keep(self, name: str, raw: bytes) -> None:
        """Keep a copy under a name; the same name again changes nothing."""


class Sender(ABC):
    """Sends a finished message, once."""

    @abstractmethod
    def send(self, recipients: Sequence[str], raw: bytes) -> tuple[DispatchOutcome, str]:
        """Try once; return the outcome and the server's words."""

    @abstractmethod
    def close(self) -> None:
        """End the connection."""


class Pages(ABC):
    """Writes what people look at: board, bulletins, tables. Files appear whole or not at all."""

    @abstractmethod
    def board(self, facts: Mapping[str, object]) -> Path:
        """Write the board (工作看板): one page that needs no network."""

    @abstractmethod
    def bulletin(self, period: str, facts: Mapping[str, object]) -> Path:
        """Write the bulletin (情况通报) of a month."""

    @abstractmethod
    def table(self, name: str, title: str, rows: Sequence[Mapping[str, object]]) -> Path:
        """Write a consolidated table as a workbook, such as `summary/铁合金`."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything one batch decided; the ledger takes it in one transaction."""

    outcomes: Mapping[str, tuple[Outcome, str]]  # delivery to outcome and reason in Chinese
    senders: Mapping[str, tuple[str | None, str, str | None]]  # delivery to sender, subject, unit
    submissions: tuple[Submission, ...]
    letters: tuple[Letter, ...]
    contacts: tuple["Contact", ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or mailbox at a unit (联系人), valid from an instant on."""

    campaign: str
    unit: str
    role: str  # contact, unit_mailbox, leader
    name: str
    address: str
    phone: str
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery as the ledger holds it."""

    delivery: Delivery
    sender: str | None
    subject: str
    outcome: Outcome | None
    reason: str
    submissions: tuple[str, ...]


class Ledger(ABC):
    """The ledger (报送台账): everything that happened. Every write has a natural key and may be repeated."""

    @abstractmethod
    def open_campaign(
        self, campaign: Campaign, obligations: Sequence[Obligation], contacts: Sequence[Contact], *, as_of: datetime
    ) -> int:
        """Write the campaign with its obligations; return how many were new."""

    @abstractmethod
    def open_campaigns(self) -> Sequence[str]:
        """Return the ids of the campaigns that were opened, in that order."""

    @abstractmethod
    def add_obligations(self, obligations: Sequence[Obligation]) -> int:
        """Add conditional obligations; return how many were new."""

    @abstractmethod
    def obligations(self, campaign: str) -> Sequence[Obligation]:
        """Return what is owed, extensions applied, in the order it was planned."""

    @abstractmethod
    def extend(self, obligation: str, due: date, *, by: str, reason: str, as_of: datetime) -> None:
        """Record an extension (延期)."""

    @abstractmethod
    def submitted(self, campaign: str) -> Mapping[str, Sequence[Submitted]]:
        """Return the submissions of each obligation."""

    @abstractmethod
    def submissions(self, campaign: str) -> Sequence[Submission]:
        """Return every submission with its findings, in the order of decision."""

    @abstractmethod
    def submission_of(self, unit: str, sha256: str) -> Submission | None:
        """Return the submission that a workbook of these bytes already became."""

    @abstractmethod
    def accepted(self) -> Sequence[str]:
        """Return the ids of all accepted submissions, in the order of decision."""

    @abstractmethod
    def contacts(self, campaign: str, *, as_of: datetime) -> Sequence[Contact]:
        """Return the contacts that are valid as of an instant, newest of each unit and role."""

    @abstractmethod
    def unknown(self, channel: Channel, refs: Sequence[str]) -> Collection[str]:
        """Return the refs that no delivery has."""

    @abstractmethod
    def record_delivery(self, delivery: Delivery) -> bool:
        """Record what arrived; False when it was there already."""

    @abstractmethod
    def pending(self, *, limit: int) -> Sequence[Delivery]:
        """Return deliveries without an outcome, oldest arrival first."""

    @abstractmethod
    def earlier_copy(self, delivery: Delivery) -> Delivery | None:
        """Return an earlier delivery of the same bytes."""

    @abstractmethod
    def deliveries(self) -> Sequence[DeliveryRecord]:
        """Return everything that ever arrived, in order of arrival."""

    @abstractmethod
    def record(self, assessment: Assessment) -> None:
        """Write outcomes, submissions, findings and letters; withdraw queued reminders that a file has answered."""

    @abstractmethod
    def queue(self, letters: Sequence[Letter]) -> int:
        """Put letters with their items into the outbox, each in one transaction; return how many were new.

        A letter whose key is there, or one of whose items was written before, is left out whole.
        """

    @abstractmethod
    def items(self, campaign: str) -> Collection[LetterItem]:
        """Return every letter item written so far."""

    @abstractmethod
    def written(self, campaign: str, day: date) -> Collection[str]:
        """Return the keys of the unprompted letters of a day."""

    @abstractmethod
    def letters(self, campaign: str | None = None, *, states: Collection[LetterState] = ()) -> Sequence[LetterRecord]:
        """Return letters, oldest first; of the given states only, if any are given."""

    @abstractmethod
    def withdraw_before(self, day: date) -> int:
        """Withdraw queued unprompted letters of days gone by, items and all; return how many."""

    @abstractmethod
    def is_anything_queued(self, *, as_of: datetime) -> bool:
        """Say whether `claim` has work: a letter to send, or a claim that has lapsed."""

    @abstractmethod
    def claim(self, *, as_of: datetime, limit: int) -> Sequence[LetterRecord]:
        """Take queued letters for sending; a claim older than its lease counts as uncertain."""

    @abstractmethod
    def settle(self, letter: int, outcome: DispatchOutcome, note: str, *, as_of: datetime) -> None:
        """Record a try to send (发送记录) and what follows from it."""

    @abstractmethod
    def release(
        self, letter: int, *, release: bool, by: str, reason: str, as_of: datetime, letters: Sequence[Letter]
    ) -> bool:
        """Release or withhold a draft and queue the notices it becomes; False when that was decided before."""

    @abstractmethod
    def stock_taken(self, campaign: str) -> Collection[tuple[str, str | None]]:
        """Return (milestone, period) of which stock was taken."""

    @abstractmethod
    def record_stock(self, campaign: str, milestone: str, period: str | None, *, as_of: datetime) -> bool:
        """Record that stock was taken; False when it was before."""

    @abstractmethod
    def lease(self, name: str, *, as_of: datetime) -> AbstractContextManager[bool]:
        """Hold the right to do one job; yields False when another process holds it."""

    @abstractmethod
    def revision(self) -> int:
        """Return a number that grows with every change."""

    @abstractmethod
    def published(self, campaign: str) -> tuple[int, date] | None:
        """Return revision and day of what was published last."""

    @abstractmethod
    def record_published(self, campaign: str, revision: int, day: date, content_hash: str) -> None:
        """Record what was published."""


class Definitions(ABC):
    """What the office may change: campaigns, forms, rules, refusals; read from data."""

    @abstractmethod
    def campaigns(self) -> Sequence[str]:
        """Return the ids of the campaigns on hand."""

    @abstractmethod
    def campaign(self, campaign: str) -> Campaign:
        """Return a campaign.

        Raises:
            BadDefinition: the data is wrong, with file and line.
        """

    @abstractmethod
    def forms(self) -> Mapping[str, Form]:
        """Return the forms by id."""

    @abstractmethod
    def reading_rules(self) -> Mapping[str, Rule]:
        """Return the rules of reading: what makes a cell or a layout unreadable."""

    @abstractmethod
    def catalogue(self) -> Catalogue:
        """Return the catalogue in force: the office's official list, or ours."""

    @abstractmethod
    def comparison_list(self, campaign: str) -> Sequence[ListedEnterprise]:
        """Return the enterprises of outside lists against which a campaign's survey is held."""

    @abstractmethod
    def refusal(self, code: str) -> tuple[str, str]:
        """Return title and remedy of a refusal, in Chinese."""


class Post(ABC):
    """The mail of the invented units in a replay: they read what they got and write to the office."""

    @abstractmethod
    def send(self, unit: str, *, subject: str, text: str, files: Sequence[LetterFile], at: datetime) -> None:
        """Send a mail from the unit's mailbox to the office, by SMTP."""
