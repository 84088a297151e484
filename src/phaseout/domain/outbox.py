"""What becomes of a letter in the outbox (待发箱): after a try to send it, or when a file arrives first."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from phaseout.domain.calendar import CHINA, ONE_DAY, day_in_china
from phaseout.domain.letter import DispatchOutcome, LetterKind, LetterState
from phaseout.errors import UsageError

# A letter that somebody took for sending longer ago than this died with its process: nobody knows whether it left.
CLAIM_LEASE = timedelta(minutes=10)
# So long a job may go without a word before another process may take it over.
LEASE = timedelta(minutes=10)
MOST_TRIES = 8
LONGEST_WAIT = timedelta(hours=1)
SLOW_WAIT = timedelta(minutes=15)  # the window in which NetEase counts mails
NEW_DAY = time(0, 10)  # its daily count starts again at midnight

CLAIM_LAPSED = "发送过程中断，是否送达待查"
RELEASED = "已签发"

# Letters of these kinds say nothing any more once the file is here. A released letter stays: a person decided on it.
ROUTINE = frozenset({LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE})
# What has left, or was taken back by the office or by a file, is not changed by a late word from the sender.
DECIDED = frozenset({LetterState.DRAFT, LetterState.SENT, LetterState.WITHHELD, LetterState.WITHDRAWN})


class UnknownLetter(UsageError):
    """A letter is asked for that the ledger does not have."""

    def __init__(self, *, letter: int) -> None:
        self.letter = letter
        super().__init__(f"the ledger has no letter {letter}")


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a try leaves a letter, and before when it is not tried again."""

    state: LetterState
    not_before: datetime | None = None


def settlement_of(outcome: DispatchOutcome, *, tries: int, as_of: datetime) -> Settlement:
    """Return what follows from a try; *tries* counts those that ended in a retry, this one included."""
    if outcome is DispatchOutcome.RETRY and tries < MOST_TRIES:
        return Settlement(LetterState.QUEUED, as_of + min(timedelta(minutes=4 ** (tries - 1)), LONGEST_WAIT))
    if outcome is DispatchOutcome.SLOW:
        return Settlement(LetterState.QUEUED, as_of + SLOW_WAIT)
    if outcome is DispatchOutcome.TOMORROW:
        return Settlement(LetterState.QUEUED, datetime.combine(day_in_china(as_of) + ONE_DAY, NEW_DAY, CHINA))
    return Settlement(_STATE_AFTER[outcome])


_STATE_AFTER = {
    DispatchOutcome.SENT: LetterState.SENT,
    DispatchOutcome.FILED: LetterState.SENT,
    DispatchOutcome.RETRY: LetterState.FAILED,
    DispatchOutcome.HELD: LetterState.FAILED,
    DispatchOutcome.PERMANENT: LetterState.FAILED,
    DispatchOutcome.UNCERTAIN: LetterState.UNCERTAIN,
    # The letter is not to blame: it waits until the operator has mended the account.
    DispatchOutcome.AUTH: LetterState.QUEUED,
    DispatchOutcome.CONFIG: LetterState.QUEUED,
}


def is_overtaken(kind: LetterKind, state: LetterState) -> bool:
    """Say whether a file that arrives now makes a letter about its obligation needless."""
    return state is LetterState.DRAFT or (state is LetterState.QUEUED and kind in ROUTINE)


def withdrawn_key(key: str, letter: int) -> str:
    """Return the key under which a withdrawn letter is kept, so that the day's letter can be written again."""
    return f"{key}#withdrawn-{letter}"
