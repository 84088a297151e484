"""The ledger (报送台账) in memory."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from phaseout.adapters.memory.dispatching import LedgerOfDispatchesInMemory
from phaseout.adapters.memory.entries import Entry, submitted
from phaseout.domain.bounce import BouncedLetter
from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.decision import Decision
from phaseout.domain.finding import Finding
from phaseout.domain.letter import (
    ANSWERS,
    NOTICES,
    Approval,
    Letter,
    LetterItem,
    LetterRecord,
    LetterState,
)
from phaseout.domain.obligation import Submitted
from phaseout.domain.outbox import LEASE, RELEASED, ROUTINE, is_overtaken
from phaseout.domain.paper import PaperReceipt, as_submitted, file_of
from phaseout.domain.submission import Submission
from phaseout.ports import Assessment, Lease, LeaseLost


class MemoryLedger(LedgerOfDispatchesInMemory):
    """A ledger that lasts as long as the object, for one thread."""

    def __init__(self, *, calendar: WorkCalendar) -> None:
        super().__init__(calendar=calendar)
        self._submissions: dict[str, Submission] = {}
        self._approvals: dict[int, tuple[bool, str, str, datetime, str]] = {}
        self._leases: dict[str, tuple[Lease, datetime]] = {}

    # Intake

    def record(self, assessment: Assessment, *, under: Lease | None = None) -> None:
        """Write outcomes, submissions, findings and letters; withdraw queued reminders that a file has answered.

        Raises:
            LeaseLost: the job was done *under* a lease that another process has taken over; nothing is written.
        """
        if under is not None:
            self._require_lease(under)
        for delivery, (outcome, reason) in assessment.outcomes.items():
            self._update(replace(self._deliveries[delivery], outcome=outcome, reason=reason))
        for delivery, (sender, subject, unit) in assessment.senders.items():
            held = self._deliveries[delivery]
            with_unit = replace(held.delivery, unit=unit or held.delivery.unit)
            self._update(replace(held, sender=sender, subject=subject, delivery=with_unit))
        self._note_message_ids(assessment.message_ids)
        new = [submission for submission in assessment.submissions if submission.id not in self._submissions]
        for submission in new:
            self._add_submission(submission)
        ids = {submission.id for submission in new}
        self._add_explanations(one for one in assessment.explanations if one.submission in ids)
        again = [one for one in assessment.decided_again if self._decision(one.id) is Decision.HELD]
        for submission in again:
            self._decide_again(submission)
        answered = {submission.obligation for submission in (*new, *again)}
        self._withdraw(answered | self._goals_told_of(answered))
        self._add_bounces(assessment.bounces)
        self.queue(assessment.letters)
        self._add_contacts(assessment.contacts)
        self._add_evidence(assessment.evidence)

    def _decision(self, submission: str) -> Decision | None:
        known = self._submissions.get(submission)
        return known.decision if known else None

    def _decide_again(self, submission: Submission) -> None:
        self._submissions[submission.id] = replace(
            self._submissions[submission.id],
            decision=submission.decision,
            decided_at=submission.decided_at,
            figures=submission.figures,
            check_figure=submission.check_figure,
            findings=tuple(replace(finding, explanation=None) for finding in submission.findings),
        )
        self._changed()

    def _add_submission(self, submission: Submission) -> None:
        findings = tuple(replace(finding, explanation=None) for finding in submission.findings)
        self._submissions[submission.id] = replace(submission, findings=findings)
        held = self._deliveries[submission.delivery]
        self._deliveries[submission.delivery] = replace(held, submissions=(*held.submissions, submission.id))
        self._changed()

    def submitted(self, campaign: str) -> Mapping[str, Sequence[Submitted]]:
        """Return the submissions of each obligation that has any."""
        answers: dict[str, list[Submitted]] = {}
        for submission in sorted(self.submissions(campaign), key=lambda submission: submission.version):
            answers.setdefault(submission.obligation, []).append(submitted(submission))
        return answers | self._submitted_on_paper(campaign)

    def _submitted_on_paper(self, campaign: str) -> dict[str, list[Submitted]]:
        accepted = [s for s in self.submissions(campaign) if s.decision is Decision.ACCEPTED]
        figures = {s.obligation: s.check_figure or "" for s in sorted(accepted, key=lambda s: s.version)}
        received: dict[str, list[PaperReceipt]] = {}
        for receipt in self.papers(campaign):
            received.setdefault(receipt.obligation, []).append(receipt)
        return {name: as_submitted(receipts, figures.get(file_of(name))) for name, receipts in received.items()}

    def submissions(self, campaign: str) -> Sequence[Submission]:
        """Return every submission with its findings, in the order of decision."""
        return [s for s in self._submissions.values() if self._obligations[s.obligation].campaign == campaign]

    def asked(self, obligations: Collection[str]) -> Mapping[str, Sequence[Sequence[Finding]]]:
        """Return what was found in the submissions of obligations, the newest version first."""
        found: dict[str, list[Sequence[Finding]]] = {}
        for submission in sorted(self._submissions.values(), key=lambda submission: -submission.version):
            if submission.obligation in obligations:
                found.setdefault(submission.obligation, []).append(submission.findings)
        return found

    def submissions_of(self, unit: str, sha256: str) -> Sequence[Submission]:
        """Return what a workbook of these bytes became when it last came, one submission for each industry in it."""
        found = [s for s in self._submissions.values() if s.unit == unit and s.sha256 == sha256]
        return [s for s in found if s.delivery == found[-1].delivery]

    def known_workbooks(self, sha256s: Sequence[str]) -> Collection[str]:
        """Return those hashes whose bytes became a submission of any unit."""
        return {submission.sha256 for submission in self._submissions.values()} & set(sha256s)

    def accepted(self) -> Sequence[str]:
        """Return the ids of all accepted submissions, in the order of decision."""
        return [s.id for s in self._submissions.values() if s.decision is Decision.ACCEPTED]

    def accepted_workbooks(self) -> Mapping[str, str]:
        """Return the hash of its workbook for each accepted submission, by id and in the order of decision."""
        return {s.id: s.sha256 for s in self._submissions.values() if s.decision is Decision.ACCEPTED}

    # Outbox

    def queue(self, letters: Sequence[Letter]) -> int:
        """Put letters with their items into the outbox; return how many were new."""
        before = len(self._entries)
        for letter in letters:
            if letter.key not in self._keys and self._items.isdisjoint(letter.items):
                number = len(self._entries) + 1
                self._entries[number] = self._waiting[number] = Entry(number, letter)
                self._keys.add(letter.key)
                self._items.update(letter.items)
                self._changed()
        return len(self._entries) - before

    def items(self, campaign: str) -> Collection[LetterItem]:
        """Return every letter item written so far."""
        return {item for letter in self._letters(campaign) for item in letter.items}

    def written(self, campaign: str, day: date) -> Collection[str]:
        """Return the keys of the unprompted letters of a day."""
        of_day = [letter for letter in self._letters(campaign) if letter.day == day]
        return {x.key for x in of_day if x.kind not in ANSWERS and x.state is not LetterState.WITHDRAWN}

    def notices(self, day: date) -> Sequence[tuple[str, str]]:
        """Return key and recipient of the notices that were written on a day."""
        of_day = [record.letter for record in self.letters() if record.letter.day == day]
        return [(letter.key, letter.recipient) for letter in of_day if letter.kind in NOTICES]

    def _letters(self, campaign: str) -> Iterator[Letter]:
        return (entry.letter for entry in self._entries.values() if entry.letter.campaign == campaign)

    def letters(self, campaign: str | None = None, *, states: Collection[LetterState] = ()) -> Sequence[LetterRecord]:
        """Return letters, oldest first; of the given states only, if any are given."""
        return [
            entry.record
            for entry in self._entries.values()
            if campaign in {None, entry.letter.campaign} and (not states or entry.letter.state in states)
        ]

    def bounced(self, campaign: str | None = None) -> Sequence[BouncedLetter]:
        """Return which letters came back (退信), in the order in which the bounces were recorded."""
        return [
            BouncedLetter(
                entry.id,
                entry.letter.campaign,
                entry.letter.unit,
                entry.letter.recipient,
                bounce.status,
                self._deliveries[bounce.delivery].delivery.arrived_at,
            )
            for bounce in self._bounces
            for entry in self._entries.values()
            if entry.letter.message_id == bounce.message_id and campaign in {None, entry.letter.campaign}
        ]

    def _withdraw(self, obligations: Collection[str]) -> int:
        about = [
            entry
            for entry in self._waiting.values()
            if any(item.obligation in obligations for item in entry.letter.items)
        ]
        overtaken = [entry for entry in about if is_overtaken(entry.letter.kind, entry.letter.state)]
        for entry in overtaken:
            self._take_back(entry)
        self._mark_overtaken(about)
        return len(overtaken)

    def withdraw_about(self, obligations: Collection[str]) -> int:
        """Withdraw what is queued or drafted about obligations that a file has answered meanwhile; return how many."""
        return self._withdraw(obligations)

    def withdraw_before(self, day: date) -> int:
        """Withdraw queued routine letters of days gone by, items and all; return how many."""
        stale = [
            entry
            for entry in self._waiting.values()
            if entry.letter.state is LetterState.QUEUED
            and entry.letter.kind in ROUTINE
            and entry.letter.day < day
            and entry.resent_at is None
        ]
        for entry in stale:
            self._take_back(entry)
        return len(stale)

    def release(
        self, letter: int, *, release: bool, by: str, reason: str, as_of: datetime, letters: Sequence[Letter]
    ) -> bool:
        """Release or withhold a draft and queue the notices it becomes; False when the draft waits no more.

        Raises:
            UnknownLetter: the ledger has no such letter.
        """
        entry = self._entry(letter)
        if entry.letter.state is not LetterState.DRAFT:
            return False
        self._approvals[letter] = (release, by, reason, as_of, entry.letter.raw_sha256)
        if release and not letters:
            entry.move(LetterState.QUEUED)
        else:
            entry.move(LetterState.SENT if release else LetterState.WITHHELD)
            entry.settled_at, entry.note = as_of, RELEASED if release else reason
        self.queue(letters if release else ())
        self._changed()
        return True

    def approvals(self, campaign: str) -> Sequence[Approval]:
        """Return who released or withheld which draft of a campaign (签发记录), oldest first."""
        of_campaign = [
            Approval(letter, *decided[:4])
            for letter, decided in self._approvals.items()
            if self._entries[letter].letter.campaign == campaign
        ]
        return sorted(of_campaign, key=lambda one: (one.at, one.letter))

    # The ledger itself

    @contextmanager
    def lease(self, name: str, *, as_of: datetime) -> Iterator[Lease | None]:
        """Hold the right to do one job; yields None when another process holds it."""
        _, until = self._leases.get(name, (None, as_of))
        if until > as_of:
            yield None
            return
        lease = Lease(name, uuid4().hex)
        self._leases[name] = (lease, as_of + LEASE)
        try:
            yield lease
        finally:
            if self._is_held(lease):
                del self._leases[name]

    def renew(self, lease: Lease, *, as_of: datetime) -> None:
        """Hold on to a job that lasts.

        Raises:
            LeaseLost: another process has taken it over.
        """
        self._require_lease(lease)
        self._leases[lease.name] = (lease, as_of + LEASE)

    def _require_lease(self, lease: Lease) -> None:
        if not self._is_held(lease):
            raise LeaseLost(name=lease.name)

    def _is_held(self, lease: Lease) -> bool:
        holder, _ = self._leases.get(lease.name, (None, None))
        return holder == lease

    def revision(self) -> int:
        """Return a number that grows with every change."""
        return self._revision
