"""Our own intake as a contestant: archive, then assess, which reads, checks, decides, writes ledger and warehouse."""

from pathlib import Path

from benchmarks.contestant import Files, Took
from benchmarks.measuring import Clock, measured
from benchmarks.office import ARRIVED, clocked, crowd_of, opened_office, put_into_archive, without_answers
from phaseout.bootstrap import App
from phaseout.bootstrap.collector import let_values_be
from phaseout.usecases.assess import Tools, assess

READERS = 1  # what is asked of us is asked of one process and one child


def take_in(files: Files, home: Path, *, units: int) -> Took:
    """Take files in and write no answers; the reader's child counts once it has ended."""
    let_values_be()  # as in every process of ours
    clock = Clock()
    with opened_office(home, definitions=crowd_of(units), workbook_readers=READERS) as app:
        tools = clocked(without_answers(app.tools), clock)
        archived = measured(lambda: put_into_archive(app, files, tools=tools))
        clock.seconds.clear()
        took = measured(lambda: _assess(app, tools))
    return Took(
        wall=took.wall,
        cpu=took.cpu,
        children=took.children,
        archiving=archived.cpu,
        shares=clock.shares(),
    )


def _assess(app: App, tools: Tools) -> None:
    assess(as_of=ARRIVED, tools=tools)
    app.workbooks.close()  # type: ignore[attr-defined]  # of the real adapter; a child's seconds count once it has ended
