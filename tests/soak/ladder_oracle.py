"""The ladder (梯级) once more, as plainly as can be: what must be written, and what becomes of it, told by hand.

Written from the description of the ladder, not from the product. It shares no code with it: no calendar, no standing,
no outbox. Slow and simple on purpose; what is right must be seen by reading it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.soak.ladder_server import GLOBAL, Mail, Server

DAY = timedelta(days=1)
REQUEST = 0
ROUTINE = ("request", "reminder", "overdue")
DIGESTS = (*ROUTINE, "thanks")
ANSWERS = ("return", "receipt")
NOTICES = ("supervision", "criticism")
URGENCY = ("return", "receipt", "supervision", "criticism", "overdue", "reminder", "request", "thanks")
NOTICE_PLACE = URGENCY.index("supervision")
MORNING, EVENING = time(7), time(20)  # unprompted letters leave from the one to the other
GRACE_AFTER_DOUBT = timedelta(minutes=10)
LEASE = timedelta(minutes=10)
PAUSE = timedelta(minutes=30)
WINDOW = timedelta(minutes=18)  # a provider's quarter of an hour, and the longest pass


class Days:
    """Working days: Monday to Friday, but for what was published or entered."""

    def __init__(self, exceptions: dict[date, bool]) -> None:
        self.exceptions = dict(exceptions)

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def step(self, day: date, count: int) -> date:
        """Walk so many working days from a day, forwards or backwards."""
        while count:
            day += DAY if count > 0 else -DAY
            if self.is_working(day):
                count -= 1 if count > 0 else -1
        return day


@dataclass(frozen=True)
class Step:
    """A rung as the office describes it."""

    order: int
    offset: int
    letter: str
    release: bool
    in_calendar_days: bool = False


@dataclass
class Version:
    """A file that was taken in as the answer to an obligation."""

    arrived: datetime
    decided: datetime
    decision: str


@dataclass
class Owed:
    """What one unit owes, and what came of it."""

    id: str
    unit: str
    hardness: str
    opens: date
    nominal: date
    closes: date
    grace: int = 0
    policy: str = "keep"
    due: date = date.min
    granted: date = date.min
    moves: int = 0
    is_exempt: bool = False
    versions: list[Version] = field(default_factory=list)


@dataclass
class Written:
    """A letter that was written, and where it is."""

    number: int
    unit: str
    kind: str
    day: date
    items: tuple[tuple[str, int, int], ...]  # obligation, rung, climb
    state: str
    subject: str = ""  # what an answer answers
    not_before: datetime | None = None
    claimed: datetime | None = None
    retries: int = 0
    is_doubtful: bool = False  # a try ended in a cut: it may be there
    is_answered: bool = False  # a file came while it was on its way

    @property
    def name(self) -> tuple[str, str, str, str]:
        return (self.kind, self.unit, self.day.isoformat(), self.subject)


class Oracle:
    """The office as it should be."""

    def __init__(
        self,
        owed: list[Owed],
        *,
        days: Days,
        ladder: list[Step],
        correction: int,
        server: Server,
        per_window: int | None = None,
        per_day: int | None = None,
    ) -> None:
        self.owed = {one.id: one for one in owed}
        self.units = sorted({one.unit for one in owed})
        self.days = days
        self.ladder = ladder
        self.correction = correction
        self.server = server
        self.per_window = per_window
        self.per_day = per_day
        self.tries: list[tuple[datetime, str]] = []
        self.letters: list[Written] = []
        self._open: list[Written] = []  # of which something may still come
        self._of_day: dict[tuple[str, date], list[Written]] = {}
        self.items: set[tuple[str, int, int]] = set()
        self.story: list[tuple[datetime, str, str]] = []
        self._of_unit: dict[str, list[Owed]] = {}
        for one in owed:
            one.due = self._planned(one)
            one.closes = max(one.closes, one.due)
            self._of_unit.setdefault(one.unit, []).append(one)

    def tell(self, as_of: datetime, unit: str, words: str) -> None:
        self.story.append((as_of, unit, words))

    # What happens

    def add(self, one: Owed) -> None:
        if one.id not in self.owed:
            one.due = self._planned(one)
            self.owed[one.id] = one
            self._of_unit[one.unit].append(one)

    def file(self, obligation: str, *, arrived: datetime, decision: str, as_of: datetime, delivery: str) -> None:
        """Take in a file: what was to be said of its obligation and has not left is taken back."""
        one = self.owed[obligation]
        one.versions.append(Version(arrived, as_of, decision))
        self.tell(
            as_of, one.unit, f"{obligation}: file of {arrived:%m-%d %H:%M}, version {len(one.versions)}, {decision}"
        )
        self._overtake(obligation, as_of, "a file came first")
        kind = "return" if decision == "returned" else "receipt"
        self._write(one.unit, kind, as_of, (), "queued", subject=delivery)

    def decide_again(self, obligation: str, *, decision: str, as_of: datetime) -> None:
        one = self.owed[obligation]
        one.versions[-1].decision, one.versions[-1].decided = decision, as_of
        self.tell(as_of, one.unit, f"{obligation}: decided again, {decision}")
        self._overtake(obligation, as_of, "a file came first")

    def _overtake(self, obligation: str, as_of: datetime, why: str) -> None:
        for letter in self._under_way():
            if any(item[0] == obligation for item in letter.items):
                if letter.state == "draft" or (letter.state == "queued" and letter.kind in DIGESTS):
                    self._take_back(letter, as_of, why)
                elif letter.state in {"sending", "uncertain"} and letter.kind in DIGESTS:
                    letter.is_answered, letter.not_before = True, None  # not tried again

    def extend(self, obligation: str, due: date, as_of: datetime) -> bool:
        """Grant a later day; False where there is none to grant."""
        one = self.owed[obligation]
        if one.hardness == "goal" or one.is_exempt or any(version.decision == "accepted" for version in one.versions):
            return False
        if not one.due < due <= one.closes or due < as_of.date():
            return False
        self.tell(as_of, one.unit, f"{obligation}: extended from {one.due} to {due}")
        self._overtake(obligation, as_of, "it is due later")
        one.due = one.granted = due
        one.moves += 1
        return True

    def _planned(self, one: Owed) -> date:
        """Return the day of the notice, moved where it is a day off and the rule moves it."""
        day = one.nominal
        while one.policy != "keep" and not self.days.is_working(day):
            day += DAY if one.policy == "defer" else -DAY
        return day

    def replan(self, as_of: datetime) -> None:
        """Plan due dates by the calendar as it is now; of a day that was granted and this one the later holds."""
        for one in self.owed.values():
            due = max(self._planned(one), one.granted)
            if due != one.due:
                self.tell(as_of, one.unit, f"{one.id}: due on {due}, no more on {one.due}")
                self._overtake(one.id, as_of, "it is due another day")
                one.due, one.moves, one.closes = due, one.moves + 1, max(one.closes, due)

    def exempt(self, obligation: str, as_of: datetime) -> bool:
        one = self.owed[obligation]
        if any(version.decision == "accepted" for version in one.versions):
            return False
        one.is_exempt = True
        self.tell(as_of, one.unit, f"{obligation}: exempt")
        self._overtake(obligation, as_of, "it is not owed any more")
        return True

    def owe_again(self, obligation: str, as_of: datetime) -> None:
        one = self.owed[obligation]
        one.moves += one.is_exempt  # it is asked for anew, from the bottom
        one.is_exempt = False
        self.tell(as_of, one.unit, f"{obligation}: owed again")

    def reopen(self, obligation: str, until: date, as_of: datetime) -> None:
        one = self.owed[obligation]
        self.tell(as_of, one.unit, f"{obligation}: reopened until {until}")
        one.closes = max(one.closes, until)

    def drafts(self) -> list[Written]:
        return [letter for letter in self._under_way() if letter.state == "draft"]

    def decide_draft(self, letter: Written, *, is_released: bool, as_of: datetime) -> None:
        letter.state = "queued" if is_released else "withheld"
        self.tell(as_of, letter.unit, f"{letter.kind} of {letter.day} {'released' if is_released else 'withheld'}")

    # What is written

    def remind(self, as_of: datetime) -> None:
        """Write what is due and not written yet; nothing on a day off."""
        today = as_of.date()
        self._take_back_stale(as_of)
        if not self.days.is_working(today):
            return
        for unit in self.units:
            drafts: dict[str, list[tuple[str, int, int]]] = {}
            digest: list[tuple[str, int, int]] = []
            for one in self._of_unit[unit]:
                for step, climb in self.due(one, today):
                    item = (one.id, step.order, climb)
                    if item not in self.items:
                        (drafts.setdefault(step.letter, []) if step.release else digest).append(item)
            if digest and not self.has(unit, today, DIGESTS):
                self._write(unit, self._kind(digest), as_of, tuple(digest), "queued")
            for kind, items in sorted(drafts.items()):
                if not self.has(unit, today, (kind,)):
                    self._write(unit, kind, as_of, tuple(items), "draft")

    def thank(self, unit: str, as_of: datetime, items: tuple) -> None:
        """Take over a thanks-and-closing letter that the office wrote: it is the letter of its day."""
        if not self.has(unit, as_of.date(), DIGESTS):
            self._write(unit, "thanks", as_of, items, "queued")

    def due(self, one: Owed, today: date) -> list[tuple[Step, int]]:
        """Return the request, and the highest rung of each track that is reached, with the climb."""
        if one.hardness == "goal" or one.is_exempt or not one.opens <= today <= one.closes:
            return []
        counting = sorted((v for v in one.versions if v.arrived.date() <= one.closes), key=lambda v: v.arrived)
        if any(version.decision == "accepted" for version in counting):
            return []
        if counting and counting[-1].decision != "returned":
            return []
        if counting:
            base = max(self.days.step(counting[-1].decided.date(), self.correction), one.due)
            climb = one.moves + len(one.versions)
            steps = [step for step in self.ladder if step.offset >= -1]
            due = []
        else:
            base, climb, steps = one.due, one.moves, self.ladder
            due = [(Step(REQUEST, 0, "request", release=False), 0)]
        if one.hardness == "soft":
            steps = [step for step in steps if step.letter == "reminder"]
        reached = [step for step in steps if today >= self._day_of(step, base, one)]
        for track in (False, True):
            own = [step for step in reached if step.release is track]
            due += [(own[-1], climb)] if own else []
        return due

    def _day_of(self, step: Step, base: date, one: Owed) -> date:
        day = base + step.offset * DAY if step.in_calendar_days else self.days.step(base, step.offset)
        return day if step.letter == "reminder" else max(day, self.days.step(base, one.grace + 1))

    def _kind(self, items: list[tuple[str, int, int]]) -> str:
        """Return what a digest is: the most urgent of its lines, each a request where it is first asked for."""
        lines: dict[str, set[str]] = {}
        for obligation, rung, _ in items:
            lines.setdefault(obligation, set()).add(self.ladder[rung - 1].letter if rung != REQUEST else "request")
        kinds = ["overdue" if "overdue" in own else min(own, key=ROUTINE.index) for own in lines.values()]
        return max(kinds, key=ROUTINE.index)

    def has(self, unit: str, day: date, kinds: tuple[str, ...]) -> bool:
        of_day = self._of_day.get((unit, day), ())
        return any(letter.kind in kinds and letter.state != "withdrawn" for letter in of_day)

    def _write(self, unit: str, kind: str, as_of: datetime, items: tuple, state: str, *, subject: str = "") -> None:
        letter = Written(len(self.letters) + 1, unit, kind, as_of.date(), items, state, subject)
        self.letters.append(letter)
        self._open.append(letter)
        self._of_day.setdefault((unit, letter.day), []).append(letter)
        if kind == "thanks":
            self.tell(as_of, unit, "queued: thanks")
            return
        self.items.update(items)
        self.tell(as_of, unit, f"{state}: {kind} {' '.join(map(str, items))}")

    # What becomes of it

    def _under_way(self) -> list[Written]:
        self._open = [letter for letter in self._open if letter.state in {"draft", "queued", "sending", "uncertain"}]
        return self._open

    def _take_back(self, letter: Written, as_of: datetime, why: str) -> None:
        letter.state = "withdrawn"
        self.items.difference_update(letter.items)
        self.tell(as_of, letter.unit, f"taken back: {letter.kind} of {letter.day}, {why}")

    def _take_back_stale(self, as_of: datetime) -> None:
        for letter in self._under_way():
            if letter.state == "queued" and letter.kind in DIGESTS and letter.day < as_of.date():
                self._take_back(letter, as_of, "its day is gone")

    def may_leave(self, letter: Written, as_of: datetime) -> bool:
        is_waiting = letter.state == "queued" or (letter.state == "uncertain" and letter.not_before)
        if not is_waiting or (letter.not_before and as_of < letter.not_before):
            return False
        if letter.kind in ANSWERS:
            return True
        if letter.kind in DIGESTS and letter.day < as_of.date():
            return False  # only one in doubt is left of a day gone by, and a person looks at it
        return self.days.is_working(as_of.date()) and MORNING <= as_of.time() < EVENING

    def deliver(self, as_of: datetime) -> None:
        """Send what may leave, the most urgent first."""
        self._take_back_stale(as_of)
        for letter in self._under_way():
            if letter.state == "sending" and letter.claimed and letter.claimed < as_of - LEASE:
                self._settle(letter, "uncertain", letter.claimed)
        if self._is_paused(as_of):
            return
        ready = [letter for letter in self._under_way() if self.may_leave(letter, as_of)]
        for letter in sorted(ready, key=lambda one: (self._place(one), one.number)):
            if self._has_sent_enough(as_of):
                return
            answer = self.server.take(Mail(*letter.name), as_of)
            self.tries.append((as_of, "uncertain" if answer.dies else answer.outcome))
            self.tell(as_of, letter.unit, f"{letter.kind} of {letter.day}: {answer.words}")
            if answer.dies:
                letter.state, letter.claimed = "sending", as_of
                return
            self._settle(letter, answer.outcome, as_of)
            if answer.outcome in GLOBAL:
                return

    def _is_paused(self, as_of: datetime) -> bool:
        """Nothing is tried for half an hour after the account was not let in."""
        recent = [outcome for at, outcome in self.tries if at > as_of - PAUSE and outcome in {"sent", *GLOBAL}]
        return bool(recent) and recent[-1] in GLOBAL

    def _has_sent_enough(self, as_of: datetime) -> bool:
        if self.per_window is self.per_day is None:
            return False
        counted = [at for at, outcome in self.tries if outcome in {"sent", "uncertain", "held", "permanent"}]
        in_window = sum(at >= as_of - WINDOW for at in counted)
        on_day = sum(at >= as_of.replace(hour=0, minute=0, second=0, microsecond=0) for at in counted)
        return in_window >= (self.per_window or in_window + 1) or on_day >= (self.per_day or on_day + 1)

    def _place(self, letter: Written) -> int:
        return NOTICE_PLACE if letter.kind in NOTICES else URGENCY.index(letter.kind)

    def _settle(self, letter: Written, outcome: str, as_of: datetime) -> None:
        letter.claimed = letter.not_before = None
        still = "uncertain" if letter.is_doubtful else "queued"
        letter.state = {"sent": "sent", "held": "failed", "permanent": "failed"}.get(outcome, still)
        if outcome in GLOBAL and letter.is_doubtful:
            letter.not_before = as_of
        elif outcome == "retry":
            letter.retries += 1
            wait = timedelta(minutes=min(4 ** (letter.retries - 1), 60))
            letter.state, letter.not_before = ("queued", as_of + wait) if letter.retries < 8 else ("failed", None)
        elif outcome == "slow":
            letter.not_before = as_of + timedelta(minutes=15)
        elif outcome == "tomorrow":
            letter.not_before = datetime.combine(as_of.date() + DAY, time(0, 10), as_of.tzinfo)
        elif outcome == "uncertain":
            is_last = letter.is_doubtful or letter.is_answered
            letter.state, letter.is_doubtful = "uncertain", True
            letter.not_before = None if is_last else as_of + GRACE_AFTER_DOUBT
