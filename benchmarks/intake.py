"""Intake: 1,000 workbooks of 50 rows from archive to decision and warehouse, beside the usual script.

Letters and marked copies are measured apart: here answers are decided, not written.
"""

import hashlib
import resource
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import floor, samples, usual
from benchmarks.figure import Figure
from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.adapters.evidence import LimitedPictureReader
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
from phaseout.ports import Archive, ArchiveDamaged, Composer, LetterWriter, MarkedCopies
from phaseout.settings import PROJECT
from phaseout.usecases import Desk, reference_tables
from phaseout.usecases.assess import Tools, assess
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
    checked: float  # seconds within Great Expectations


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
    def compose(self, text: LetterText, **_: object) -> bytes:
        return text.subject.encode()


class _Nowhere(Archive):
    def put(self, content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()

    def get(self, sha256: str) -> bytes:
        raise ArchiveDamaged(sha256=sha256, reason="letters are not kept")


class _NoCopies(MarkedCopies):
    def mark(self, workbook: Workbook, form: Form, findings: Sequence[Finding], **_: object) -> bytes:  # noqa: ARG002  nothing of it is used
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
    return Measured(wall, _cpu(resource.RUSAGE_SELF) - own + theirs, theirs, _Timed.seconds)


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
        few = dict(list(files.items())[:WARM_UP])  # imports are nobody's workbooks
        _ours(definitions, few, home / "warm-ours")
        collected, ours = _ours(definitions, files, home / "ours")
        beside: dict[str, Measured] = {}
        for name, script in (("usual", usual.take_in), ("floor", floor.take_in)):
            script(
                [path for _, path in few.values()], home / f"warm-{name}", columns=columns, above=2 * usual.HEADER_ROWS
            )
            paths = [path for _, path in files.values()]
            beside[name] = measured(partial(script, paths, home / name, columns=columns, above=2 * usual.HEADER_ROWS))
    return _figures(len(files), collected, ours, **beside)


def _figures(count: int, collected: Measured, ours: Measured, usual: Measured, floor: Measured) -> list[Figure]:
    def each(seconds: float) -> float:
        return 1000 * seconds / count

    return [
        Figure("intake_workbooks", count, "workbooks"),
        Figure("intake_workbooks_per_s", count / ours.wall, "/s", count / usual.wall, usual.wall / ours.wall),
        Figure("intake_cpu_ms", each(ours.cpu), "ms a workbook", each(usual.cpu), usual.cpu / ours.cpu),
        Figure("intake_cpu_ratio_to_usual", usual.cpu / ours.cpu, "x less CPU", 1, usual.cpu / ours.cpu),
        Figure("intake_cpu_ratio_to_floor", ours.cpu / floor.cpu, "x the CPU", each(floor.cpu), floor.cpu / ours.cpu),
        Figure("intake_reader_cpu_ms", each(ours.children), "ms a workbook", each(ours.cpu), ours.children / ours.cpu),
        Figure("intake_archive_cpu_ms", each(collected.cpu), "ms a workbook", each(ours.cpu), collected.cpu / ours.cpu),
        Figure("intake_gx_share", 100 * ours.checked / ours.wall, "% of our time"),
        Figure("intake_peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB, reader aside"),
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


def _ours(definitions: _Crowd, files: Mapping[str, tuple[str, Path]], home: Path) -> tuple[Measured, Measured]:
    """Measure the archiving of files, and their way from the archive to decision and warehouse."""
    home.mkdir()
    intake = MemoryIntake(Channel.FOLDER)
    for name, (unit, path) in files.items():
        intake.put(path.read_bytes(), ref=name, unit=unit, file_name=name)
    with ExitStack() as opened:
        reader = opened.enter_context(closing(LimitedWorkbookReader()))
        tools = _tools(definitions, home, reader, opened)
        collected = measured(
            lambda: collect(as_of=ARRIVED, intakes=[intake], archive=tools.archive, ledger=tools.ledger)
        )
        return collected, measured(lambda: _assess(tools, reader))


def _assess(tools: Tools, reader: LimitedWorkbookReader) -> None:
    assess(as_of=ARRIVED, tools=tools)
    reader.close()  # a child's CPU counts once it has ended


def _tools(definitions: _Crowd, home: Path, reader: LimitedWorkbookReader, opened: ExitStack) -> Tools:
    calendar = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
    campaign, suites = definitions.campaign(CAMPAIGN), definitions.suites()
    ledger = opened.enter_context(closing(open_ledger(f"sqlite:///{home / 'ledger.sqlite'}", calendar=calendar)))
    ledger.open_campaign(campaign, plan_obligations(campaign, calendar=calendar), (), as_of=ARRIVED)
    archive = FileArchive(home / "archive")
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
    with warehouse.batch():
        warehouse.refresh(reference_tables(campaign), campaign=campaign.id)
        warehouse.commit()
    return Tools(
        definitions=definitions,
        calendar=calendar,
        ledger=ledger,
        archive=archive,
        messages=StrangersMail("mail.office.example"),
        workbooks=reader,
        pictures=LimitedPictureReader(),
        copies=_NoCopies(),
        checker=_Timed(suites),
        warehouse=warehouse,
        desk=lambda _: Desk(_NoWords(), _NoMail(), _Nowhere(), IcalInvitations(), "bench.example"),
        catch_up=lambda: load(
            definitions=definitions, ledger=ledger, archive=archive, workbooks=reader, warehouse=warehouse
        ),
        require_authentic=True,
    )
