"""The ledger (报送台账), and what is written into it at once."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime

from phaseout.domain.bounce import BouncedLetter, NamedBounce
from phaseout.domain.catalogue_change import CatalogueImport
from phaseout.domain.evidence import Evidence, EvidenceAssignment
from phaseout.domain.explanation import Remembered
from phaseout.domain.finding import Finding
from phaseout.domain.letter import (
    Approval,
    DispatchOutcome,
    Letter,
    LetterItem,
    LetterRecord,
    LetterState,
)
from phaseout.domain.obligation import Submitted
from phaseout.domain.outbox import DispatchDecision
from phaseout.domain.quarantine import QuarantineDecision
from phaseout.domain.sending_terms import ANY_TIME, SendingTerms
from phaseout.domain.submission import (
    Channel,
    Delivery,
    Outcome,
    Submission,
)
from phaseout.domain.waiver import Waiver, WaiverRecord
from phaseout.errors import TransientError
from phaseout.ports.plans import Contact, LedgerOfPlans


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one job, as one process holds it."""

    name: str
    holder: str


class LeaseLost(TransientError):
    """Another process has taken a job over: what this one worked out since is not written down."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(f"another process has taken over `{name}`; the work that was under way is left to it")


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything one batch decided; the ledger takes it in one transaction."""

    outcomes: Mapping[str, tuple[Outcome, str]]  # delivery to outcome and reason in Chinese
    senders: Mapping[str, tuple[str | None, str, str | None]]  # delivery to sender, subject, unit
    submissions: tuple[Submission, ...]
    letters: tuple[Letter, ...]
    contacts: tuple[Contact, ...]
    explanations: tuple[Remembered, ...] = ()  # of the submissions, in the order in which they were read
    message_ids: Mapping[str, str] = field(default_factory=dict)  # delivery to Message-ID
    evidence: tuple[Evidence, ...] = ()  # as it was matched by names and folders
    decided_again: tuple[Submission, ...] = ()  # held ones of which an officer has reopened the obligation
    bounces: tuple[NamedBounce, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """A mail that came with a Message-ID."""

    delivery: str
    message_id: str
    sender: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery as the ledger holds it."""

    delivery: Delivery
    sender: str | None
    subject: str
    outcome: Outcome | None
    reason: str
    submissions: tuple[str, ...]


class Ledger(LedgerOfPlans):
    """The ledger (报送台账): everything that happened. Every write has a natural key and may be repeated."""

    @abstractmethod
    def submitted(self, campaign: str) -> Mapping[str, Sequence[Submitted]]:
        """Return the submissions of each obligation."""

    @abstractmethod
    def submissions(self, campaign: str) -> Sequence[Submission]:
        """Return every submission with its findings, in the order of decision."""

    @abstractmethod
    def submissions_of(self, unit: str, sha256: str) -> Sequence[Submission]:
        """Return what a workbook of these bytes became when it last came, one submission for each industry in it."""

    @abstractmethod
    def known_workbooks(self, sha256s: Sequence[str]) -> Collection[str]:
        """Return those hashes whose bytes became a submission of any unit."""

    @abstractmethod
    def accepted(self) -> Sequence[str]:
        """Return the ids of all accepted submissions, in the order of decision."""

    @abstractmethod
    def accepted_workbooks(self) -> Mapping[str, str]:
        """Return the hash of its workbook for each accepted submission, by id and in the order of decision."""

    @abstractmethod
    def unknown(self, channel: Channel, refs: Sequence[str]) -> Collection[str]:
        """Return the refs that no delivery has."""

    @abstractmethod
    def record_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Record what arrived, in one transaction; return how many were not there already.

        What lies at one place of a channel is one delivery: the first that was recorded.
        """

    def record_delivery(self, delivery: Delivery) -> bool:
        """Record one thing that arrived; False when it was there already."""
        return self.record_deliveries([delivery]) == 1

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
    def record(self, assessment: Assessment, *, under: Lease | None = None) -> None:
        """Write outcomes, submissions, findings, explanations and letters; withdraw queued reminders that are answered.

        The explanations of a submission that is there already are there as well. Of a submission that was held and is
        decided again, decision and findings are replaced.

        Raises:
            LeaseLost: the job was done *under* a lease that another process has taken over; nothing is written.
        """

    @abstractmethod
    def with_message_ids(self, message_ids: Collection[str]) -> Sequence[EarlierMessage]:
        """Return the deliveries that were assessed and carried one of these ids, in the order of collection."""

    @abstractmethod
    def decide_quarantine(self, decision: QuarantineDecision, *, contacts: Sequence[Contact] = ()) -> bool:
        """Record what a person decides of a delivery in quarantine; False when that was decided so before.

        Accepted, the delivery waits for the next assess; the contacts are remembered with it.

        Raises:
            NotInQuarantine: it does not wait for a decision.
        """

    @abstractmethod
    def quarantine_decisions(self, deliveries: Collection[str] = ()) -> Sequence[QuarantineDecision]:
        """Return what was decided, oldest first; of the given deliveries only, if any are given."""

    @abstractmethod
    def asked(self, obligations: Collection[str]) -> Mapping[str, Sequence[Sequence[Finding]]]:
        """Return what was found in the submissions of obligations, the newest version first."""

    @abstractmethod
    def explanations(self, campaign: str, *, units: Collection[str] = ()) -> Sequence[Remembered]:
        """Return the explanations (情况说明), oldest first; of the given units only, if any are given."""

    @abstractmethod
    def waive(self, waiver: Waiver) -> int:
        """Record a waiver (豁免) and return its number; the same one again is the same row."""

    @abstractmethod
    def withdraw_waiver(self, number: int, *, by: str, reason: str, as_of: datetime) -> bool:
        """Record that a waiver holds no longer; False when it was withdrawn before."""

    @abstractmethod
    def waivers(self, campaign: str) -> Sequence[WaiverRecord]:
        """Return every waiver of a campaign with its withdrawal, oldest first."""

    @abstractmethod
    def evidence(self, campaign: str | None = None, *, unit: str | None = None) -> Sequence[Evidence]:
        """Return pictures and videos in the order of their arrival here, as persons have assigned them if they have."""

    @abstractmethod
    def evidence_like(self, like: Sequence[Evidence], *, near: int) -> Sequence[Evidence]:
        """Return what has the bytes of one of these, or may look like it: its look shares a band within *near* bits."""

    @abstractmethod
    def assign_evidence(self, assignment: EvidenceAssignment) -> bool:
        """Record whose picture it is; False when the newest assignment of these bytes says so already."""

    @abstractmethod
    def record_catalogue(self, act: CatalogueImport) -> bool:
        """Record that an official list came into force; False when it is there already."""

    @abstractmethod
    def catalogues(self) -> Sequence[CatalogueImport]:
        """Return the official lists that came into force, in that order; the last one is."""

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
    def notices(self, day: date) -> Sequence[tuple[str, str]]:
        """Return key and recipient of the notices (来件核实, 补附) that were written on a day."""

    @abstractmethod
    def letters(self, campaign: str | None = None, *, states: Collection[LetterState] = ()) -> Sequence[LetterRecord]:
        """Return letters, oldest first; of the given states only, if any are given."""

    @abstractmethod
    def bounced(self, campaign: str | None = None) -> Sequence[BouncedLetter]:
        """Return which letters came back (退信), in the order in which the bounces were recorded."""

    @abstractmethod
    def withdraw_about(self, obligations: Collection[str]) -> int:
        """Withdraw what is queued or drafted about obligations that a file has answered meanwhile; return how many."""

    @abstractmethod
    def withdraw_before(self, day: date) -> int:
        """Withdraw queued unprompted letters of days gone by, items and all; return how many."""

    @abstractmethod
    def is_anything_queued(self, *, as_of: datetime, terms: SendingTerms = ANY_TIME) -> bool:
        """Say whether `claim` has work: a letter to send, or a claim that has lapsed."""

    @abstractmethod
    def claim(self, *, as_of: datetime, limit: int, terms: SendingTerms = ANY_TIME) -> Sequence[LetterRecord]:
        """Take letters for sending, the most urgent first, as many as the terms leave.

        A claim older than its lease counts as a try of which nobody knows what came; after the first such try a letter
        is taken once more, unless it bounced or was answered meanwhile.
        """

    @abstractmethod
    def settle(self, letter: int, outcome: DispatchOutcome, note: str, *, as_of: datetime) -> None:
        """Record a try to send (发送记录) and what follows from it."""

    @abstractmethod
    def settle_and_claim(
        self, letter: int, outcome: DispatchOutcome, note: str, *, as_of: datetime, terms: SendingTerms = ANY_TIME
    ) -> LetterRecord | None:
        """Record a try and take the next letter, in one transaction."""

    @abstractmethod
    def decide_dispatch(self, decision: DispatchDecision) -> None:
        """Record what a person decided of a letter that did not surely leave, and do it (人工处置).

        Raises:
            UnknownLetter: the ledger has no such letter.
            NotStuck: it neither failed nor stays uncertain.
        """

    @abstractmethod
    def leave_in_doubt(self, note: str, *, as_of: datetime, decided_since: datetime | None = None) -> int:
        """Leave to a person what waits to be sent, because it may have left already; return how many letters.

        What answers deliveries that arrived after *decided_since*, and what a person let leave again after it, is
        spared. Drafts get the note and stay drafts.
        """

    @abstractmethod
    def last_try(self) -> tuple[DispatchOutcome, datetime] | None:
        """Return what came of the newest try to send a letter, and when that was; None before the first."""

    @abstractmethod
    def dispatch_decisions(self) -> Sequence[DispatchDecision]:
        """Return what persons decided of letters that did not surely leave, oldest first."""

    @abstractmethod
    def release(
        self, letter: int, *, release: bool, by: str, reason: str, as_of: datetime, letters: Sequence[Letter]
    ) -> bool:
        """Release or withhold a draft and queue the notices it becomes; False when that was decided before."""

    @abstractmethod
    def approvals(self, campaign: str) -> Sequence[Approval]:
        """Return who released or withheld which draft of a campaign (签发记录), oldest first."""

    @abstractmethod
    def lease(self, name: str, *, as_of: datetime) -> AbstractContextManager[Lease | None]:
        """Hold the right to do one job; yields None when another process holds it."""

    @abstractmethod
    def renew(self, lease: Lease, *, as_of: datetime) -> None:
        """Hold on to a job that lasts: nobody takes it over before its time, counted from now, is up.

        Raises:
            LeaseLost: somebody has.
        """

    @abstractmethod
    def revision(self) -> int:
        """Return a number that grows with every change."""
