"""The ledger (报送台账) on SQLAlchemy Core: one short transaction a promise."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import and_, select, true

from phaseout.adapters.ledger import (
    acts,
    dispatching,
    evidence,
    intake,
    leases,
    leave,
    outbox,
    plans,
    quarantine,
    tables,
)
from phaseout.adapters.ledger.engine import Database
from phaseout.adapters.ledger.schema import bring_up_to_date
from phaseout.adapters.ledger.sql_plans import SqlPlans
from phaseout.domain.bounce import BouncedLetter
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.catalogue_change import CatalogueImport
from phaseout.domain.evidence import Evidence, EvidenceAssignment
from phaseout.domain.explanation import Remembered
from phaseout.domain.finding import Finding
from phaseout.domain.letter import Approval, DispatchOutcome, Letter, LetterItem, LetterRecord, LetterState
from phaseout.domain.obligation import Submitted
from phaseout.domain.outbox import DispatchDecision
from phaseout.domain.quarantine import QuarantineDecision
from phaseout.domain.sending_terms import ANY_TIME, SendingTerms
from phaseout.domain.submission import Channel, Delivery, Submission
from phaseout.domain.waiver import Waiver, WaiverRecord
from phaseout.ports import Assessment, Contact, DeliveryRecord, EarlierMessage, Lease, Ledger


def open_ledger(url: str, *, calendar: WorkCalendar) -> "SqlLedger":
    """Open the ledger at a database URL, making or migrating its tables if need be.

    Raises:
        NotALedger: the database holds something else.
        LedgerFromElsewhen: a newer release wrote it.
        LedgerUnavailable: the database does not answer.
        DriverMissing: the URL names a database without a driver.
    """
    database = Database(url)
    bring_up_to_date(database)
    return SqlLedger(database, calendar=calendar)


class SqlLedger(SqlPlans, Ledger):
    """The ledger in SQLite or PostgreSQL."""

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # Intake

    def unknown(self, channel: Channel, refs: Sequence[str]) -> Collection[str]:
        """Return the refs that no delivery has."""
        with self._database.reading() as connection:
            return set(refs) - intake.known_refs(connection, channel, refs)

    def record_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Record what arrived, in one transaction; return how many were not there already."""
        with self._database.writing() as writer:
            return intake.add_deliveries(writer, deliveries)

    def pending(self, *, limit: int) -> Sequence[Delivery]:
        """Return deliveries without an outcome, oldest arrival first."""
        with self._database.reading() as connection:
            return intake.pending(connection, limit=limit)

    def earlier_copy(self, delivery: Delivery) -> Delivery | None:
        """Return an earlier delivery of the same bytes."""
        with self._database.reading() as connection:
            return intake.earlier_copy(connection, delivery)

    def deliveries(self) -> Sequence[DeliveryRecord]:
        """Return everything that ever arrived, in order of arrival."""
        with self._database.reading() as connection:
            return intake.deliveries(connection)

    def record(self, assessment: Assessment, *, under: Lease | None = None) -> None:
        """Write outcomes, submissions, findings, explanations and letters; withdraw queued reminders, now answered.

        Raises:
            LeaseLost: the job was done *under* a lease that another process has taken over; nothing is written.
        """
        with self._database.writing() as writer:
            if under is not None:
                leases.require(writer.connection, under)
            intake.record_outcomes(writer, assessment.outcomes, assessment.senders)
            intake.record_message_ids(writer, assessment.message_ids)
            new = intake.add_submissions(writer, assessment.submissions)
            ids = {submission.id for submission in new}
            leave.add_explanations(writer, [one for one in assessment.explanations if one.submission in ids])
            again = intake.decide_again(writer, assessment.decided_again)
            answered = {submission.obligation for submission in (*new, *again)}
            outbox.withdraw(writer, answered | plans.goals_told_of(writer.connection, answered))
            outbox.add_bounces(writer, assessment.bounces)
            outbox.add_letters(writer, assessment.letters)
            plans.add_contacts(writer, assessment.contacts)
            evidence.add(writer, assessment.evidence)

    def submitted(self, campaign: str) -> Mapping[str, Sequence[Submitted]]:
        """Return the submissions of each obligation that has any."""
        with self._database.reading() as connection:
            return intake.submitted(connection, campaign) | acts.submitted_on_paper(connection, campaign)

    def submissions(self, campaign: str) -> Sequence[Submission]:
        """Return every submission with its findings, in the order of decision."""
        with self._database.reading() as connection:
            return intake.submissions(connection, intake.of_campaign(campaign))

    def asked(self, obligations: Collection[str]) -> Mapping[str, Sequence[Sequence[Finding]]]:
        """Return what was found in the submissions of obligations, the newest version first."""
        with self._database.reading() as connection:
            return intake.asked(connection, obligations)

    def submissions_of(self, unit: str, sha256: str) -> Sequence[Submission]:
        """Return what a workbook of these bytes became when it last came, one submission for each industry in it."""
        with self._database.reading() as connection:
            return intake.submissions_of(connection, unit, sha256)

    def known_workbooks(self, sha256s: Sequence[str]) -> Collection[str]:
        """Return those hashes whose bytes became a submission of any unit."""
        with self._database.reading() as connection:
            return intake.known_workbooks(connection, sha256s)

    def accepted(self) -> Sequence[str]:
        """Return the ids of all accepted submissions, in the order of decision."""
        with self._database.reading() as connection:
            return intake.accepted(connection)

    def accepted_workbooks(self) -> Mapping[str, str]:
        """Return the hash of its workbook for each accepted submission, by id and in the order of decision."""
        with self._database.reading() as connection:
            return intake.accepted_workbooks(connection)

    # Quarantine

    def with_message_ids(self, message_ids: Collection[str]) -> Sequence[EarlierMessage]:
        """Return the deliveries that were assessed and carried one of these ids, in the order of collection."""
        with self._database.reading() as connection:
            return quarantine.with_message_ids(connection, message_ids)

    def decide_quarantine(self, decision: QuarantineDecision, *, contacts: Sequence[Contact] = ()) -> bool:
        """Record what a person decides of a delivery in quarantine; False when that was decided so before.

        Raises:
            NotInQuarantine: it does not wait for a decision.
        """
        with self._database.writing() as writer:
            is_new = quarantine.decide(writer, decision)
            plans.add_contacts(writer, contacts if is_new else ())
            return is_new

    def quarantine_decisions(self, deliveries: Collection[str] = ()) -> Sequence[QuarantineDecision]:
        """Return what was decided, oldest first; of the given deliveries only, if any are given."""
        with self._database.reading() as connection:
            return quarantine.decisions(connection, deliveries)

    # What units stand by and what the office lets pass

    def explanations(self, campaign: str, *, units: Collection[str] = ()) -> Sequence[Remembered]:
        """Return the explanations that were given, oldest first; of the given units only, if any are given."""
        with self._database.reading() as connection:
            return leave.explanations(connection, campaign, units=units)

    def waive(self, waiver: Waiver) -> int:
        """Record a waiver (豁免) and return its number; the same one again is the same row."""
        with self._database.writing() as writer:
            return leave.add_waiver(writer, waiver)

    def withdraw_waiver(self, number: int, *, by: str, reason: str, as_of: datetime) -> bool:
        """Record that a waiver holds no longer; False when it was withdrawn before.

        Raises:
            UnknownWaiver: the ledger has no such waiver.
        """
        with self._database.writing() as writer:
            row = {"withdrawn_by": by, "reason": reason, "withdrawn_at": as_of}
            return leave.withdraw_waiver(writer, number, row)

    def waivers(self, campaign: str) -> Sequence[WaiverRecord]:
        """Return every waiver of a campaign with its withdrawal, oldest first."""
        with self._database.reading() as connection:
            return leave.waivers(connection, campaign)

    # Evidence

    def evidence(self, campaign: str | None = None, *, unit: str | None = None) -> Sequence[Evidence]:
        """Return pictures and videos in the order of their arrival here, as persons have assigned them if they have."""
        with self._database.reading() as connection:
            return evidence.listed(connection, campaign=campaign, unit=unit)

    def evidence_like(self, like: Sequence[Evidence], *, near: int) -> Sequence[Evidence]:
        """Return what has the bytes of one of these, or may look like it: its look shares a band within *near* bits."""
        with self._database.reading() as connection:
            return evidence.alike(connection, like, near=near)

    def assign_evidence(self, assignment: EvidenceAssignment) -> bool:
        """Record whose picture it is; False when the newest assignment of these bytes says so already."""
        with self._database.writing() as writer:
            return evidence.assign(writer, assignment)

    # The catalogue in force

    def record_catalogue(self, act: CatalogueImport) -> bool:
        """Record that an official list came into force; False when it is there already."""
        with self._database.writing() as writer:
            return plans.add_catalogue(writer, act)

    def catalogues(self) -> Sequence[CatalogueImport]:
        """Return the official lists that came into force, in that order; the last one is."""
        with self._database.reading() as connection:
            return plans.catalogues(connection)

    # Outbox

    def queue(self, letters: Sequence[Letter]) -> int:
        """Put letters with their items into the outbox; return how many were new."""
        with self._database.writing() as writer:
            return outbox.add_letters(writer, letters)

    def items(self, campaign: str) -> Collection[LetterItem]:
        """Return every letter item written so far."""
        with self._database.reading() as connection:
            return outbox.items(connection, campaign)

    def written(self, campaign: str, day: date) -> Collection[str]:
        """Return the keys of the unprompted letters of a day."""
        with self._database.reading() as connection:
            return outbox.written(connection, campaign, day)

    def notices(self, day: date) -> Sequence[tuple[str, str]]:
        """Return key and recipient of the notices that were written on a day."""
        with self._database.reading() as connection:
            return outbox.notices(connection, day)

    def letters(self, campaign: str | None = None, *, states: Collection[LetterState] = ()) -> Sequence[LetterRecord]:
        """Return letters, oldest first; of the given states only, if any are given."""
        table = tables.letter
        of_campaign = table.c.campaign == campaign if campaign is not None else true()
        in_state = table.c.state.in_(list(states)) if states else true()
        with self._database.reading() as connection:
            return outbox.letters(connection, and_(of_campaign, in_state))

    def bounced(self, campaign: str | None = None) -> Sequence[BouncedLetter]:
        """Return which letters came back (退信), in the order in which the bounces were recorded."""
        of_campaign = tables.letter.c.campaign == campaign if campaign is not None else true()
        with self._database.reading() as connection:
            return outbox.bounced(connection, of_campaign)

    def withdraw_about(self, obligations: Collection[str]) -> int:
        """Withdraw what is queued or drafted about obligations that a file has answered meanwhile; return how many."""
        with self._database.writing() as writer:
            return outbox.withdraw(writer, obligations)

    def withdraw_before(self, day: date) -> int:
        """Withdraw queued routine letters of days gone by, items and all; return how many."""
        with self._database.writing() as writer:
            return outbox.withdraw_before(writer, day)

    def is_anything_queued(self, *, as_of: datetime, terms: SendingTerms = ANY_TIME) -> bool:
        """Say whether `claim` has work: a letter to send, or a claim that has lapsed."""
        with self._database.reading() as connection:
            return dispatching.is_anything_queued(connection, as_of=as_of, terms=terms)

    def claim(self, *, as_of: datetime, limit: int, terms: SendingTerms = ANY_TIME) -> Sequence[LetterRecord]:
        """Take letters for sending, the most urgent first, as many as the terms leave."""
        with self._database.writing() as writer:
            return dispatching.claim(writer, as_of=as_of, limit=limit, terms=terms)

    def settle(self, letter: int, outcome: DispatchOutcome, note: str, *, as_of: datetime) -> None:
        """Record a try to send (发送记录) and what follows from it.

        Raises:
            UnknownLetter: the ledger has no such letter.
        """
        with self._database.writing() as writer:
            dispatching.settle(writer, letter, outcome, note, as_of=as_of)

    def settle_and_claim(
        self, letter: int, outcome: DispatchOutcome, note: str, *, as_of: datetime, terms: SendingTerms = ANY_TIME
    ) -> LetterRecord | None:
        """Record a try and take the next letter, in one transaction: half the commits of doing one after the other."""
        with self._database.writing() as writer:
            dispatching.settle(writer, letter, outcome, note, as_of=as_of)
            return next(iter(dispatching.take(writer, as_of=as_of, limit=1, terms=terms)), None)

    def decide_dispatch(self, decision: DispatchDecision) -> None:
        """Record what a person decided of a letter that did not surely leave, and do it (人工处置).

        Raises:
            UnknownLetter: the ledger has no such letter.
            NotStuck: it neither failed nor stays uncertain.
        """
        with self._database.writing() as writer:
            dispatching.decide(writer, decision)

    def leave_in_doubt(self, note: str, *, as_of: datetime, decided_since: datetime | None = None) -> int:
        """Leave to a person what waits to be sent, because it may have left already; return how many letters."""
        with self._database.writing() as writer:
            return dispatching.leave_in_doubt(writer, note, as_of=as_of, decided_since=decided_since)

    def last_try(self) -> tuple[DispatchOutcome, datetime] | None:
        """Return what came of the newest try to send a letter, and when that was; None before the first."""
        with self._database.reading() as connection:
            return dispatching.last_try(connection)

    def dispatch_decisions(self) -> Sequence[DispatchDecision]:
        """Return what persons decided of letters that did not surely leave, oldest first."""
        with self._database.reading() as connection:
            return dispatching.decisions(connection)

    def release(
        self, letter: int, *, release: bool, by: str, reason: str, as_of: datetime, letters: Sequence[Letter]
    ) -> bool:
        """Release or withhold a draft and queue the notices it becomes; False when the draft waits no more.

        Raises:
            UnknownLetter: the ledger has no such letter.
        """
        with self._database.writing() as writer:
            return outbox.release(writer, letter, release=release, by=by, reason=reason, as_of=as_of, notices=letters)

    def approvals(self, campaign: str) -> Sequence[Approval]:
        """Return who released or withheld which draft of a campaign (签发记录), oldest first."""
        with self._database.reading() as connection:
            return outbox.approvals(connection, campaign)

    # The ledger itself

    @contextmanager
    def lease(self, name: str, *, as_of: datetime) -> Iterator[Lease | None]:
        """Hold the right to do one job; yields None when another process holds it."""
        lease = Lease(name, uuid4().hex)
        with self._database.writing(is_counted=False) as writer:
            is_held = leases.take(writer, lease, as_of=as_of)
        try:
            yield lease if is_held else None
        finally:
            if is_held:
                with self._database.writing(is_counted=False) as writer:
                    leases.give_back(writer, lease)

    def renew(self, lease: Lease, *, as_of: datetime) -> None:
        """Hold on to a job that lasts.

        Raises:
            LeaseLost: another process has taken it over.
        """
        with self._database.writing(is_counted=False) as writer:
            leases.renew(writer, lease, as_of=as_of)

    def revision(self) -> int:
        """Return a number that grows with every change."""
        with self._database.reading() as connection:
            return connection.scalar(select(tables.revision.c.number)) or 0
