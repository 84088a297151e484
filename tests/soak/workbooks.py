"""Valid workbooks in great number through the real check: not one may be called wrong.

Run it as `python -m tests.soak.workbooks [COUNT] [--seed N]`. The contents are whole years of invented units, which
keep every rule; half of the workbooks are written by us, half are laid out by hand; half of all are saved again by
LibreOffice as .xlsx, .xls, .et or .ods, and half of ours lose their hidden stamp.
"""

import argparse
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random
from time import perf_counter

import openpyxl

from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.bootstrap import App
from phaseout.domain.calendar import CHINA
from phaseout.domain.dividing import divide, held_to
from phaseout.domain.finding import Finding, Severity
from phaseout.domain.form import Form, in_year
from phaseout.domain.intake import Answered, answered, as_if_owed, by_answer
from phaseout.domain.invented.chance import dice
from phaseout.domain.invented.workbooks import InventedUnit, Paper, write_workbook
from phaseout.domain.invented.year import invent_year
from phaseout.domain.reading_years import read_in_year
from phaseout.domain.recognising import recognise
from phaseout.domain.reference_tables import reference_tables
from phaseout.domain.submission import Attachment, Channel, Delivery, Reading, Unreadable, Value
from phaseout.ports import FormSheet, FormStamp
from phaseout.settings import Settings
from phaseout.usecases.assess.checking import check_in_waves
from phaseout.usecases.assess.opening import Opened
from phaseout.usecases.assess.taking import Taken
from phaseout.usecases.assess.tools import OpenCampaign
from tests.soak import by_hand, cards
from tests.soak.another_program import SAVED_AS, saved_again
from tests.soak.habits import draw_habits

CAMPAIGN = "jiangsu-2022"
AS_OF = datetime(2023, 1, 13, 18, tzinfo=CHINA)
RETURNING = frozenset({Severity.ERROR, Severity.BLOCKING})
COUNT = 1000
_FORMS = 7


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook on its way to the check, with the rows that its reading must give."""

    name: str
    form: Form
    papers: tuple[Paper, ...]  # several, where a 表2 holds several industries; none for a form that is kept below
    filed_on: date
    unit: InventedUnit
    content: bytes
    rows: Sequence[Mapping[str, Value]]
    traps: tuple[str, ...]


@dataclass(slots=True)
class Told:
    """What the check said of many workbooks."""

    workbooks: int = 0
    cells: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    traps: Counter[str] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)  # severity and rule
    examples: dict[str, Finding] = field(default_factory=dict)  # the first of each rule
    false: list[Finding] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def run(count: int, *, seed: int, folder: Path) -> Told:
    """Make *count* workbooks, a year of invented units at a time, and check them all."""
    told = Told()
    year = seed
    while told.workbooks < count:
        home = folder / str(year)
        app = App(Settings(home=home / "home"))
        try:
            made = list(_made(app, year, most=count - told.workbooks))
            _check(app, _saved_again(made, folder=home / "office", chance=dice(year, "saved")), told)
        finally:
            app.close()
        year += 1
    return told


def _made(app: App, seed: int, *, most: int) -> Iterator[Made]:
    """Yield the workbooks of one year in the order in which they are filed: later ones are held against earlier."""
    campaign = app.definitions.campaign(CAMPAIGN)
    year = invent_year(campaign, in_year(app.definitions.forms(), campaign.year), calendar=app.calendar, seed=seed)
    papers = [(plan.unit, paper) for plan in year.plans for paper in plan.papers.values()]
    papers.sort(key=lambda pair: (pair[1].form.order, pair[1].filed_on))
    # A part of a year must be whole units: the forms of one unit tell of each other.
    chance = dice(seed, "written")
    for number, (unit, together) in enumerate(_together(_whole_units(papers, most), chance)):
        form = together[0].form
        invented = [write_workbook(paper, unit, version=0) for paper in together]
        sheets = [
            FormSheet(f"{one.name}{at or ''}", one.head, one.rows, is_zero=one.is_zero)
            for at, book in enumerate(invented)
            for one in book.sheets
        ]
        name = f"{seed}-{number:04d}-{form.id}"
        several = ("several industries in one workbook",) if len(together) > 1 else ()
        stamp = FormStamp(CAMPAIGN, unit.unit.code, invented[0].industry, invented[0].period)
        content, rows, traps = _written(form, sheets, stamp, chance)
        filed_on = max(paper.filed_on for paper in together)
        yield Made(name, form, together, filed_on, unit, content, rows, (*traps, *several))
    yield from _cards(app, [plan.unit for plan in year.plans], seed, most=most)


def _cards(app: App, units: Sequence[InventedUnit], seed: int, *, most: int) -> Iterator[Made]:
    """Yield cards of enterprises (表1), which a county checks by itself: as many as of any other form."""
    campaign = app.definitions.campaign(CAMPAIGN)
    chance = dice(seed, "cards")
    form = in_year(app.definitions.forms(), campaign.year)["enterprise_card"]
    enterprises = [(unit, enterprise) for unit in units for enterprise in unit.enterprises]
    for number, (unit, enterprise) in enumerate(enterprises[: max(most // _FORMS, 2)]):
        sheet = cards.card(form, unit, enterprise, chance)
        stamp = FormStamp(CAMPAIGN, unit.unit.code, None, None)
        content, rows, traps = _written(form, [sheet], stamp, chance)
        yield Made(
            f"{seed}-card-{number:04d}", form, (), cards.filled_on(enterprise), unit, content, rows, (*traps, "card")
        )


def _written(
    form: Form, sheets: Sequence[FormSheet], stamp: FormStamp, chance: Random
) -> tuple[bytes, Sequence[Mapping[str, Value]], tuple[str, ...]]:
    """Return a workbook written by us or by hand, with its rows and how it was laid out."""
    if chance.random() < 0.5:
        content = XlsxWriterWorkbooks().write(form, sheets, stamp=stamp, choices={})
        rows = [{**one.head, **row} for one in sheets for row in one.rows]
        if chance.random() < 0.5:
            return content, rows, ("written by us",)
        return without_stamp(content), rows, ("written by us, stamp removed",)
    habits = draw_habits(chance)
    written = by_hand.write(form, sheets, habits, chance)
    return written.content, written.rows, ("written by hand", *habits.names())


def _together(
    papers: Sequence[tuple[InventedUnit, Paper]], chance: Random
) -> Iterator[tuple[InventedUnit, tuple[Paper, ...]]]:
    """Put some summaries of one unit into one workbook, a table for each industry."""
    waiting: dict[str, list[Paper]] = {}
    for unit, paper in papers:
        if paper.obligation.industry is None or chance.random() < 0.7:
            yield unit, (paper,)
        else:
            waiting.setdefault(unit.unit.code, []).append(paper)
    units = {unit.unit.code: unit for unit, _ in papers}
    for code, some in waiting.items():
        yield units[code], tuple(some)


def _whole_units(papers: Sequence[tuple[InventedUnit, Paper]], most: int) -> list[tuple[InventedUnit, Paper]]:
    kept: list[tuple[InventedUnit, Paper]] = []
    for code in dict.fromkeys(unit.unit.code for unit, _ in papers):
        if len(kept) < most:
            kept += [pair for pair in papers if pair[0].unit.code == code]
    return kept


def without_stamp(content: bytes) -> bytes:
    """Return a workbook without its hidden sheet, as one copied by hand would be."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    del book["_phaseout"]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _saved_again(made: Sequence[Made], *, folder: Path, chance: Random) -> list[Made]:
    """Return every workbook with its file name; half of them are what LibreOffice made of them."""
    kinds = [chance.choice((*SAVED_AS, "et")) if chance.random() < 0.5 else None for _ in made]
    contents: dict[str, bytes] = {}
    for kind in SAVED_AS:
        files = {
            one.name: one.content
            for one, drawn in zip(made, kinds, strict=True)
            if drawn == kind or (kind == "xls" and drawn == "et")  # .et holds what .xls holds, under another name
        }
        contents |= saved_again(files, kind, folder=folder) if files else {}
    return [
        replace(
            one,
            content=contents.get(one.name, one.content),
            name=f"{one.name}.{kind or 'xlsx'}",
            traps=(*one.traps, f"saved as {kind} by another program" if kind else "as it was written"),
        )
        for one, kind in zip(made, kinds, strict=True)
    ]


def _check(app: App, made: Sequence[Made], told: Told) -> None:
    campaign, tools = app.definitions.campaign(CAMPAIGN), app.tools
    obligations = [paper.obligation for one in made for paper in one.papers]
    within = OpenCampaign(campaign, obligations, by_answer(obligations), {}, ())
    taken = [one for each in made for one in _taken(app, each, within, told)]
    with tools.warehouse.batch():
        tools.warehouse.refresh(reference_tables(campaign), campaign=CAMPAIGN)
        judged = check_in_waves(taken, tools=tools, as_of=AS_OF)
    findings = [finding for one in judged for finding in one.findings]
    for finding in findings:
        told.rules[str(finding.severity), finding.rule] += 1
        told.examples.setdefault(finding.rule, finding)
    told.false += [finding for finding in findings if finding.severity in RETURNING]


def _taken(app: App, made: Made, within: OpenCampaign, told: Told) -> Iterator[Taken]:
    """Yield what a workbook becomes, as intake takes it on the day when it was filed; tell of one that it does not."""
    told.workbooks += 1
    told.forms[made.form.id] += 1
    told.traps.update(made.traps)
    told.cells += sum(len(row) for row in made.rows)
    attachment = Attachment(made.name, made.content)
    arrived_at = datetime.combine(made.filed_on, time(10), CHINA)
    delivery = Delivery(made.name, "", Channel.FOLDER, made.name, arrived_at, arrived_at, None, made.name)
    opened = Opened(delivery, None, made.name, None, (), (attachment,))
    unit = made.unit.unit
    try:
        workbook = app.workbooks.read(made.content)
        form, reading = read_in_year(workbook, recognise(workbook, app.definitions.forms()), within.campaign.year)
        told.changed += [f"{made.name}: {what}" for what in _differences(reading, made)]
        parts = [held_to(part, form, unit) for part in divide(reading, form)]
        if len(parts) != max(len(made.papers), 1):
            told.changed.append(f"{made.name}: {len(parts)} reports, not {len(made.papers)}")
        for part in parts:
            answers = _answers(part, made, within)
            yield Taken(opened, within, attachment, "", workbook, form, part, answers, version=1)
    except Unreadable as why:
        told.changed.append(f"{made.name}: refused as {why.code}")


def _answers(part: Reading, made: Made, within: OpenCampaign) -> Answered:
    unit = made.unit.unit
    if not made.papers:
        return as_if_owed(part, made.form, campaign=within.campaign, unit=unit, name=made.name)
    return answered(part, made.form, campaign=within.campaign, unit=unit, obligations=within.owed[unit.code])


def _differences(reading: Reading, made: Made) -> Iterator[str]:
    """Yield each value that was not read as it was meant."""
    if reading.form != made.form.id or len(reading.rows) != len(made.rows):
        yield f"{reading.form} with {len(reading.rows)} rows, not {len(made.rows)}"
        return
    for row, meant in zip(reading.rows, made.rows, strict=True):
        for name, value in meant.items():
            if _plain(row.values[name]) != _plain(value):
                yield f"{row.sheet} {row.row} {name}: {row.values[name]!r}, not {value!r}"


def _plain(value: Value) -> object:
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def report(told: Told, *, seconds: float) -> Iterator[str]:
    """Yield what the run showed, line by line."""
    yield f"{told.workbooks} workbooks, {told.cells} cells, {seconds:.0f} s"
    for title, counted in (("forms", told.forms), ("layouts and files", told.traps)):
        yield f"{title}: " + ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))
    for (severity, rule), number in sorted(told.rules.items()):
        yield f"  {severity:8} {rule:9} {number:6}  such as {_words(told.examples[rule])}"
    yield f"workbooks or values taken for something else: {len(told.changed)}"
    yield from (f"  {line}" for line in told.changed[:20])
    yield f"false findings of error or above: {len(told.false)}"
    yield from (f"  {_words(finding)}" for finding in told.false[:40])


def _words(finding: Finding) -> str:
    place = (finding.file, finding.rule, finding.sheet, finding.cell or finding.row, finding.message)
    return " | ".join(str(part) for part in place if part is not None)


def main() -> int:
    """Run from the command line; 1 when a valid workbook was called wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = perf_counter()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        told = run(asked.count, seed=asked.seed, folder=Path(folder))
    sys.stdout.write("\n".join(report(told, seconds=perf_counter() - started)) + "\n")
    return 1 if told.false or told.changed else 0


if __name__ == "__main__":
    sys.exit(main())
