"""Intake: 1,000 workbooks of 50 rows from archive to decision and warehouse, beside the usual script.

Letters and marked copies are measured apart: here answers are decided, not written.
"""

import resource
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench import floor, samples, usual
from bench.figure import Figure
from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.gx_checker import GxChecker
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.adapters.invitations import IcalInvitations
from phaseout.adapters.ledger import open_ledger
from phaseout.adapters.memory.post import MemoryIntake
from phaseout.adapters.work_calendar import published_calendar
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import Campaign
from phaseout.domain.finding import Finding
from phaseout.domain.form import Form
from phaseout.domain.letter import LetterFacts, LetterKind, LetterText
from phaseout.domain.obligation import plan_obligations
from phaseout.domain.submission import Channel, Workbook
from phaseout.ports import Composer, LetterWriter, MarkedCopies
from phaseout.settings import PROJECT
from phaseout.usecases import Desk, reference_tables
from phaseout.usecases.assess import Assessed, Tools, assess
from phaseout.usecases.collect import collect
from phaseout.usecases.load import load

CAMPAIGN = "jiangsu-2022"
WARM_UP = 8  # workbooks
ARRIVED = datetime(2022, 8, 8, 10, tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run took, children included."""

    wall: float
    cpu: float
    children: float  # part of *cpu*


class _Timed(GxChecker):
    """Counts what Great Expectations takes."""

    seconds = 0.0

    def check(self, form: str, frame: object, *, parameters: Mapping[str, object]) -> Sequence[tuple[int, str]]:
        start = perf_counter()
        try:
            return super().check(form, frame, parameters=parameters)
        finally:
            _Timed.seconds += perf_counter() - start


class _NoWords(LetterWriter):
    def write(self, kind: LetterKind, facts: LetterFacts) -> LetterText:  # noqa: ARG002  nothing is said
        return LetterText(kind.value, "", "")


class _NoMail(Composer):
    def compose(self, text: LetterText, **_: object) -> bytes:  # type: ignore[override]  # nothing of it is used
        return text.subject.encode()


class _NoCopies(MarkedCopies):
    def mark(self, workbook: Workbook, form: Form, findings: Sequence[Finding], **_: object) -> bytes:  # type: ignore[override]  # noqa: ARG002  nothing of it is used
        return b""


class _Crowd(FileDefinitions):
    """The project's definitions with a crowd of invented units."""

    def __init__(self, units: int) -> None:
        super().__init__(PROJECT)
        self._crowd = samples.crowd(super().campaign(CAMPAIGN), units)

    def campaign(self, campaign: str) -> Campaign:
        return self._crowd if campaign == self._crowd.id else super().campaign(campaign)


def measured(work: Callable[[], object]) -> Measured:
    """Run something and measure it; children count once they have ended."""
    _Timed.seconds = 0.0
    start, own, children = perf_counter(), _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    work()
    wall, theirs = perf_counter() - start, _cpu(resource.RUSAGE_CHILDREN) - children
    return Measured(wall, _cpu(resource.RUSAGE_SELF) - own + theirs, theirs)


def _cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def run(units: int = 250) -> list[Figure]:
    """Return the figures of an intake of four workbooks a unit."""
    definitions = _Crowd(units)
    form = _survey(definitions)
    columns = [field.name for field in form.columns]
    with TemporaryDirectory() as folder:
        home = Path(folder)
        files = _write_files(definitions, form, home / "files")
        paths = [path for _, path in files.values()]
        head_rows = usual.HEADER_ROWS
        runs: dict[str, Callable[[Mapping[str, tuple[str, Path]], Path], object]] = {
            "ours": lambda some, at: _ours(definitions, some, at),
            "usual": lambda some, at: usual.take_in(
                [path for _, path in some.values()], at / "usual.sqlite", first_header_row=head_rows, columns=columns
            ),
            "floor": lambda some, at: floor.take_in(
                [path for _, path in some.values()],
                at / "floor.duckdb",
                first_header_row=head_rows,
                columns=columns,
                header_rows=usual.HEADER_ROWS,
            ),
        }
        few = dict(list(files.items())[:WARM_UP])
        taken: dict[str, Measured] = {}
        for name, work in runs.items():
            (home / f"warm-{name}").mkdir()
            work(few, home / f"warm-{name}")  # imports are nobody's workbooks
            (home / name).mkdir()
            taken[name] = measured(lambda work=work, name=name: work(files, home / name))  # type: ignore[misc]  # bound now
    return _figures(len(paths), taken)


def _figures(count: int, taken: Mapping[str, Measured]) -> list[Figure]:
    ours, theirs, bare = taken["ours"], taken["usual"], taken["floor"]

    def each(seconds: float) -> float:
        return 1000 * seconds / count

    return [
        Figure("intake_workbooks", count, "workbooks"),
        Figure("intake_workbooks_per_s", count / ours.wall, "/s", count / theirs.wall, theirs.wall / ours.wall),
        Figure("intake_cpu_ms", each(ours.cpu), "ms a workbook", each(theirs.cpu), theirs.cpu / ours.cpu),
        Figure("intake_cpu_ratio_to_usual", theirs.cpu / ours.cpu, "x less CPU", 1, theirs.cpu / ours.cpu),
        Figure("intake_cpu_ratio_to_floor", ours.cpu / bare.cpu, "x the CPU", each(bare.cpu), bare.cpu / ours.cpu),
        Figure("intake_reader_cpu_ms", each(ours.children), "ms a workbook", each(ours.cpu), ours.children / ours.cpu),
        Figure("intake_gx_share", 100 * _Timed.seconds / ours.wall, "% of our time"),
    ]


def _survey(definitions: _Crowd) -> Form:
    return definitions.forms()["survey_summary"].in_year(definitions.campaign(CAMPAIGN).year)


def _write_files(definitions: _Crowd, form: Form, folder: Path) -> dict[str, tuple[str, Path]]:
    folder.mkdir()
    campaign = definitions.campaign(CAMPAIGN)
    files = {}
    for number, (unit, industry) in enumerate((u, i) for u in campaign.units for i in u.industries):
        path = folder / f"{unit.code}-{industry}.xlsx"
        path.write_bytes(samples.workbook(campaign, form, unit, industry, number=number))
        files[path.name] = (unit.code, path)
    return files


def _ours(definitions: _Crowd, files: Mapping[str, tuple[str, Path]], home: Path) -> Assessed:
    calendar = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
    campaign = definitions.campaign(CAMPAIGN)
    intake = MemoryIntake(Channel.FOLDER)
    for name, (unit, path) in files.items():
        intake.put(path.read_bytes(), ref=name, unit=unit, file_name=name)
    suites = definitions.suites()
    with ExitStack() as opened:
        ledger = opened.enter_context(closing(open_ledger(f"sqlite:///{home / 'ledger.sqlite'}", calendar=calendar)))
        reader = opened.enter_context(closing(LimitedWorkbookReader()))
        warehouse = opened.enter_context(
            closing(
                DuckDbWarehouse(
                    home / "warehouse.duckdb",
                    forms=definitions.forms(),
                    entries=suites,
                    sql_folder=PROJECT / "data" / "sql",
                    rules_folder=PROJECT / "expectations" / "rules",
                )
            )
        )
        archive = FileArchive(home / "archive")
        ledger.open_campaign(campaign, plan_obligations(campaign, calendar=calendar), (), as_of=ARRIVED)
        with warehouse.batch():
            warehouse.refresh(reference_tables(campaign), campaign=campaign.id)
            warehouse.commit()
        collect(as_of=ARRIVED, intakes=[intake], archive=archive, ledger=ledger)
        tools = Tools(
            definitions=definitions,
            calendar=calendar,
            ledger=ledger,
            archive=archive,
            messages=StrangersMail("mail.office.example"),
            workbooks=reader,
            copies=_NoCopies(),
            checker=_Timed(suites),
            warehouse=warehouse,
            desk=lambda _: Desk(_NoWords(), _NoMail(), archive, IcalInvitations(), "bench.example"),
            catch_up=lambda: load(
                definitions=definitions, ledger=ledger, archive=archive, workbooks=reader, warehouse=warehouse
            ),
            require_authentic=True,
        )
        return assess(as_of=ARRIVED, tools=tools)
