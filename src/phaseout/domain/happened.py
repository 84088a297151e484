"""What a pass newly did (办理情况), as values for a run's page and for events; the ledger has the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.campaign import Campaign
from phaseout.domain.decision import Decision
from phaseout.domain.escalation import Planned
from phaseout.domain.finding import RETURNING, Finding
from phaseout.domain.letter import DispatchOutcome, Letter, LetterKind, LetterState
from phaseout.domain.submission import Outcome


@dataclass(frozen=True, slots=True)
class HandledForm:
    """A workbook that was decided."""

    submission: str
    title: str
    version: int
    decision: Decision
    trouble: str  # what was wrong, in a few words


@dataclass(frozen=True, slots=True)
class Handled:
    """A delivery that was settled."""

    delivery: str
    campaign: str | None
    unit: str | None
    unit_name: str
    name: str  # of the file, or the subject of the mail, as the sender wrote it
    arrived_at: datetime
    outcome: Outcome
    reason: str
    forms: tuple[HandledForm, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """An obligation that a letter told its unit to be late."""

    obligation: str
    title: str  # of its milestone
    days_late: int


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter that entered the outbox."""

    key: str
    campaign: str
    unit: str
    unit_name: str
    kind: LetterKind
    is_draft: bool
    overdue: tuple[Overdue, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A try to send a letter."""

    campaign: str
    unit: str
    kind: LetterKind
    outcome: DispatchOutcome


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """One unit at one milestone, for people: how many forms are owed, how many accepted, and how the rest stands."""

    unit: str
    unit_name: str
    period: str | None
    expected: int
    received: int
    accepted: int
    days_late: int
    reason: str


def trouble_of(findings: Sequence[Finding]) -> str:
    """Return what sent a form back, in a few words."""
    titles = list(dict.fromkeys(one.title for one in findings if one.severity in RETURNING))
    count = sum(one.severity in RETURNING for one in findings)
    return f"{'；'.join(titles[:2])}{f'等{count}处' if count > len(titles[:2]) else ''}" if titles else ""


def written_letter(plan: Planned, letter: Letter, *, campaign: Campaign) -> WrittenLetter:
    """Return what a letter was written about."""
    return WrittenLetter(
        key=letter.key,
        campaign=campaign.id,
        unit=plan.unit,
        unit_name=campaign.unit(plan.unit).name,
        kind=letter.kind,
        is_draft=letter.state is LetterState.DRAFT,
        overdue=tuple(
            Overdue(line.obligation.id, campaign.milestone(line.obligation.milestone).title, line.days_late)
            for line in plan.lines
            if line.rung is not None and line.days_late > 0
        ),
    )
