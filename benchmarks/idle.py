"""Idle passes (无事可办): `phaseout collect` and `phaseout deliver` with nothing to do, as whole processes."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, cost
from benchmarks.mails import make_maildir
from benchmarks.measuring import PHASEOUT, Ran, ran
from benchmarks.office import CAMPAIGN, crowd_of, opened_office
from benchmarks.project import write_project
from benchmarks.telling import tell

MOST_S = 1.0  # of the processor
UNITS = (13, 3000)
RUNS = 5
COMMANDS = ("collect", "deliver")
AS_OF = "2022-06-01T10:00"


def run(*, units: tuple[int, ...] = UNITS, runs: int = RUNS) -> list[Figure]:
    """Return the least of some runs of each command, in offices of several sizes."""
    with TemporaryDirectory(prefix="bench-idle-") as folder:
        return [figure for count in units for figure in _of_office(Path(folder) / str(count), count, runs=runs)]


def _of_office(folder: Path, units: int, *, runs: int) -> Iterator[Figure]:
    definitions = crowd_of(units)
    project = write_project(folder / "project", definitions.campaign(CAMPAIGN))
    with opened_office(folder / "home", definitions=definitions):
        make_maildir(folder / "home" / "mailbox")
    for command in COMMANDS:
        tell(f"phaseout {command}, {units} units, {runs} times")
        done = [_once(command, folder / "home", project) for _ in range(runs + 1)][1:]  # the first compiles
        note = (
            f"least of {runs} runs, start of Python included; from {min(one.wall for one in done):.2f} s by the clock"
        )
        least = min(one.cpu for one in done)
        yield cost(f"idle_{command}_{units}_units_cpu_s", least, "s of CPU", at_most=MOST_S, note=note)


def _once(command: str, home: Path, project: Path) -> Ran:
    done = ran([PHASEOUT, command, "--as-of", AS_OF], home=home, project=project)
    assert "nothing" in done.said, done.said  # noqa: S101  or something else was measured
    return done
