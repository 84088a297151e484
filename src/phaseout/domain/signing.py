"""Drafts that wait for a signature (待签发): how old they are, when the office is reminded, how long it took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign, SigningReminders
from phaseout.domain.letter import Approval, LetterKind, LetterRecord, LetterState
from phaseout.domain.obligation import StandingView


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft that nobody has decided on, and for how many working days it has waited."""

    record: LetterRecord
    age: int


@dataclass(frozen=True, slots=True)
class SigningTime:
    """How long decisions on drafts took (签发用时), in working days, and how long others wait already."""

    decided: int
    mean: float | None  # none while nothing is decided
    longest: int | None
    waiting: int
    oldest: int | None


def whom_it_concerns(record: LetterRecord, campaign: Campaign) -> str:
    """Return the name of the unit that a letter speaks of; the office's desk where it speaks of none."""
    unit = record.letter.unit
    return next((one.name for one in campaign.units if one.code == unit), campaign.office.desk)


def waiting_drafts(
    letters: Iterable[LetterRecord], views: Mapping[str, StandingView], *, calendar: WorkCalendar, today: date
) -> tuple[WaitingDraft, ...]:
    """Return the drafts that wait for a decision, oldest first; what has closed is no longer anybody's task."""
    return tuple(
        WaitingDraft(record, age_of(record, calendar=calendar, today=today))
        for record in letters
        if record.letter.state is LetterState.DRAFT
        and any(item.obligation in views and views[item.obligation].is_owed for item in record.letter.items)
    )


def age_of(draft: LetterRecord, *, calendar: WorkCalendar, today: date) -> int:
    """Return how many working days lie between the day of a draft and *today*."""
    return calendar.count(draft.letter.day, today)


def rung_reached(age: int, reminders: SigningReminders) -> int:
    """Return the highest age at which the office is reminded that a draft has reached; 0 before the first."""
    last = reminders.working_days[-1]
    if age > last:
        return last + (age - last) // reminders.then_every * reminders.then_every
    return max((days for days in reminders.working_days if days <= age), default=0)


def is_reminder_due(
    waiting: Sequence[WaitingDraft],
    letters: Iterable[LetterRecord],
    reminders: SigningReminders,
    *,
    calendar: WorkCalendar,
    today: date,
) -> bool:
    """Say whether a draft has reached an age at which the office was not reminded of it yet.

    Every reminder lists all that waits: the day of the last one tells what it said of each draft.
    """
    if not calendar.is_working_day(today):
        return False
    last = max((record.letter.day for record in letters if _has_reminded(record)), default=None)
    return any(
        rung_reached(draft.age, reminders)
        > (rung_reached(age_of(draft.record, calendar=calendar, today=last), reminders) if last else 0)
        for draft in waiting
    )


def _has_reminded(record: LetterRecord) -> bool:
    # One that was taken back unsent has told nobody.
    return record.letter.kind is LetterKind.SIGNING and record.letter.state is not LetterState.WITHDRAWN


def signing_time(
    letters: Iterable[LetterRecord],
    approvals: Iterable[Approval],
    waiting: Sequence[WaitingDraft],
    *,
    calendar: WorkCalendar,
) -> SigningTime:
    """Add up how long the decisions on drafts took, and how long those that wait have waited."""
    drafted = {record.id: record.letter.day for record in letters}
    taken = [
        calendar.count(drafted[approval.letter], day_in_china(approval.at))
        for approval in approvals
        if approval.letter in drafted
    ]
    return SigningTime(
        decided=len(taken),
        mean=sum(taken) / len(taken) if taken else None,
        longest=max(taken, default=None),
        waiting=len(waiting),
        oldest=max((draft.age for draft in waiting), default=None),
    )
