"""Cells with a known truth, written, read, taken into the warehouse and told again: none may change in silence.

Run it as `python -m tests.soak.cells [COUNT] [--seed N]`. A cell arrives as the value that was meant, or a finding
names it; anything else is a silent change, and so is a marked copy or a consolidated table that shows another value.
"""

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random
from time import perf_counter

import duckdb

from phaseout.adapters.duckdb_warehouse import DuckDbWarehouse
from phaseout.adapters.duckdb_warehouse.mart_heads import head_of
from phaseout.adapters.duckdb_warehouse.statements import kept_fields
from phaseout.adapters.gx_checker import GxChecker
from phaseout.adapters.marked_copy import XlsxWriterMarkedCopies
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.domain.cell_text import writable
from phaseout.domain.finding_text import describe
from phaseout.domain.form import Field, FieldType, Form, in_year
from phaseout.domain.invented.chance import dice
from phaseout.domain.reading import read_form
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import Breach, Cell, Reading, Value, Workbook
from phaseout.ports import StagedWorkbook
from phaseout.settings import PROJECT
from tests.soak.another_program import saved_again
from tests.soak.cell_classes import RARE, Formula, Meant, classes_of
from tests.soak.cell_sheet import written
from tests.warehouse_rows import CAMPAIGN, PARAMETERS, REFERENCES, SUITES, open_warehouse
from tests.warehouse_rows import FORMS as FORMS_OF_ALL_YEARS

COUNT = 100_000
FORMS = in_year(FORMS_OF_ALL_YEARS, 2022)
_ROWS = 60
_STEADY = ("seq", "city", "industry", "enterprise_name", "organisation")  # what makes a row one: never hostile
_UNITS = ("320100", "320200")
_ARRIVED, _NAMED = "arrived", "named"


@dataclass(slots=True)
class Told:
    """What became of the cells, class by class."""

    cells: int = 0
    workbooks: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    classes: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # type, class, outcome
    told_again: Counter[str] = field(default_factory=Counter)  # where else a value was found as it was meant
    silent: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sheetful:
    """A workbook of cells on its way, with what each of them means."""

    form: Form
    content: bytes
    rows: list[dict[str, tuple[str, Meant]]]
    head: dict[str, tuple[str, Meant]]
    kind: str
    from_1904: bool
    workbook: Workbook | None = None
    reading: Reading | None = None
    breaches: list[Breach] = field(default_factory=list)


def run(count: int, *, seed: int, folder: Path, other_program: bool = True) -> Told:
    """Make at least *count* cells and follow each of them to the end."""
    told, chance = Told(), dice(seed, "cells")
    sheets = list(_sheetfuls(count, chance))
    if other_program:
        _save_some_again(sheets, folder=folder, chance=chance)
    with_reader = LimitedWorkbookReader()
    try:
        for one in sheets:
            _read(one, with_reader, told)
        _follow(sheets, with_reader, told, folder=folder)
    finally:
        with_reader.close()
    return told


def _sheetfuls(count: int, chance: Random) -> Iterator[Sheetful]:
    made = 0
    while made < count:
        for form in FORMS.values():
            one = _sheetful(form, chance)
            made += len(one.head) + sum(len(row) for row in one.rows)
            yield one


def _sheetful(form: Form, chance: Random) -> Sheetful:
    from_1904 = chance.random() < 0.25
    draw = _Draw(chance, counts_from_1904=from_1904)
    head = {one.name: draw.cell(one) for one in form.head}
    rows = [
        {one.name: draw.steady(one, number) if one.name in _STEADY else draw.cell(one) for one in form.columns}
        for number in range(1, _ROWS + 1)
    ]
    return Sheetful(form, written(form, head, rows, from_1904=from_1904), rows, head, "xlsx", from_1904)


@dataclass(slots=True)
class _Draw:
    chance: Random
    counts_from_1904: bool

    def cell(self, one: Field) -> tuple[str, Meant]:
        classes = classes_of(one, counts_from_1904=self.counts_from_1904)
        names = [name for name in classes if name not in RARE or self.chance.random() < 0.05]
        name = self.chance.choice(names)
        return name, classes[name](self.chance, one)

    def steady(self, one: Field, number: int) -> tuple[str, Meant]:
        if one.type is FieldType.INTEGER:
            return "steady", Meant(float(number), number)
        word = one.choices[0] if one.choices else f"虚构{one.label}{number}"
        return "steady", Meant(word, word)


def _save_some_again(sheets: Sequence[Sheetful], *, folder: Path, chance: Random) -> None:
    """Let LibreOffice save a part as another kind of file."""
    for kind in ("xls", "ods"):
        chosen = {str(at): one for at, one in enumerate(sheets) if one.kind == "xlsx" and chance.random() < 0.1}
        for one in chosen.values():
            _settle(one)
        for at, content in saved_again({at: one.content for at, one in chosen.items()}, kind, folder=folder).items():
            chosen[at].content, chosen[at].kind = content, kind


def _settle(one: Sheetful) -> None:
    """Leave out what LibreOffice itself changes: it calculates formulas anew, and writes 1 for true into an .ods."""
    for cells in (one.head, *one.rows):
        for name, (label, meant) in cells.items():
            if isinstance(meant.typed, Formula | bool) or label == "longest":
                cells[name] = ("left out", Meant(None, None))
    one.content = written(one.form, one.head, one.rows, from_1904=one.from_1904)


def _read(one: Sheetful, reader: LimitedWorkbookReader, told: Told) -> None:
    one.workbook = reader.read(one.content)
    form = recognise(one.workbook, FORMS)
    assert form.id == one.form.id
    one.reading = read_form(one.workbook, form)
    one.breaches = list(one.reading.breaches)
    told.workbooks += 1
    told.forms[form.id] += 1
    if len(one.reading.rows) != len(one.rows):
        told.silent.append(f"{form.id}: {len(one.reading.rows)} rows, not {len(one.rows)}")
        one.rows = []
        return
    for name, drawn in one.head.items():
        _judge(one, one.form.field(name), drawn, one.reading.head[name], row=None, told=told)
    for row, cells in zip(one.reading.rows, one.rows, strict=True):
        for name, drawn in cells.items():
            _judge(one, one.form.field(name), drawn, row.values[name], row=row.row, told=told)


def _judge(one: Sheetful, field_: Field, drawn: tuple[str, Meant], got: Value, *, row: int | None, told: Told) -> None:
    """Compare what was read with what was meant; a rule must be the one that names what is wrong."""
    label, meant = drawn
    told.cells += 1
    rules = {
        breach.rule
        for breach in one.breaches
        if breach.field == field_.name
        and (row is None or breach.row == row)
        and (row is not None or _is_head(one, breach))
    }
    is_right = _plain(got) == _plain(meant.value) and rules == ({meant.rule} if meant.rule else set())
    told.classes[str(field_.type), label, _NAMED if meant.rule else _ARRIVED] += 1
    if not is_right:
        told.silent.append(
            f"{one.kind} {one.form.id} {field_.name} ({field_.type}, {label}): typed {meant.typed!r:.80}, "
            f"meant {meant.value!r:.80} {meant.rule or ''}, read {got!r:.80} {' '.join(sorted(rules))}"
        )


def _is_head(one: Sheetful, breach: Breach) -> bool:
    return breach.field not in {column.name for column in one.form.columns}


def _plain(value: object) -> object:
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _follow(sheets: Sequence[Sheetful], reader: LimitedWorkbookReader, told: Told, *, folder: Path) -> None:
    """Take the readings into a warehouse, publish it, and look for every value in what is told of them."""
    warehouse, checker = open_warehouse(folder / "warehouse.duckdb"), GxChecker(SUITES)
    warehouse.refresh(REFERENCES, campaign=CAMPAIGN)
    try:
        for form in FORMS.values():
            own = {f"{form.id}#{at}": one for at, one in enumerate(sheets) if one.form.id == form.id and one.rows}
            _take_in(warehouse, checker, form, own)
            for one in own.values():
                _look_at_marked_copy(one, reader, told)
            _look_at_consolidated(warehouse, form, own, told)
        warehouse.publish(folder / "published.duckdb")
    finally:
        warehouse.close()
    with duckdb.connect(str(folder / "published.duckdb"), read_only=True) as published:
        for form in FORMS.values():
            own = {f"{form.id}#{at}": one for at, one in enumerate(sheets) if one.form.id == form.id and one.rows}
            _look_at_core(published, form, own, told)
            _look_at_marts(published, form, own, told)


def _take_in(warehouse: DuckDbWarehouse, checker: GxChecker, form: Form, own: Mapping[str, Sheetful]) -> None:
    with warehouse.batch():
        staged = [
            StagedWorkbook(
                submission=name,
                campaign=CAMPAIGN,
                unit=_UNITS[0],
                industry="ferroalloy",
                period=f"{1000 + at:04d}-01",
                version=1,
                reading=one.reading,
            )
            for at, (name, one) in enumerate(own.items())
            if one.reading is not None
        ]
        frame = warehouse.stage(form, staged)
        checker.check(form.id, frame, parameters=PARAMETERS)  # no cell may stop a rule
        warehouse.check(form.id, parameters=PARAMETERS)
        warehouse.promote(form.id, list(own))
        warehouse.commit()


def _look_at_core(published: duckdb.DuckDBPyConnection, form: Form, own: Mapping[str, Sheetful], told: Told) -> None:
    names = [one.name for one in kept_fields(form)]
    rows = published.execute(
        f"SELECT loaded.submission_id, rows.row_no, {', '.join(f'rows.{name}' for name in names)} "  # noqa: S608 - our own names
        f"FROM core.{form.id} AS rows JOIN core.submission_loaded AS loaded USING (load_no)"
    ).fetchall()
    found = {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in rows}
    _compare(own, names, found, "core table", told)


def _look_at_marts(published: duckdb.DuckDBPyConnection, form: Form, own: Mapping[str, Sheetful], told: Told) -> None:
    """Compare each mart that tells rows of the form, column by column, as a bag: marts have no row numbers."""
    marts = {
        "survey_summary": "equipment",
        "progress": "progress_monthly",
        "inspection": "inspection",
        "completed_list": "completed_list",
    }
    if form.id not in marts:
        return
    view = marts[form.id]
    fields = _told_by(view, form)
    for one in kept_fields(form):
        if one.name not in fields or one.name == "industry":
            continue
        shown = published.execute(f"SELECT submission_id, {fields[one.name]} FROM mart.{view}").fetchall()  # noqa: S608 - our own names
        got = Counter((row[0], _plain(row[1])) for row in shown)
        meant = Counter(
            (name, _plain(row.values[one.name])) for name, sheet in own.items() for row in sheet.reading.rows
        )
        _count_bag(got, meant, f"mart.{view}", one.name, told)


def _told_by(view: str, form: Form) -> Mapping[str, str]:
    """Return which column of a mart tells each field of a form, by the mart's descriptions."""
    head = head_of(view, (PROJECT / "data" / "sql" / "mart" / f"{view}.sql").read_text("utf-8"))
    spoken = re.compile(rf"\{{{form.id}\.(\w+)\}}")
    return {field: column for column, words in head.columns.items() for field in spoken.findall(words)}


def _count_bag(got: Counter[object], meant: Counter[object], place: str, name: str, told: Told) -> None:
    told.told_again[place] += sum((got & meant).values())
    if got != meant:
        told.silent.append(
            f"{place} {name}: {list((meant - got).items())[:2]!r:.200} told as {list((got - meant).items())[:2]!r:.200}"
        )


def _compare(
    own: Mapping[str, Sheetful],
    names: Sequence[str],
    found: Mapping[tuple[str, int], Mapping[str, object]],
    place: str,
    told: Told,
) -> None:
    for submission, one in own.items():
        for row in one.reading.rows:
            got = found.get((submission, row.row), {})
            for name in names:
                if name in got and _plain(got[name]) == _plain(row.values[name]):
                    told.told_again[place] += 1
                else:
                    told.silent.append(
                        f"{place} {submission} {row.row} {name}: {got.get(name)!r:.80}, not {row.values[name]!r:.80}"
                    )


def _look_at_consolidated(warehouse: DuckDbWarehouse, form: Form, own: Mapping[str, Sheetful], told: Told) -> None:
    if form.id != "survey_summary":
        return
    columns = {
        "统一社会信用代码": "uscc",
        "规格型号": "equip_model",
        "主要参数": "equip_params",
        "产能": "capacity",
        "数量（台、套）": "equip_count",
        "计划完成时限": "plan_date",
        "对应目录条款": "catalogue_ref",
    }
    rows = warehouse.query("stock/consolidate_survey_summary", parameters={"campaign_id": CAMPAIGN})
    for caption, name in columns.items():
        got = Counter(_plain(row[caption]) for row in rows)
        meant = Counter(_plain(row.values[name]) for one in own.values() for row in one.reading.rows)
        _count_bag(got, meant, "consolidated table", name, told)


def _look_at_marked_copy(one: Sheetful, reader: LimitedWorkbookReader, told: Told) -> None:
    """Compare the cells of the marked copy with those that the sender wrote."""
    rules = {**_reading_rules(), **{entry.rule.id: entry.rule for entry in SUITES[one.form.id]}}
    findings = [describe(breach, rules[breach.rule], one.form, one.reading, "报表.xlsx") for breach in one.breaches]
    copy = reader.read(XlsxWriterMarkedCopies().mark(one.workbook, one.form, findings))
    shown = {sheet.name: sheet.rows for sheet in copy.sheets}["Sheet1"]
    for at, row in enumerate(one.workbook.sheets[0].rows):
        for place, cell in enumerate(row):
            copied = shown[at][place] if at < len(shown) and place < len(shown[at]) else None
            if _shown(cell) == _shown(copied):
                told.told_again["marked copy"] += 1
            else:
                told.silent.append(f"marked copy {one.form.id} {at} {place}: {copied!r:.80}, not {cell!r:.80}")


def _shown(cell: Cell) -> object:
    if cell is None or isinstance(cell, str):
        return writable(cell or "").strip(" ")
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())
    return cell


_RULES: dict[str, object] = {}


def _reading_rules():
    from phaseout.adapters.definitions import FileDefinitions  # noqa: PLC0415 - read once
    from phaseout.settings import PROJECT  # noqa: PLC0415

    if not _RULES:
        _RULES.update(FileDefinitions(PROJECT).reading_rules())
    return _RULES


def report(told: Told, *, seconds: float) -> Iterator[str]:
    """Yield what the run showed, class by class."""
    yield f"{told.cells} cells in {told.workbooks} workbooks, {seconds:.0f} s"
    for (kind, label, outcome), number in sorted(told.classes.items()):
        yield f"  {kind:8} {label:28} {outcome:8} {number}"
    yield "told again as meant: " + ", ".join(f"{place} {number}" for place, number in sorted(told.told_again.items()))
    yield f"silent changes: {len(told.silent)}"
    kinds: dict[str, list[str]] = {}
    for line in told.silent:
        kinds.setdefault(line.split(": typed")[0], []).append(line)
    for lines in sorted(kinds.values(), key=len, reverse=True)[:60]:
        yield f"  {len(lines)} x {lines[0]}"


def main() -> int:
    """Run from the command line; 1 when a cell changed in silence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = perf_counter()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        told = run(asked.count, seed=asked.seed, folder=Path(folder))
    sys.stdout.write("\n".join(report(told, seconds=perf_counter() - started)) + "\n")
    return 1 if told.silent else 0


if __name__ == "__main__":
    sys.exit(main())
