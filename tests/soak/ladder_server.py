"""A mail server for the ladder's simulation: what it answers is fixed by the seed, letter by letter and try by try."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

GLOBAL = ("auth", "config")  # the account is at fault, not the letter
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Mail:
    """Which letter it is, for office and oracle alike."""

    kind: str
    unit: str
    day: str
    subject: str = ""


@dataclass(frozen=True)
class Answer:
    """What the sender is told, and whether the mail is there."""

    outcome: str
    is_accepted: bool
    dies: bool = False  # the sending process is killed before it hears

    @property
    def words(self) -> str:
        return f"{'the process died' if self.dies else self.outcome}{', taken' if self.is_accepted else ''}"


@dataclass(frozen=True)
class Script:
    """How a server behaves in one world."""

    seed: int
    faults: float  # how many tries go wrong
    closed: Sequence[tuple[datetime, datetime, str]] = ()  # when the account is not let in, and why
    per_quarter: int | None = None
    per_day: int | None = None


# What goes wrong with a try, and how often among the faults.
FAULTS = {
    Answer("retry", is_accepted=False): 30,
    Answer("slow", is_accepted=False): 12,
    Answer("tomorrow", is_accepted=False): 8,
    Answer("held", is_accepted=False): 6,
    Answer("permanent", is_accepted=False): 10,
    Answer("uncertain", is_accepted=True): 10,
    Answer("uncertain", is_accepted=False): 10,
    Answer("sent", is_accepted=False, dies=True): 7,
    Answer("sent", is_accepted=True, dies=True): 7,
}
TAKEN = Answer("sent", is_accepted=True)
# Of a letter in doubt it only matters whether the next try leaves doubt again.
AFTER_DOUBT = {TAKEN: 60, Answer("uncertain", is_accepted=True): 20, Answer("uncertain", is_accepted=False): 20}


@dataclass
class Server:
    """One server's memory; office and oracle have one each."""

    script: Script
    tries: Counter[Mail] = field(default_factory=Counter)
    in_doubt: set[Mail] = field(default_factory=set)
    taken: list[tuple[datetime, Mail]] = field(default_factory=list)
    log: list[tuple[datetime, Mail, Answer]] = field(default_factory=list)

    def take(self, mail: Mail, as_of: datetime) -> Answer:
        """Answer one try."""
        answer = self._answer(mail, as_of)
        self.log.append((as_of, mail, answer))
        if answer.is_accepted:
            self.taken.append((as_of, mail))
        if answer.dies or answer.outcome == "uncertain":
            self.in_doubt.add(mail)
        return answer

    def _answer(self, mail: Mail, as_of: datetime) -> Answer:
        for start, end, why in self.script.closed:
            if start <= as_of < end:
                return Answer(why, is_accepted=False)
        if mail not in self.in_doubt and (limited := self._limit(as_of)):
            return Answer(limited, is_accepted=False)
        self.tries[mail] += 1
        chance = Random(f"{self.script.seed}/{mail}/{self.tries[mail]}")  # noqa: S311  a fixed chance
        if mail in self.in_doubt:
            return chance.choices(list(AFTER_DOUBT), list(AFTER_DOUBT.values()))[0]
        if chance.random() >= self.script.faults:
            return TAKEN
        return chance.choices(list(FAULTS), list(FAULTS.values()))[0]

    def _limit(self, as_of: datetime) -> str | None:
        script = self.script
        if script.per_day is not None and self._since(as_of, of_day=True) >= script.per_day:
            return "tomorrow"
        if script.per_quarter is not None and self._since(as_of, of_day=False) >= script.per_quarter:
            return "slow"
        return None

    def _since(self, as_of: datetime, *, of_day: bool) -> int:
        if of_day:
            return sum(at.date() == as_of.date() for at, _ in self.taken)
        return sum(as_of - QUARTER < at <= as_of for at, _ in self.taken)
