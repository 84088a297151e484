"""Answers (回执与标注件): what letters and marked copies cost on top of deciding, in the intake of workbooks."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contestant import WARM_UP, Files
from benchmarks.figure import Figure, cost, yields
from benchmarks.intake import write_files
from benchmarks.measuring import Clock, measured
from benchmarks.office import ARRIVED, Crowd, clocked, crowd_of, opened_office, put_into_archive, without_answers
from benchmarks.telling import tell
from phaseout.bootstrap import App
from phaseout.domain.campaign import Campaign
from phaseout.ports import Composer, LetterWriter
from phaseout.usecases import Desk
from phaseout.usecases.assess import Tools, assess

UNITS = 50  # four workbooks a unit
DESK = ("words", "message")


def run(units: int = UNITS) -> list[Figure]:
    """Return how many receipts and marked copies are made in a second of the processor, and what an answer costs."""
    definitions = crowd_of(units)
    with TemporaryDirectory(prefix="bench-answers-") as folder:
        home = Path(folder)
        paths = write_files(definitions, home / "files")
        files = {path.name: (path.name.partition("-")[0], path) for path in paths}
        few = dict(list(files.items())[:WARM_UP])
        _seconds(few, home / "warm", definitions=definitions, clock=Clock())
        tell(f"{len(files)} workbooks with their answers, and again without")
        clock = Clock()
        answered = _seconds(files, home / "answered", definitions=definitions, clock=clock)
        decided = _seconds(files, home / "decided", definitions=definitions, clock=None)
    count = len(files)
    note = f"{count} workbooks, of which {clock.calls['copies']} are returned with a marked copy of {_ROWS}"
    letters = clock.calls["message"]
    letter_seconds = sum(clock.seconds[name] for name in DESK)
    return [
        yields("receipts_per_s", letters / letter_seconds, "/s of CPU", note=note),
        yields("marked_copies_per_s", clock.calls["copies"] / clock.seconds["copies"], "/s of CPU", note=note),
        cost(
            "intake_with_answers_cpu_ms",
            1000 * answered / count,
            "ms a workbook",
            yardstick=1000 * decided / count,
            against="without answers",
            note=note,
        ),
    ]


_ROWS = "50 rows, 10 of them marked"


def _seconds(files: Files, home: Path, *, definitions: Crowd, clock: Clock | None) -> float:
    """Return the processor's seconds of an intake: with answers, counted by *clock*, or without."""
    with opened_office(home, definitions=definitions) as app:
        tools = without_answers(app.tools) if clock is None else _counted(app, clocked(app.tools, clock), clock)
        put_into_archive(app, files, tools=tools)
        if clock:
            clock.seconds.clear()
        return measured(lambda: _work(app, tools)).cpu


def _work(app: App, tools: Tools) -> None:
    assess(as_of=ARRIVED, tools=tools)
    app.workbooks.close()  # type: ignore[attr-defined]  # a child's seconds count once it has ended


def _counted(app: App, tools: Tools, clock: Clock) -> Tools:
    """Return tools whose desk is counted as well: its words, and the message made of them."""

    def desk(campaign: Campaign) -> Desk:
        one = app.desk(campaign)
        writer: LetterWriter = clock.on("words", one.writer)
        composer: Composer = clock.on("message", one.composer)
        return replace(one, writer=writer, composer=composer)

    return replace(tools, desk=desk)
