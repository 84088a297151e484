"""Intake: 1,000 workbooks of 50 rows from archive to decision and warehouse, beside the usual script.

Letters and marked copies are measured apart: here answers are decided, not written.
"""

import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench import samples, usual
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
from phaseout.usecases import Desk
from phaseout.usecases.assess import Assessed, Tools, assess
from phaseout.usecases.collect import collect
from phaseout.usecases.load import load

ARRIVED = datetime(2022, 8, 8, 10, tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run took, children included."""

    wall: float
    cpu: float


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
        self._crowd = samples.crowd(super().campaign("jiangsu-2022"), units)

    def campaign(self, campaign: str) -> Campaign:
        return self._crowd if campaign == self._crowd.id else super().campaign(campaign)


def measured(work: Callable[[], object]) -> Measured:
    """Run something and measure it; children count once they have ended."""
    start, before = perf_counter(), _cpu()
    work()
    return Measured(perf_counter() - start, _cpu() - before)


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def run(units: int = 250) -> Mapping[str, float]:
    """Print and return the figures of an intake of four workbooks a unit."""
    definitions = _Crowd(units)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        files = _write_files(definitions, home / "files")
        ours = measured(lambda: _ours(definitions, files, home))
        theirs = measured(lambda: _theirs(definitions.forms()["survey_summary"], files, home))
    figures = {
        "workbooks": len(files),
        "ours_workbooks_per_s": len(files) / ours.wall,
        "ours_cpu_ms_per_workbook": 1000 * ours.cpu / len(files),
        "usual_workbooks_per_s": len(files) / theirs.wall,
        "usual_cpu_ms_per_workbook": 1000 * theirs.cpu / len(files),
        "cpu_ratio": theirs.cpu / ours.cpu,
    }
    for name, figure in figures.items():
        sys.stdout.write(f"{name:28} {figure:10.2f}\n")
    return figures


def _write_files(definitions: _Crowd, folder: Path) -> dict[str, tuple[str, Path]]:
    folder.mkdir()
    campaign, form = definitions.campaign("jiangsu-2022"), definitions.forms()["survey_summary"]
    files = {}
    for number, (unit, industry) in enumerate((u, i) for u in campaign.units for i in u.industries):
        path = folder / f"{unit.code}-{industry}.xlsx"
        path.write_bytes(samples.workbook(campaign, form, unit, industry, number=number))
        files[path.name] = (unit.code, path)
    return files


def _ours(definitions: _Crowd, files: Mapping[str, tuple[str, Path]], home: Path) -> Assessed:
    calendar = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
    campaign = definitions.campaign("jiangsu-2022")
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
        collect(as_of=ARRIVED, intakes=[intake], archive=archive, ledger=ledger)
        tools = Tools(
            definitions=definitions,
            calendar=calendar,
            ledger=ledger,
            archive=archive,
            messages=StrangersMail("mail.office.example"),
            workbooks=reader,
            copies=_NoCopies(),
            checker=GxChecker(suites),
            warehouse=warehouse,
            desk=lambda _: Desk(_NoWords(), _NoMail(), archive, IcalInvitations(), "bench.example"),
            catch_up=lambda: load(
                definitions=definitions, ledger=ledger, archive=archive, workbooks=reader, warehouse=warehouse
            ),
            require_authentic=True,
        )
        return assess(as_of=ARRIVED, tools=tools)


def _theirs(form: Form, files: Mapping[str, tuple[str, Path]], home: Path) -> int:
    columns = [field.name for field in form.columns]
    return usual.take_in(
        [path for _, path in files.values()],
        home / "usual.sqlite",
        first_header_row=usual.HEADER_ROWS + 2,
        columns=columns,
    )
