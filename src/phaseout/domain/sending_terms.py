"""When letters may leave (发件时段) and how many (发件限额): what the office and its mail provider set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from phaseout.domain.calendar import CHINA, SATURDAY, WorkCalendar, day_in_china
from phaseout.domain.letter import ANSWERS, DispatchOutcome, LetterKind
from phaseout.errors import UsageError

# A pass takes no further letter after so long: what it claimed must not look abandoned while it is still at work.
LONGEST_PASS = timedelta(minutes=3)
# NetEase counts within a quarter of an hour. A try is written down under the instant at which its pass began, so a
# pass is added: then no quarter of an hour on the provider's clock sees more than the limit.
WINDOW = timedelta(minutes=15) + LONGEST_PASS
# After a refused login or a refused sender the next try waits so long: repeated failures lock an account.
PAUSE = timedelta(minutes=30)
# After a try that found no server the next one waits so long, so much longer with each further one in a row, and at
# most so long: somebody waits for a receipt. Of tries longer ago than that nothing is concluded.
ABSENCE = timedelta(minutes=4)  # less than the five minutes after which `deliver` runs again
LONGEST_ABSENCE = timedelta(minutes=15)
ABSENCE_SEEN = timedelta(hours=1)
# What a provider has counted, or may have: it took the mail, perhaps took it, or refused it for what it is. A line
# that was never opened, and a mail that it would not count yet, cost nothing.
COUNTED = frozenset({DispatchOutcome.SENT, DispatchOutcome.UNCERTAIN, DispatchOutcome.HELD, DispatchOutcome.PERMANENT})
STOPS_THE_QUEUE = frozenset({DispatchOutcome.AUTH, DispatchOutcome.CONFIG})
# What the next letter would meet as well.
ENDS_THE_PASS = STOPS_THE_QUEUE | {DispatchOutcome.UNREACHABLE}

# What leaves first when not everything can: the answer that asks for something, then what a person signed, then the
# most urgent; last the notices that ask strangers for a word.
# Of those that are as urgent as each other the oldest leaves first.
_IN_ORDER = (
    (LetterKind.RETURN, LetterKind.HEALTH),
    (LetterKind.RECEIPT, LetterKind.EXTENSION, LetterKind.EXEMPTION),
    (LetterKind.SUPERVISION, LetterKind.CRITICISM, LetterKind.COORDINATION),
    (LetterKind.OVERDUE,),
    (LetterKind.REMINDER,),
    (LetterKind.REQUEST,),
    (LetterKind.SIGNING, LetterKind.TABLES),
    (LetterKind.THANKS,),
    (LetterKind.VERIFICATION, LetterKind.RESEND, LetterKind.PREVIEW),
)
DISPATCH_ORDER: Mapping[LetterKind, int] = {kind: place for place, kinds in enumerate(_IN_ORDER) for kind in kinds}


class BadQuietHours(UsageError):
    """The quiet hours are not written as two times of day."""

    def __init__(self, *, text: str) -> None:
        super().__init__(f"PHASEOUT_QUIET_HOURS {text!r}: write them as 20:00-07:00, or nothing for none")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of the day, in China, in which nobody gets a letter that he did not ask for (免打扰时段)."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours | None":
        """Read `20:00-07:00`; nothing means none.

        Raises:
            BadQuietHours: it is written in another way.
        """
        if not text.strip():
            return None
        try:
            start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        except ValueError as error:
            raise BadQuietHours(text=text) from error
        return cls(start, end)

    def hold(self, instant: datetime) -> bool:
        """Say whether they are on."""
        now = instant.astimezone(CHINA).time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


@dataclass(frozen=True, slots=True)
class SendingTerms:
    """What `deliver` keeps to. Without any, whatever waits leaves at once."""

    per_window: int | None = None
    per_day: int | None = None  # of the calendar, in China
    quiet: QuietHours | None = None
    calendar: WorkCalendar | None = None  # without one every day is a working day
    pause: timedelta = timedelta(0)
    is_stopped: bool = False  # by a person, or since the ledger came from a backup

    def are_answers_alone(self, as_of: datetime) -> bool:
        """Say whether nothing unprompted may leave now: in quiet hours, and on days off."""
        if self.quiet is not None and self.quiet.hold(as_of):
            return True
        return self.calendar is not None and not _is_working_day(self.calendar, as_of)

    def absence(self, tries: int) -> timedelta:
        """Return how long nothing is tried after so many tries in a row that found no server."""
        return min(tries * ABSENCE, LONGEST_ABSENCE, self.pause)

    def left(self, *, in_window: int, on_day: int) -> int | None:
        """Return how many letters may leave yet, after so many in the window and on the day; None for any number."""
        if self.is_stopped:
            return 0
        rests = [
            limit - used for limit, used in ((self.per_window, in_window), (self.per_day, on_day)) if limit is not None
        ]
        return max(0, min(rests)) if rests else None

    @property
    def is_limited(self) -> bool:
        """Whether letters must be counted."""
        return self.is_stopped or self.per_window is not None or self.per_day is not None


ANY_TIME = SendingTerms()


def start_of_day(as_of: datetime) -> datetime:
    """Return the midnight in China from which a day's letters are counted."""
    return datetime.combine(day_in_china(as_of), time(), CHINA)


def may_leave(kind: LetterKind, *, answers_alone: bool) -> bool:
    """Say whether a letter of a kind may leave at an hour at which only answers may, or at any other."""
    return kind in ANSWERS or not answers_alone


def _is_working_day(calendar: WorkCalendar, as_of: datetime) -> bool:
    day = day_in_china(as_of)
    # Answers must leave also in a year whose holidays nobody has entered yet.
    return calendar.is_working_day(day) if day.year in calendar.years else day.weekday() < SATURDAY
