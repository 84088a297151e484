"""What becomes of a letter in the outbox (待发箱): after a try to send it, or when a file arrives first."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from phaseout.domain.calendar import CHINA, ONE_DAY, day_in_china
from phaseout.domain.letter import DispatchOutcome, LetterKind, LetterRecord, LetterState
from phaseout.errors import UsageError

# A letter that somebody took for sending longer ago than this died with its process: nobody knows whether it left.
CLAIM_LEASE = timedelta(minutes=10)
# So long a job may go without a word before another process may take it over.
LEASE = timedelta(minutes=10)
# A letter of which nobody knows whether it left is tried once more after so long: by then a server that has taken it
# has written it down, and whoever gets it twice gets it under one Message-ID.
GRACE = timedelta(minutes=10)
MOST_TRIES = 8
LONGEST_WAIT = timedelta(hours=1)
SLOW_WAIT = timedelta(minutes=15)  # the window in which NetEase counts mails
NEW_DAY = time(0, 10)  # its daily count starts again at midnight

CLAIM_LAPSED = "发送过程中断"
WILL_TRY_AGAIN = "是否送达待查，将以同一邮件编号再发一次"
STAYS_UNCERTAIN = "两次发送均不能确认是否送达，请人工核实"
SENT_AGAIN = "首次发送是否送达不明，已以同一邮件编号再发一次"
CAME_BACK = "首次发送已由对方服务器收取（收到退信），不再重发"
ANSWERED_MEANWHILE = "是否送达待查，相关材料已到，不再重发"
RELEASED = "已签发"

# Letters of these kinds say nothing any more once the file is here. A released letter stays: a person decided on it.
ROUTINE = frozenset(
    {LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE, LetterKind.THANKS, LetterKind.SIGNING}
)
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

    @property
    def is_final(self) -> bool:
        """Whether no further try follows by itself."""
        return self.state is not LetterState.QUEUED and self.not_before is None


def settlement_of(outcome: DispatchOutcome, *, retries: int, uncertain: int, as_of: datetime) -> Settlement:
    """Return what follows from a try.

    *retries* and *uncertain* count the tries that ended so, this one included.
    """
    after = _after(outcome, retries=retries, uncertain=uncertain, as_of=as_of)
    if uncertain and after.state is LetterState.QUEUED:
        # It may have left: it is never taken back and written anew, only sent again as it is.
        return Settlement(LetterState.UNCERTAIN, after.not_before or as_of)
    return after


def _after(outcome: DispatchOutcome, *, retries: int, uncertain: int, as_of: datetime) -> Settlement:
    if outcome is DispatchOutcome.RETRY and retries < MOST_TRIES:
        return Settlement(LetterState.QUEUED, as_of + min(timedelta(minutes=4 ** (retries - 1)), LONGEST_WAIT))
    if outcome is DispatchOutcome.UNCERTAIN and uncertain == 1:
        return Settlement(LetterState.UNCERTAIN, as_of + GRACE)
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
    # The letter is not to blame: it waits until the server is back, or the operator has mended the account.
    DispatchOutcome.UNREACHABLE: LetterState.QUEUED,
    DispatchOutcome.AUTH: LetterState.QUEUED,
    DispatchOutcome.CONFIG: LetterState.QUEUED,
}


def note_on(outcome: DispatchOutcome, words: str, *, uncertain: int) -> str:
    """Return what the letter's record says; *uncertain* counts the tries of which nobody knows, this one included."""
    remark = ""
    if outcome is DispatchOutcome.UNCERTAIN:
        remark = WILL_TRY_AGAIN if uncertain == 1 else STAYS_UNCERTAIN
    elif uncertain:
        remark = SENT_AGAIN
    return "；".join(part for part in (remark, words) if part)


class DispatchAct(StrEnum):
    """What a person decides of a letter that did not surely leave."""

    RESEND = "resend"  # the same bytes, once more
    ARRIVED = "arrived"  # as was found out otherwise


# Of these a person may decide: no machine will.
STUCK = frozenset({LetterState.FAILED, LetterState.UNCERTAIN})


def is_left_to_a_person(record: LetterRecord, *, today: date) -> bool:
    """Say whether a letter did not surely leave and no further try follows by itself."""
    if record.letter.state is LetterState.UNCERTAIN and record.not_before is not None:
        # What was routine on a day gone by is not said again on another.
        return record.letter.kind in ROUTINE and record.letter.day < today
    return record.letter.state in STUCK


class NotStuck(UsageError):
    """A letter is to be sent again or settled by a person that needs no person."""

    def __init__(self, *, letter: int, state: LetterState) -> None:
        self.letter = letter
        super().__init__(f"letter {letter} is {state}; only what failed or stays uncertain is decided by a person")


@dataclass(frozen=True, slots=True)
class DispatchDecision:
    """What a person decided of a letter that did not surely leave (人工处置)."""

    letter: int
    act: DispatchAct
    by: str
    reason: str
    at: datetime

    @property
    def note(self) -> str:
        """What the letter's record says then."""
        did = "人工决定重新发送" if self.act is DispatchAct.RESEND else "人工核实已送达"
        return f"{did}（{self.by}）：{self.reason}" if self.reason else f"{did}（{self.by}）"


def is_overtaken(kind: LetterKind, state: LetterState) -> bool:
    """Say whether a file that arrives now makes a letter about its obligation needless."""
    return state is LetterState.DRAFT or (state is LetterState.QUEUED and kind in ROUTINE)


def withdrawn_key(key: str, letter: int) -> str:
    """Return the key under which a withdrawn letter is kept, so that the day's letter can be written again."""
    return f"{key}#withdrawn-{letter}"
