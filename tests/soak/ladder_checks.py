"""What must hold of every letter in the ladder's simulation, whatever the oracle says: looked at as it happens."""

from collections import Counter
from datetime import datetime

from phaseout.domain.letter import Letter
from tests.soak.ladder_oracle import DIGESTS, EVENING, MORNING, NOTICES, ROUTINE, Oracle


class Watch:
    """Looks at every letter when it is written and at every try to send it."""

    def __init__(self, oracle: Oracle, *, is_race: bool = False) -> None:
        self._is_race = is_race  # a letter may have been planned before the file came, if it never leaves
        self._oracle = oracle  # for what is owed and which days are working days; not for what is due
        self.wrong: list[tuple[str, str]] = []
        self._accepted: dict[str, list[dict[str, object]]] = {}
        self._in_doubt: Counter[str] = Counter()
        self._released: set[tuple[str, str, str]] = set()

    def released(self, kind: str, unit: str, day: str) -> None:
        """Note that a person let a draft go out."""
        self._released.add((kind, unit, day))

    def written(self, letter: Letter) -> None:
        """Look at a letter that is being written."""
        if letter.kind == "thanks":
            items = tuple((item.obligation, item.rung, item.version) for item in letter.items)
            self._oracle.thank(letter.unit, letter.created_at, items)
        if letter.kind not in {*ROUTINE, *NOTICES}:
            return
        today = letter.created_at.date()
        if not self._oracle.days.is_working(today):
            self.say(letter.unit, f"{letter.kind} written on {today}, a day off")
        if letter.day != today:
            self.say(letter.unit, f"{letter.kind} written on {today} is dated {letter.day}")
        for item in letter.items:
            one = self._oracle.owed[item.obligation]
            if not one.opens <= today <= one.closes:
                self.say(letter.unit, f"{letter.kind} written on {today} about {one.id} ({one.opens} to {one.closes})")
            counting = [version for version in one.versions if version.arrived.date() <= one.closes]
            newest = max(counting, key=lambda version: version.arrived, default=None)
            if self._is_race:
                continue
            if any(version.decision == "accepted" for version in counting) or (newest and newest.decision == "held"):
                self.say(letter.unit, f"{letter.kind} written on {today} about {one.id}, which is here")

    def tried(self, head: dict[str, object], answer: object, as_of: datetime) -> None:
        """Look at a try to send."""
        kind, unit, name = head["kind"], head["unit"], head["id"]
        if kind in {*ROUTINE, *NOTICES}:
            what = f"{kind} of {head['day']} tried {as_of:%Y-%m-%d %H:%M}"
            if not self._oracle.days.is_working(as_of.date()):
                self.say(unit, f"{what}, a day off")
            if not MORNING <= as_of.time() < EVENING:
                self.say(unit, f"{what}, in quiet hours")
            if kind in ROUTINE:
                self._look_at_routine(head, what, as_of)
            elif (kind, unit, head["day"]) not in self._released:
                self.say(unit, f"{what}, and nobody released it")
        if not (answer.is_accepted or answer.dies or answer.outcome == "uncertain"):
            return
        earlier = self._accepted.setdefault(name, [])
        if len(earlier) > self._in_doubt[name] or len(earlier) > 1:
            self.say(
                unit, f"{kind} of {head['day']} sent {len(earlier) + 1} times, in doubt {self._in_doubt[name]} times"
            )
        if any(one != head for one in earlier):
            self.say(unit, f"{kind} of {head['day']}: one Message-ID, two letters")
        earlier.append(head)
        self._in_doubt[name] += answer.dies or answer.outcome == "uncertain"

    def _look_at_routine(self, head: dict[str, object], what: str, as_of: datetime) -> None:
        if head["day"] < as_of.date().isoformat():
            self.say(head["unit"], f"{what}, its day is gone")
        if head["id"] in self._in_doubt:
            return
        for obligation in head["about"]:
            versions = self._oracle.owed[obligation].versions
            if versions and versions[-1].decision != "returned":
                self.say(head["unit"], f"{what} about {obligation}, of which a file is here")

    def last(self, office: object) -> tuple[str, str] | None:
        """Look at all letters once more, at the end."""
        digests: Counter[tuple[str, str]] = Counter()
        items: Counter[tuple] = Counter()
        for (kind, unit, day, _), _, own in office.written():
            items.update(own)
            digests[unit, day] += kind in DIGESTS
        for (unit, day), count in digests.items():
            if count > 1:
                self.say(unit, f"{count} letters of {day}")
        for item, count in items.items():
            if count > 1:
                self.say(item[0].split("/")[1], f"{item} written {count} times")
        return self.wrong[0] if self.wrong else None

    def say(self, unit: str, words: str) -> None:
        self.wrong.append((unit, words))
