"""Lives through years of a campaign by seed, once with the real use cases and once with the oracle: both must agree.

Run it as `python -m tests.soak.ladder`: 300 seeds with 13 units and 10 with 300, each tenth on SQLite. One seed:
`python -m tests.soak.ladder --seed 117 --units 13 --ledger sqlite`, with the story of the unit that differs.
"""

import argparse
import multiprocessing
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter

from tests.soak.ladder_breaks import BREAKS, broken
from tests.soak.ladder_checks import Watch
from tests.soak.ladder_office import Office, units_of
from tests.soak.ladder_oracle import DAY, Days, Oracle
from tests.soak.ladder_server import Server
from tests.soak.ladder_world import CORRECTION, LAST_MONTH, Event, World, invent, monthly, untroubled

CITIES = 13
SEEDS = {CITIES: 300, 300: 10}
EVERY_SQLITE = 10
EVERY_RACE = 3
LARGE_ON_SQLITE = 45  # days; each of its letters is written on the disk three times
FAST = Path("/dev/shm")  # noqa: S108  a disk of its own for each process, where there is one
STORY = 30
SHOWN = 5


@dataclass(frozen=True)
class Run:
    """Which seed is lived through, and how."""

    seed: int
    units: int = 13
    ledger: str = "memory"
    days: int | None = None
    race: bool = False  # whether files are taken in while letters are written
    fault: str | None = None  # in which way the product is broken on purpose

    @property
    def command(self) -> str:
        days = (f" --days {self.days}" if self.days else "") + (" --race" if self.race else "")
        which = f"--seed {self.seed} --units {self.units} --ledger {self.ledger}{days}"
        return f".venv/bin/python -m tests.soak.ladder {which}"


@dataclass
class Told:
    """What came of a seed."""

    run: Run
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)


class Life:
    """One world, lived through twice at the same time."""

    def __init__(self, run: Run, folder: Path | None) -> None:
        units = [(unit.code, unit.industries) for unit in units_of(run.units)]
        self.run = run
        world = invent(run.seed, units=units, until=run.days)
        # Which of two letters is the older one in a race is nobody's matter, but where not all of them leave.
        self.world: World = untroubled(world) if run.race else world
        self.oracle = Oracle(
            list(self.world.owed),
            days=Days(self.world.holidays),
            ladder=self.world.ladder,
            correction=CORRECTION,
            server=Server(self.world.script),
            per_window=self.world.per_window,
            per_day=self.world.per_day,
        )
        self.watch = Watch(self.oracle, is_race=run.race)
        self.office = Office(self.world, folder=folder, watch=self.watch)
        self.waiting: list[Event] = []
        self.counts: Counter[str] = Counter()
        self.deliveries = 0

    def live(self) -> tuple[str, str] | None:
        """Let everything happen; return the first difference with the unit that it is about, if there is one."""
        self.office.open(self.world.shown(self.world.events[0].at))
        if self.office.owes() != set(self.oracle.owed):
            return "", "office and oracle do not owe the same"
        for event in self.world.events:
            try:
                self._happen(event)
            except Exception:  # noqa: BLE001  whatever it was, it must not happen
                return event.about.partition("/")[2][:6], f"{event}:\n{traceback.format_exc()}"
            self.counts[event.what] += 1
            if found := self._difference(event):
                return found
        return self._last_difference()

    # What happens

    def _happen(self, event: Event) -> None:
        as_of = self.world.shown(event.at)
        if event.what == "run":
            self._run(event, as_of)
        elif event.what in {"file", "again"}:
            self.waiting.append(event)
        elif event.what == "extend":
            self._extend(event, as_of)
        elif event.what == "exempt":
            self._agree(event, self.oracle.exempt(event.about, as_of), self.office.exempt(event.about, as_of))
        elif event.what == "owed again":
            self.oracle.owe_again(event.about, as_of)
            self.office.owe_again(event.about, as_of)
        elif event.what == "replan":
            self.oracle.replan(as_of)
            self.office.replan(as_of)
        elif event.what == "reopen":
            self._reopen(event, as_of)
        elif event.what == "person":
            self._decide_drafts(as_of)
        elif event.what == "calendar":
            self.office.change_calendar(event.day)
            days = self.oracle.days
            days.exceptions[event.day] = not days.is_working(event.day)

    def _run(self, event: Event, as_of: datetime) -> None:
        """Run the scheduler: take in what came, write letters at some times, send."""
        came, self.waiting = self.waiting, []
        how = event.word.split()
        late = came.pop() if self.run.race and came and came[-1].what == "file" and "remind" in how else None
        for one in came:
            self._take_in(one, as_of)
        if late:
            self._remind_while_a_file_comes(as_of, late, event.days)
        elif "remind" in how:
            self._remind(as_of, how, event.days)
        is_plain = self.world.script.per_day is self.world.per_day is None and not self.world.script.faults
        nested = "within" in how and is_plain
        self.oracle.deliver(as_of)
        self.office.deliver(
            as_of, interrupt=(event.days % 7 + 1, lambda: self.office.deliver(as_of)) if nested else None
        )
        if "again" in how:
            self.oracle.deliver(as_of)
            self.office.deliver(as_of)

    def _remind(self, as_of: datetime, how: Sequence[str], calls: int) -> None:
        self.oracle.remind(as_of)
        self.office.remind(as_of, interrupt=(calls, lambda: self.office.remind(as_of)) if "within" in how else None)
        if "again" in how:
            self.oracle.remind(as_of)
            self.office.remind(as_of)

    def _remind_while_a_file_comes(self, as_of: datetime, late: Event, calls: int) -> None:
        """Let a file be taken in while letters are written; then letters are written once more."""
        pending = [late]

        def come() -> None:
            while pending:
                self._take_in(pending.pop(), as_of)

        self.oracle.remind(as_of)
        self.office.remind(as_of, interrupt=(calls % 12 + 1, come))
        come()
        self.oracle.remind(as_of)
        self.office.remind(as_of)

    def _take_in(self, event: Event, as_of: datetime) -> None:
        if event.about not in self.oracle.owed:
            self._owe_december(event.about, as_of)
        one = self.oracle.owed[event.about]
        if event.what == "again":
            if one.versions and one.versions[-1].decision == "held":
                self._decide_again(event, as_of)
            return
        arrived = min(self.world.shown(event.at), as_of)
        decision = "held" if arrived.date() > one.closes else event.word
        self.deliveries += 1
        how = {"arrived": arrived, "decision": decision, "as_of": as_of, "delivery": f"d{self.deliveries}"}
        self.oracle.file(event.about, **how)
        self.office.file(event.about, **how)

    def _owe_december(self, obligation: str, as_of: datetime) -> None:
        unit = obligation.split("/")[1]
        self.oracle.add(monthly(self.world, unit, LAST_MONTH))
        self.office.owe_december(unit, as_of=as_of)

    def _decide_again(self, event: Event, as_of: datetime) -> None:
        self.oracle.decide_again(event.about, decision=event.word, as_of=as_of)
        self.office.decide_again(event.about, decision=event.word, as_of=as_of)

    def _extend(self, event: Event, as_of: datetime) -> None:
        one = self.oracle.owed[event.about]
        due = min(one.due + event.days * DAY, one.closes)
        self._agree(event, self.oracle.extend(event.about, due, as_of), self.office.extend(event.about, due, as_of))

    def _agree(self, event: Event, right: object, done: object) -> None:
        if right != done:
            self.watch.say(event.about.split("/")[1], f"{event}: should be {right}, is {done}")

    def _reopen(self, event: Event, as_of: datetime) -> None:
        one = self.oracle.owed[event.about]
        until = as_of.date() + event.days * DAY
        self.oracle.reopen(event.about, until, as_of)
        self.office.reopen(event.about, until, as_of)
        if one.versions and one.versions[-1].decision == "held":
            self._decide_again(event, as_of)

    def _decide_drafts(self, as_of: datetime) -> None:
        """Let a person go through the drafts: some are released at once, some late, some never."""
        numbers = {
            (letter.kind.value, letter.unit, letter.day.isoformat()): number for number, letter in self.office.drafts()
        }
        for letter in self.oracle.drafts():
            days, is_released = self.world.decision_of(*letter.name[:3])
            if is_released is None or as_of.date() < letter.day + days * DAY or letter.name[:3] not in numbers:
                continue
            if is_released:
                self.watch.released(*letter.name[:3])
            self.oracle.decide_draft(letter, is_released=is_released, as_of=as_of)
            self.office.decide_draft(numbers[letter.name[:3]], is_released=is_released, as_of=as_of)

    # Whether both agree

    def _difference(self, event: Event) -> tuple[str, str] | None:
        if self.watch.wrong:
            return self.watch.wrong[0]
        if event.what != "run":
            return None
        if event.word:
            office, oracle = self.office.items(), self.oracle.items
            if office != oracle:
                return self._explain(event, office, oracle)
        ours, theirs = self.office.server.log, self.oracle.server.log
        if len(ours) != len(theirs) or ours[-60:] != theirs[-60:]:
            return self._explain_sending(event)
        return None

    def _explain(self, event: Event, office: set, oracle: set) -> tuple[str, str]:
        missed, more = sorted(oracle - office), sorted(office - oracle)
        item = (missed or more)[0]
        words = f"missed {missed[:3]} ({len(missed)}), not asked for {more[:3]} ({len(more)})"
        return item[0].split("/")[1], f"{self.world.shown(event.at)} after {event.what} {event.word}: {words}"

    def _explain_sending(self, event: Event) -> tuple[str, str] | None:
        ours, theirs = Counter(self.office.server.log), Counter(self.oracle.server.log)
        if ours == theirs:
            return None  # the same letters in another order
        only_ours, only_theirs = list((ours - theirs).elements()), list((theirs - ours).elements())
        unit = (only_ours or only_theirs)[0][1].unit
        words = f"sent only by the office {_tries(only_ours)}, only by the oracle {_tries(only_theirs)}"
        return unit, f"{self.world.shown(event.at)} after {event.what} {event.word}: {words}"

    def _last_difference(self) -> tuple[str, str] | None:
        office = {(name, state, frozenset(items)) for name, state, items in self.office.written()}
        oracle = {
            (one.name, one.state, frozenset(one.items)) for one in self.oracle.letters if one.state != "withdrawn"
        }
        if office != oracle:
            first = min(office ^ oracle, key=lambda one: (one[0][2], one[0]))
            side = "office" if first in office else "oracle"
            return first[0][1], f"at the end only the {side} has {first}"
        return self.watch.last(self.office)


def _tries(tries: Sequence) -> str:
    return "; ".join(
        f"{at:%m-%d %H:%M} {mail.kind} {mail.unit} {mail.day}: {answer.words}" for at, mail, answer in tries[:3]
    )


def live(run: Run) -> Told:
    """Live through one seed."""
    with broken(run.fault):
        return _live(run)


def _live(run: Run) -> Told:
    told = Told(run)
    start = perf_counter()
    if run.ledger == "sqlite":
        with tempfile.TemporaryDirectory(prefix="ladder-", dir=FAST if FAST.is_dir() else None) as folder:
            life = Life(run, Path(folder))
            found = life.live()
            life.office.close()
    else:
        life = Life(run, None)
        found = life.live()
    told.counts = Counter({f"event: {name}": count for name, count in life.counts.items()})
    told.counts["letters"] = sum(letter.state != "withdrawn" for letter in life.oracle.letters)
    told.counts["taken back"] = sum(letter.state == "withdrawn" for letter in life.oracle.letters)
    told.counts["items"] = len(life.oracle.items)
    told.counts["tries to send"] = len(life.office.server.log)
    told.counts["milliseconds"] = round((perf_counter() - start) * 1000)
    if found:
        unit, words = found
        told.wrong = [words]
        told.story = [f"{at:%Y-%m-%d %a %H:%M} {text}" for at, of, text in life.oracle.story if of == unit][-STORY:]
    return told


def runs(seeds: dict[int, int]) -> Iterator[Run]:
    """Yield every seed, the long ones first."""
    for units, count in sorted(seeds.items(), reverse=True):
        for seed in range(count):
            ledger = "sqlite" if seed % EVERY_SQLITE == EVERY_SQLITE - 1 else "memory"
            is_long = ledger == "sqlite" and units > CITIES
            yield Run(seed, units, ledger, LARGE_ON_SQLITE if is_long else None, race=seed % EVERY_RACE == 1)


def run_all(todo: Sequence[Run], *, processes: int = 2) -> Iterator[Told]:
    """Live through seeds, some at a time."""
    if processes == 1:
        yield from map(live, todo)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(live, todo)


def report(told: Sequence[Told]) -> Iterator[str]:
    """Yield what came of the seeds; of each that failed the command that replays it, and the story."""
    total: Counter[str] = Counter()
    for one in told:
        total.update(one.counts)
    wrong = [one for one in told if one.wrong]
    yield f"seeds: {len(told)}, of which on SQLite: {sum(one.run.ledger == 'sqlite' for one in told)}"
    yield from (f"{name:20} {count}" for name, count in sorted(total.items()))
    for one in wrong[:SHOWN]:
        yield f"\nreplay: {one.run.command}"
        yield from one.wrong
        yield from (f"  {line}" for line in one.story)
    yield f"differences: {len(wrong)}"


def _report_breaks(seeds: int, *, processes: int) -> int:
    """Write how many seeds notice each break; 1 when one passes unnoticed."""
    todo = [Run(seed, race=seed % EVERY_RACE == 1, fault=name) for name in BREAKS for seed in range(seeds)]
    noticed = Counter(one.run.fault for one in run_all(todo, processes=processes) if one.wrong)
    sys.stdout.write("\n".join(f"{name:50} {noticed[name]:4} of {seeds}" for name in BREAKS) + "\n")
    return 0 if all(noticed[name] for name in BREAKS) else 1


def main() -> int:
    """Run from the command line; 1 when office and oracle differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--units", type=int, default=CITIES)
    parser.add_argument("--ledger", choices=("memory", "sqlite"), default="memory")
    parser.add_argument("--days", type=int)
    parser.add_argument("--seeds", type=int, help="of 13 units, in place of all")
    parser.add_argument("--race", action="store_true", help="files are taken in while letters are written")
    parser.add_argument("--broken", type=int, metavar="SEEDS", help="break the product on purpose, in so many seeds")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    if asked.broken:
        return _report_breaks(asked.broken, processes=asked.processes)
    if asked.seed is not None:
        told = [live(Run(asked.seed, asked.units, asked.ledger, asked.days, asked.race))]
    else:
        todo = list(runs({CITIES: asked.seeds} if asked.seeds else SEEDS))
        told = []
        for one in run_all(todo, processes=asked.processes):
            told.append(one)
            if one.wrong:
                sys.stdout.write(f"{one.run.command}\n  {one.wrong[0]}\n")
                sys.stdout.flush()
    sys.stdout.write("\n".join(report(told)) + "\n")
    return 1 if any(one.wrong for one in told) else 0


if __name__ == "__main__":
    sys.exit(main())
