"""One year of a campaign by seed: who files when, what fails, what the office decides, and what the clock shows."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from phaseout.settings import PROJECT
from tests.soak.ladder_oracle import DAY, Owed, Step
from tests.soak.ladder_server import Script

CHINA = ZoneInfo("Asia/Shanghai")
HOLIDAYS = PROJECT / "tests" / "data" / "holidays_2021_2026.csv"
YEARS = (2021, 2022, 2023, 2024, 2025, 2026)
CORRECTION = 3

# Windows, due dates and close dates of the notice's milestones as month and day; a month past 12 is in the next year.
CONTACT = ("contact_list", ("contact",), "hard", (5, 20), (6, 3), (13, 13))
INVENTORY = ("inventory", ("inventory_statement",), "soft", (6, 6), (7, 30), (10, 31))
SUMMARY = ("summary", ("survey_summary",), "hard", (7, 25), (8, 12), (12, 31))
CLOSURE = ("closure", (None,), "goal", (8, 12), (11, 30), (12, 31))
FINAL = ("final_list", ("inspection", "completed_list"), "hard", (12, 1), (12, 15), (13, 13))
MONTHS = {8: ((8, 23), (8, 30), (9, 22)), 9: ((9, 23), (9, 30), (10, 22)), 10: ((10, 23), (10, 30), (11, 22))}
MONTHS |= {11: ((11, 23), (11, 30), (12, 14)), 12: ((12, 23), (12, 30), (13, 13))}
LAST_MONTH = 12  # owed only by some
MILESTONES = ("contact_list", "inventory", "summary", "monthly_progress", "closure", "final_list")
LADDER = ((-7, "reminder"), (-3, "reminder"), (-1, "reminder"), (1, "overdue"), (3, "supervision"), (7, "criticism"))


@dataclass(frozen=True)
class Event:
    """Something that happens, by the world's own time."""

    at: datetime
    what: str  # run, file, again, extend, reopen, exempt, owed again, person, calendar, replan
    about: str = ""
    word: str = ""
    days: int = 0
    day: date | None = None


@dataclass
class World:
    """Everything that a seed decides."""

    seed: int
    year: int
    size: int
    industries: int
    holidays: dict[date, bool]
    graces: dict[str, int]
    policies: dict[str, str]
    ladder: list[Step]
    script: Script
    clock: list[tuple[datetime, datetime, timedelta]]
    owed: list[Owed] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    eagerness: float = 0.6
    per_window: int | None = None  # what the office keeps to, where the server does not count
    per_day: int | None = None

    def shown(self, at: datetime) -> datetime:
        """Return what the office's clock shows."""
        return at + sum((step for start, end, step in self.clock if start <= at < end), timedelta())

    def decision_of(self, kind: str, unit: str, day: str) -> tuple[int, bool | None]:
        """Return after how many days a person decides on a draft, and how; None for never."""
        chance = Random(f"{self.seed}/{kind}/{unit}/{day}")  # noqa: S311  a fixed chance
        roll = chance.random()
        return chance.choice((0, 0, 1, 2, 5, 20)), roll < 0.75 if roll < self.eagerness + 0.25 else None


@cache
def published() -> dict[date, bool]:
    """Return the days that the holiday notices of these years name."""
    with HOLIDAYS.open(encoding="utf-8") as file:
        return {date.fromisoformat(row["day"]): row["is_working_day"] == "yes" for row in csv.DictReader(file)}


def invent(seed: int, *, units: Sequence[tuple[str, tuple[str, ...]]], until: int | None = None) -> World:
    """Return the world of a seed; *units* are codes with their industries; *until* ends it after so many days."""
    chance = Random(seed)  # noqa: S311  a fixed chance
    year = YEARS[seed % len(YEARS)]
    is_large = len(units) > 50
    industries = 1 if is_large else chance.choices((1, 2, 3, 11), (40, 30, 20, 10))[0]
    graces = {name: chance.choice((0, 0, 0, 1, 3)) for name in ("contact_list", "summary", "monthly_progress")}
    policies = {name: chance.choice(("keep", "keep", "advance", "defer")) for name in MILESTONES}
    small = [(code, own[:industries]) for code, own in units]
    days = {day: is_working for day, is_working in published().items() if year - 1 <= day.year <= year + 1}
    world = World(
        seed=seed,
        year=year,
        size=len(units),
        industries=industries,
        holidays=days,
        graces=graces,
        policies=policies,
        ladder=_ladder(chance),
        script=_script(chance, year, len(units), seed),
        clock=list(_clock(chance, year)),
        eagerness=chance.choice((0.2, 0.6, 0.75)),
    )
    world.owed = list(_owed(world, small))
    if chance.random() < 0.2 and world.script.per_day is None:
        world.per_day = max(4, len(units) // 3)
        world.per_window = chance.choice((None, max(3, len(units) // 4)))
    first = datetime(year, 5, 18, tzinfo=CHINA)
    last = first + timedelta(days=until or 250)
    events = [*_runs(chance, first, last), *_files(chance, world), *_acts(chance, world, first)]
    world.events = sorted((one for one in events if first <= one.at < last), key=lambda one: one.at)
    return world


def untroubled(world: World) -> World:
    """Return a world with a server that takes whatever it is offered."""
    script = Script(seed=world.script.seed, faults=0)
    return replace(world, script=script, per_window=None, per_day=None)


def _day(year: int, place: tuple[int, int]) -> date:
    month, day = place
    return date(year + (month > 12), month - 12 * (month > 12), day)


def _ladder(chance: Random) -> list[Step]:
    calendar_days = chance.random() < 0.2
    return [
        Step(order, offset, letter, letter in {"supervision", "criticism"}, calendar_days and offset == -7)
        for order, (offset, letter) in enumerate(LADDER, start=1)
    ]


def _owed(world: World, units: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[Owed]:
    year = world.year
    for code, industries in units:
        for milestone, forms, hardness, *window in (CONTACT, INVENTORY, SUMMARY, CLOSURE, FINAL):
            opens, due, closes = (_day(year, place) for place in window)
            for form in forms:
                for industry in industries if milestone == "summary" else (None,):
                    name = "/".join(part for part in (f"jiangsu-{year}", code, milestone, form, industry) if part)
                    grace, policy = world.graces.get(milestone, 0), world.policies[milestone]
                    yield Owed(name, code, hardness, opens, due, closes, grace, policy)
        yield from (monthly(world, code, month) for month in MONTHS if month != LAST_MONTH)


def monthly(world: World, code: str, month: int) -> Owed:
    """Return a month's progress form as it is owed."""
    name = f"jiangsu-{world.year}/{code}/monthly_progress/progress/{world.year}-{month:02}"
    opens, due, closes = (_day(world.year, place) for place in MONTHS[month])
    grace, policy = world.graces["monthly_progress"], world.policies["monthly_progress"]
    return Owed(name, code, "hard", opens, due, closes, grace, policy)


def _script(chance: Random, year: int, size: int, seed: int) -> Script:
    faults = chance.choices((0.0, 0.05, 0.3, 0.7), (30, 40, 20, 10))[0]
    closed = []
    for _ in range(chance.choice((0, 0, 1, 3))):
        start = datetime(year, 5, 20, tzinfo=CHINA) + timedelta(hours=chance.randrange(240 * 24))
        closed.append((start, start + timedelta(hours=chance.choice((1, 9, 40))), chance.choice(("auth", "config"))))
    is_short = chance.random() < 0.3
    return Script(
        seed=seed,
        faults=faults,
        closed=tuple(closed),
        per_quarter=max(3, size // 4) if is_short and chance.random() < 0.5 else None,
        per_day=max(4, size // 3) if is_short else None,
    )


def _clock(chance: Random, year: int) -> Iterator[tuple[datetime, datetime, timedelta]]:
    for _ in range(chance.choice((0, 0, 1, 2, 3))):
        start = datetime(year, 5, 20, tzinfo=CHINA) + timedelta(minutes=chance.randrange(240 * 24 * 60))
        step = chance.choice((-1, 1)) * timedelta(minutes=chance.choice((3, 20, 60, 300, 1440)))
        yield start, start + timedelta(hours=chance.choice((1, 5, 30, 100))), step


def _runs(chance: Random, first: datetime, last: datetime) -> Iterator[Event]:
    """Yield when the scheduler runs: it may be down for hours or weeks, and may be there twice."""
    outages = []
    for _ in range(chance.choice((0, 1, 2, 4))):
        start = first + timedelta(hours=chance.randrange(245 * 24))
        outages.append((start, start + timedelta(hours=chance.choice((2, 8, 30, 72, 170, 340, 500)))))
    twice = chance.choice((0.0, 0.1, 0.5))
    day = first
    while day < last:
        for clock, remind, how_often in TIMES:
            at = datetime.combine(day.date(), clock, CHINA) + timedelta(minutes=chance.randrange(10))
            if (
                chance.random() >= how_often
                or (day.weekday() >= 5 and chance.random() < 0.4)
                or any(start <= at < end for start, end in outages)
            ):
                continue
            word = "remind" if remind else ""
            if chance.random() < twice:
                word += " again" if chance.random() < 0.4 else " within"
            yield Event(at, "run", word=word, days=chance.randrange(1, 40))
        day += DAY


# When the scheduler runs, whether it writes letters or only sends, and how often it is there at that time.
TIMES = (
    (time(2, 0), True, 0.04),
    (time(6, 45), False, 0.5),
    (time(8, 30), True, 0.97),
    (time(9, 20), False, 0.7),
    (time(11, 30), False, 0.5),
    (time(14, 30), True, 0.25),
    (time(17, 30), False, 0.7),
    (time(19, 15), False, 0.5),
    (time(19, 49), False, 0.4),
    (time(21, 30), True, 0.08),
)


def _files(chance: Random, world: World) -> Iterator[Event]:
    """Yield what units send: in time, late, never, wrong at first, after the close date."""
    habits = ("in time", "late", "never", "wrong", "closed", "held", "early")
    for one in [*world.owed, *_decembers(chance, world)]:
        if one.hardness == "goal":
            continue
        habit = chance.choices(habits, (40, 20, 12, 14, 5, 6, 3))[0]
        window = (one.nominal - one.opens).days
        at = datetime.combine(one.opens, time(), CHINA) + timedelta(minutes=chance.randrange(window * 1440))
        if habit == "never":
            continue
        if habit == "late":
            at = datetime.combine(one.nominal + chance.randrange(1, 22) * DAY, time(chance.randrange(24)), CHINA)
        if habit == "closed":
            at = datetime.combine(one.closes + chance.randrange(1, 9) * DAY, time(chance.randrange(24)), CHINA)
        if habit == "early":
            at = datetime.combine(one.opens - DAY, time(12), CHINA)
        yield Event(at, "file", one.id, {"wrong": "returned", "held": "held"}.get(habit, "accepted"))
        if habit == "held":
            again = at + timedelta(hours=chance.randrange(1, 200))
            yield Event(again, "again", one.id, chance.choice(("accepted", "returned")))
        if habit == "wrong":
            yield from _corrections(chance, one.id, at)


def _corrections(chance: Random, obligation: str, at: datetime) -> Iterator[Event]:
    while chance.random() < 0.8:
        at += timedelta(hours=chance.randrange(2, 24 * 14))
        decision = chance.choices(("accepted", "returned"), (65, 35))[0]
        yield Event(at, "file", obligation, decision)
        if decision == "accepted":
            return


def _decembers(chance: Random, world: World) -> list[Owed]:
    codes = sorted({one.unit for one in world.owed})
    return [monthly(world, code, LAST_MONTH) for code in codes if chance.random() < 0.3]


def _acts(chance: Random, world: World, first: datetime) -> Iterator[Event]:
    """Yield what persons do: extend, reopen, decide on drafts, change the calendar."""
    for one in world.owed:
        if chance.random() < 0.12:
            day = one.nominal + chance.randrange(-10, 12) * DAY
            yield Event(
                datetime.combine(day, time(chance.randrange(8, 18)), CHINA),
                "extend",
                one.id,
                days=chance.randrange(1, 25),
            )
        if chance.random() < 0.06:
            day = one.closes + chance.randrange(1, 12) * DAY
            again = chance.choice(("accepted", "returned"))
            yield Event(datetime.combine(day, time(10), CHINA), "reopen", one.id, again, days=chance.randrange(3, 20))
        if one.hardness != "goal" and chance.random() < 0.04:
            day = one.opens + chance.randrange(0, 60) * DAY
            yield Event(datetime.combine(day, time(11), CHINA), "exempt", one.id)
            if chance.random() < 0.4:
                yield Event(
                    datetime.combine(day + chance.randrange(1, 30) * DAY, time(11), CHINA), "owed again", one.id
                )
    for number in range(250):
        if chance.random() < 0.4:
            yield Event(first + timedelta(days=number, hours=10, minutes=17), "person")
    for _ in range(chance.choice((0, 0, 1, 2, 4))):
        known = first + timedelta(days=chance.randrange(240), hours=chance.choice((7, 12)))
        yield Event(known, "calendar", day=known.date() + chance.randrange(0, 25) * DAY)
        if chance.random() < 0.7:
            yield Event(known + timedelta(hours=chance.choice((0, 1, 50))), "replan")
