"""What the ledger in memory keeps of a letter, and what standing needs of a submission."""

from dataclasses import dataclass, replace
from datetime import datetime

from phaseout.domain.calendar import day_in_china
from phaseout.domain.finding import RETURNING
from phaseout.domain.letter import Letter, LetterRecord, LetterState
from phaseout.domain.obligation import Submitted
from phaseout.domain.outbox import ROUTINE, Settlement
from phaseout.domain.submission import Submission


@dataclass(slots=True)
class Entry:
    """A letter in the outbox."""

    id: int
    letter: Letter
    claimed_at: datetime | None = None
    not_before: datetime | None = None
    settled_at: datetime | None = None
    note: str | None = None
    is_overtaken: bool = False
    resent_at: datetime | None = None

    @property
    def record(self) -> LetterRecord:
        """The letter as the port gives it."""
        return LetterRecord(self.id, self.letter, self.settled_at, self.note, self.not_before)

    def is_free(self, as_of: datetime) -> bool:
        """Say whether its time has come, if it waits to be sent at all."""
        if self.letter.state is LetterState.QUEUED:
            return self.not_before is None or self.not_before <= as_of
        # What was routine on a day gone by is not said again on another; a person looks at it.
        still_holds = self.letter.kind not in ROUTINE or self.letter.day >= day_in_china(as_of)
        return self.not_before is not None and self.not_before <= as_of and still_holds

    def settle(self, after: Settlement, *, note: str, as_of: datetime) -> None:
        """Let a try, or a person, leave the letter so."""
        self.move(after.state)
        self.claimed_at, self.not_before, self.note = None, after.not_before, note
        self.settled_at = None if after.state is LetterState.QUEUED else as_of

    def move(self, state: LetterState) -> None:
        """Let the letter be in a state."""
        self.letter = replace(self.letter, state=state)


def submitted(submission: Submission) -> Submitted:
    """Return what standing needs of a submission."""
    return Submitted(
        obligation=submission.obligation,
        version=submission.version,
        arrived_at=submission.arrived_at,
        decided_at=submission.decided_at,
        decision=submission.decision,
        findings=sum(finding.severity in RETURNING for finding in submission.findings),
        figures=submission.figures,
    )
