"""Intake beside history: the same workbooks into a warehouse without earlier campaigns and into one full of them.

They are taken in one side after the other, in pairs, so that a busy machine is busy for both; of the pairs' ratios the
median counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks import history, samples
from benchmarks.figure import Figure, cost
from benchmarks.measuring import Clock, measured
from benchmarks.office import (
    ARRIVED,
    CAMPAIGN,
    Crowd,
    clocked,
    crowd_of,
    opened_office,
    put_into_archive,
    survey_of,
    without_answers,
)
from benchmarks.telling import tell
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.bootstrap import App
from phaseout.domain.campaign import Unit
from phaseout.domain.reference_tables import reference_tables
from phaseout.ports import FormSheet, FormStamp
from phaseout.usecases.assess import Tools, assess

ROUNDS, UNITS, ALONE, WARM_UP = 5, 50, 7, 1  # units of a round, each with four survey summaries and a progress form
AT_MOST = 1.1
PERIOD = "2022-08"
EMPTY = "no history"

Files = Mapping[str, tuple[str, Path]]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that an intake took, and the processor's seconds within the warehouse."""

    wall: float
    cpu: float
    warehouse: float

    def __add__(self, other: "Took") -> "Took":
        return Took(self.wall + other.wall, self.cpu + other.cpu, self.warehouse + other.warehouse)


@dataclass(frozen=True, slots=True)
class Pair:
    """The same intake on both sides."""

    empty: Took
    full: Took

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.empty + other.empty, self.full + other.full)

    def ratio(self, name: str) -> float:
        """Return how much more it took with history."""
        return float(getattr(self.full, name) / getattr(self.empty, name))


@dataclass(frozen=True, slots=True)
class _Office:
    app: App
    tools: Tools
    warehouse: DuckDbWarehouse
    clock: Clock


def figures(home: Path, *, rounds: int, note: str) -> Iterator[Figure]:
    """Yield the figures of an intake into `history.duckdb`; it holds the new rows afterwards, too."""
    definitions = crowd_of(UNITS * rounds + ALONE + WARM_UP)
    with ExitStack() as opened:
        empty, full = (_opened(opened, home / name, definitions) for name in ("empty", "history"))
        units = list(definitions.campaign(CAMPAIGN).units)
        _round(empty, full, [units.pop()], definitions, home, is_turned=False)  # imports are nobody's workbooks
        alone = [
            _pair(
                empty,
                full,
                dict([*_summaries(definitions, home, [units.pop()]).items()][:1]),
                is_turned=number % 2 == 1,
            )
            for number in range(ALONE)
        ]
        batches = []
        for number in range(rounds):
            tell(f"round {number + 1}: {UNITS} units into each warehouse")
            own = units[number * UNITS : (number + 1) * UNITS]
            batches.append(_round(empty, full, own, definitions, home, is_turned=number % 2 == 1))
    yield from _figures(batches, alone, note=note)


def _figures(batches: Sequence[Pair], alone: Sequence[Pair], *, note: str) -> Iterator[Figure]:
    def growth(figure: str, name: str, unit: str, *, at_most: float | None = None) -> Figure:
        value = median(pair.ratio(name) for pair in batches)
        return cost(figure, value, unit, at_most=at_most, yardstick=1.0, against=EMPTY, note=note)

    yield growth("growth_ratio", "cpu", "x the CPU", at_most=AT_MOST)
    yield growth("growth_ratio_by_the_clock", "wall", "x the time")
    yield growth("growth_ratio_in_the_warehouse", "warehouse", "x the CPU")
    workbooks = UNITS * 5
    yield cost(
        "growth_intake_cpu_ms",
        1000 * median(pair.full.cpu for pair in batches) / workbooks,
        "ms a workbook",
        yardstick=1000 * median(pair.empty.cpu for pair in batches) / workbooks,
        against=EMPTY,
        note=f"in batches of {4 * UNITS} survey summaries and {UNITS} progress forms",
    )
    yield cost(
        "growth_one_workbook_s",
        median(pair.full.wall for pair in alone),
        "s",
        yardstick=median(pair.empty.wall for pair in alone),
        against=EMPTY,
        note="a workbook that comes alone, from archive to decision and warehouse, without the look at the start of "
        "work: that is warehouse_check_at_start_s",
    )


def _opened(opened: ExitStack, home: Path, definitions: Crowd) -> _Office:
    app = opened.enter_context(opened_office(home, definitions=definitions))
    warehouse = opened.enter_context(closing(history.warehouse(home.with_suffix(".duckdb"))))
    warehouse.refresh(reference_tables(definitions.campaign(CAMPAIGN)), campaign=CAMPAIGN)
    clock = Clock()
    tools = replace(app.tools, warehouse=warehouse, catch_up=lambda: 0)
    return _Office(app, without_answers(clocked(tools, clock)), warehouse, clock)


def _round(
    empty: _Office, full: _Office, units: Sequence[Unit], definitions: Crowd, home: Path, *, is_turned: bool
) -> Pair:
    surveyed = _pair(empty, full, _summaries(definitions, home, units), is_turned=is_turned)
    return surveyed + _pair(empty, full, _progress(definitions, home, units, empty), is_turned=not is_turned)


def _pair(empty: _Office, full: _Office, files: Files, *, is_turned: bool) -> Pair:
    """Take the same files in on both sides, now the one first and now the other."""
    if is_turned:
        after, before = _take_in(full, files), _take_in(empty, files)
        return Pair(before, after)
    return Pair(_take_in(empty, files), _take_in(full, files))


def _take_in(office: _Office, files: Files) -> Took:
    put_into_archive(office.app, files, tools=office.tools)
    office.clock.seconds.clear()

    def work() -> None:
        assess(as_of=ARRIVED, tools=office.tools)
        office.app.workbooks.close()  # type: ignore[attr-defined]  # a child's CPU counts once it has ended

    took = measured(work)
    return Took(took.wall, took.cpu, office.clock.seconds["warehouse"])


def _summaries(definitions: Crowd, home: Path, units: Sequence[Unit]) -> Files:
    campaign, form = definitions.campaign(CAMPAIGN), survey_of(definitions)
    return {
        name: (unit.code, _written(home / name, content))
        for unit in units
        for number, industry in enumerate(unit.industries)
        for name in (f"{unit.code}-{industry}.xlsx",)
        for content in (samples.workbook(campaign, form, unit, industry, number=4 * int(unit.code) + number),)
    }


def _progress(definitions: Crowd, home: Path, units: Sequence[Unit], office: _Office) -> Files:
    """Return the progress forms (表3) of units as they went out prefilled, with nothing closed yet."""
    campaign = definitions.campaign(CAMPAIGN)
    form = definitions.forms()["progress"].in_year(campaign.year)
    files = {}
    for unit in units:
        rows = office.warehouse.prefill("progress", campaign=campaign.id, unit=unit.code, period=PERIOD)
        sheet = FormSheet("表3", {"reporting_unit": unit.body, "as_of_date": ARRIVED.date()}, rows)
        stamp = FormStamp(campaign.id, unit.code, None, PERIOD)
        name = f"{unit.code}-progress.xlsx"
        content = XlsxWriterWorkbooks().write(form, [sheet], stamp=stamp, choices={"city": [unit.name]})
        files[name] = (unit.code, _written(home / name, content))
    return files


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
