"""Rebuild (重建): the warehouse of 12,000 workbooks made again from archive and ledger, the same to the last value."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from python_calamine import CalamineWorkbook

from benchmarks import samples
from benchmarks.contestant import Files
from benchmarks.copies import Copier
from benchmarks.figure import Figure, cost, yields
from benchmarks.measuring import PHASEOUT, Measured, Ran, measured, ran
from benchmarks.office import (
    ARRIVED,
    CAMPAIGN,
    Crowd,
    crowd_of,
    opened_office,
    put_into_archive,
    survey_of,
    without_answers,
)
from benchmarks.project import write_project
from benchmarks.telling import tell
from phaseout.usecases.assess import assess

UNITS = 3000  # four workbooks each
MOST_S, WORKBOOKS = 120.0, 12_000
LOT = 1000  # workbooks that arrive together
TEMPLATES = 5  # of each industry
BARE = "files read bare"


class NotTheSame(Exception):
    """The warehouse that was made again holds another number of submissions."""

    def __init__(self, *, count: int, said: str) -> None:
        super().__init__(f"{count} workbooks were taken in, and the rebuild says: {said.strip()}")


def run(units: int = UNITS) -> list[Figure]:
    """Take the workbooks in, then make the warehouse again and compare it with the live one."""
    definitions = crowd_of(units)
    with TemporaryDirectory(prefix="bench-rebuild-") as folder:
        home = Path(folder) / "home"
        tell(f"write {units * len(samples.INDUSTRIES):,} workbooks")
        files = write_copies(definitions, Path(folder) / "files")
        tell("take them in")
        taken = measured(lambda: _take_in(definitions, files, home))
        tell("phaseout rebuild --verify")
        project = write_project(Path(folder) / "project", definitions.campaign(CAMPAIGN))
        made = _rebuilt(home, project, count=len(files))
        tell("read the same files bare")
        bare = measured(lambda: _read_bare(files))
    return _figures(len(files), taken, made, bare)


def write_copies(definitions: Crowd, folder: Path) -> Files:
    """Write a workbook without a fault for each industry of each unit: the ledger accepts all, so all are rebuilt."""
    folder.mkdir(parents=True)
    campaign, form = definitions.campaign(CAMPAIGN), survey_of(definitions)
    first = campaign.units[0]
    templates = {
        industry: [
            samples.workbook(campaign, form, first, industry, number=number, wrong_every=0)
            for number in range(TEMPLATES)
        ]
        for industry in samples.INDUSTRIES
    }
    files = {}
    for number, unit in enumerate(campaign.units):
        copier = Copier(first, unit, number)
        for industry, of_industry in templates.items():
            path = folder / f"{unit.code}-{industry}.xlsx"
            path.write_bytes(copier.copy(of_industry[number % TEMPLATES]))
            files[path.name] = (unit.code, path)
    return files


def _take_in(definitions: Crowd, files: Files, home: Path) -> None:
    names = list(files)
    with opened_office(home, definitions=definitions) as app:
        tools = without_answers(app.tools)
        for start in range(0, len(names), LOT):
            lot: Mapping[str, tuple[str, Path]] = {name: files[name] for name in names[start : start + LOT]}
            put_into_archive(app, lot, tools=tools)
            assess(as_of=ARRIVED, tools=tools)


def _rebuilt(home: Path, project: Path, *, count: int) -> Ran:
    """Make it again; the command itself fails when the live warehouse holds anything else."""
    made = ran([PHASEOUT, "rebuild", "--verify", "--as-of", "2022-08-09"], home=home, project=project)
    if not made.said.startswith(f"{count} submissions"):
        raise NotTheSame(count=count, said=made.said)
    return made


def _read_bare(files: Files) -> None:
    for _, path in files.values():
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def _figures(count: int, taken: Measured, made: Ran, bare: Measured) -> list[Figure]:
    size = f"{count:,} workbooks of {samples.ROWS} rows, all accepted"
    note = f"{size}; compared with the live warehouse: the same hash, or there were no figure"
    most = MOST_S if count == WORKBOOKS else None
    return [
        cost("rebuild_s", made.wall, "s", at_most=most, yardstick=bare.wall, against=BARE, note=note),
        cost(
            "rebuild_cpu_ms", 1000 * made.cpu / count, "ms a workbook", yardstick=1000 * bare.cpu / count, against=BARE
        ),
        Figure("rebuild_peak_mib", made.peak_mib, "MiB", note="of `phaseout rebuild` itself"),
        yields("rebuild_intake_per_s", count / taken.wall, "/s", note=f"{size}, taken in and archived beforehand"),
    ]
