"""Bounced letters (退信): which letters came back, and to which addresses nothing gets through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from phaseout.domain.letter import LetterRecord, LetterState

# Most bounces come within minutes, the last after days of trying.
CAME_THROUGH_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NamedBounce:
    """A recipient whom a mail of some id did not reach, as a bounce says."""

    delivery: str  # the bounce
    recipient: str
    status: str | None  # such as 5.1.1: 5 for good, 4 for now
    message_id: str


@dataclass(frozen=True, slots=True)
class BouncedLetter:
    """A letter of ours that came back."""

    letter: int
    campaign: str
    unit: str
    address: str  # to which the letter was written
    status: str | None
    at: datetime

    @property
    def is_for_good(self) -> bool:
        """Whether trying again will not help; a bounce without a status is a failure."""
        return not (self.status or "").startswith("4")


def undeliverable(
    bounced: Iterable[BouncedLetter], letters: Sequence[LetterRecord], *, as_of: datetime
) -> list[BouncedLetter]:
    """Return the newest bounce of each unit's address that no later letter has got through to."""
    newest: dict[tuple[str, str], BouncedLetter] = {}
    for one in sorted((one for one in bounced if one.is_for_good), key=lambda one: one.at):
        newest[one.unit, one.address.lower()] = one
    passed = [record for record in letters if record.letter.state is LetterState.SENT and record.settled_at]
    return [one for one in newest.values() if not any(_came_through(record, one, as_of=as_of) for record in passed)]


def _came_through(record: LetterRecord, bounced: BouncedLetter, *, as_of: datetime) -> bool:
    # Had it come back as well, its own bounce would be the newest.
    return (
        record.letter.recipient.lower() == bounced.address.lower()
        and record.settled_at is not None
        and bounced.at < record.settled_at <= as_of - CAME_THROUGH_AFTER
    )
