"""Workbooks that went through another office program say the same; only what it rewrites differs."""

import io
import subprocess
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.reading import read_form
from phaseout.domain.recognising import recognise
from phaseout.ports import FormSheet
from tests.form_samples import CHOICES, FORMS, STAMP, sample_head, sample_rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return a function that opens files in LibreOffice and saves them in another format."""
    profile = tmp_path_factory.mktemp("profile")

    def saved_as(kind, files, folder):
        for name, content in files.items():
            (folder / f"{name}.xlsx").write_bytes(content)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", kind]
        target = folder / "saved"
        paths = [str(folder / f"{name}.xlsx") for name in files]
        subprocess.run([*command, "--outdir", str(target), *paths], check=True, capture_output=True, timeout=180)
        return {name: (target / f"{name}.{kind}").read_bytes() for name in files}

    return saved_as


@pytest.fixture(scope="module")
def reader():
    reader = LimitedWorkbookReader()
    yield reader
    reader.close()


def read(reader, content):
    workbook = reader.read(content)
    return read_form(workbook, recognise(workbook, FORMS))


def without_stamp(content):
    """Return a workbook without its hidden sheet, as one copied by hand would be."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    del book["_phaseout"]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def written(form, sheet):
    return without_stamp(XlsxWriterWorkbooks().write(form, [sheet], stamp=STAMP, choices=CHOICES))


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_form_saved_by_another_program_says_the_same(office, reader, tmp_path, kind):
    files = {
        form.id: written(form, FormSheet("甲", sample_head(form), sample_rows(form, 3))) for form in FORMS.values()
    }
    for form_id, content in office(kind, files, tmp_path).items():
        reading = read(reader, content)
        form = FORMS[form_id]

        assert reading.form == form_id
        assert reading.breaches == ()
        assert reading.head == sample_head(form)
        assert [row.values for row in reading.rows] == [{**sample_head(form), **row} for row in sample_rows(form, 3)]
        assert [dict(total.values) for total in reading.totals] == (
            [dict.fromkeys(form.totals, 6)] if form.totals else []
        )


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_merged_enterprises_and_zero_reports_survive(office, reader, tmp_path, kind):
    form = FORMS["survey_summary"]
    book = openpyxl.load_workbook(io.BytesIO(written(form, FormSheet("甲", sample_head(form), sample_rows(form, 3)))))
    first = next(row for row in range(1, 20) if book["甲"].cell(row, 1).value == 1)
    for column, field in enumerate(form.columns, start=1):
        if field.merge_down:
            book["甲"].merge_cells(start_row=first, end_row=first + 2, start_column=column, end_column=column)
    target = io.BytesIO()
    book.save(target)
    zero = written(form, FormSheet("甲", sample_head(form), is_zero=True))
    saved = office(kind, {"merged": target.getvalue(), "zero": zero}, tmp_path)
    merged = read(reader, saved["merged"])

    assert merged.breaches == ()
    assert [row.values["enterprise_name"] for row in merged.rows] == ["虚构文字"] * 3
    assert read(reader, saved["zero"]).is_zero


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_hidden_rows_are_seen(office, reader, tmp_path, kind):
    form = FORMS["survey_summary"]
    book = openpyxl.load_workbook(io.BytesIO(written(form, FormSheet("甲", sample_head(form), sample_rows(form, 4)))))
    first = next(row for row in range(1, 20) if book["甲"].cell(row, 1).value == 1)
    for row in (first + 1, first + 2):
        book["甲"].row_dimensions[row].hidden = True
    target = io.BytesIO()
    book.save(target)
    for content in (target.getvalue(), office(kind, {"hidden": target.getvalue()}, tmp_path)["hidden"]):
        reading = read(reader, content)

        assert len(reading.rows) == 4
        assert [(b.rule, b.row, b.facts["found"]) for b in reading.breaches] == [("READ-029", first + 1, 2)]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_errors_of_formulas_are_seen(office, reader, tmp_path, kind):
    form = FORMS["survey_summary"]
    book = openpyxl.load_workbook(io.BytesIO(written(form, FormSheet("甲", sample_head(form), sample_rows(form, 1)))))
    sheet = book["甲"]
    row = next(row for row in range(1, 20) if sheet.cell(row, 1).value == 1)
    capacity = 1 + [field.name for field in form.columns].index("capacity")
    sheet.cell(row, capacity).value = "=1/0"
    sheet.cell(row, capacity + 2).value = "=1+1.5"
    target = io.BytesIO()
    book.save(target)
    reading = read(reader, office(kind, {"errors": target.getvalue()}, tmp_path)["errors"])

    assert [(breach.rule, breach.row, breach.field) for breach in reading.breaches] == [("READ-002", row, "capacity")]
    assert str(reading.rows[0].values["output"]) == "2.5"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_workbook_that_counts_its_days_from_1904_keeps_its_days_and_names_bare_numbers(
    office, reader, tmp_path, kind
):
    form = FORMS["survey_summary"]
    rows = [{**row, "checked_on": date(2022, 7, 15)} for row in sample_rows(form, 2)]
    book = openpyxl.load_workbook(io.BytesIO(written(form, FormSheet("表2", sample_head(form), rows))))
    *_, cell = [one for one in book.active["R"] if isinstance(one.value, datetime)]
    cell.value, cell.number_format = 43295, "General"  # what a spreadsheet shows of the day without its format
    book.epoch = CALENDAR_MAC_1904
    target = io.BytesIO()
    book.save(target)

    workbook = reader.read(office(kind, {"form": target.getvalue()}, tmp_path)["form"])
    reading = read_form(workbook, form)
    assert workbook.is_1904
    assert [row.values["checked_on"] for row in reading.rows] == [date(2022, 7, 15), None]
    assert [(b.rule, b.field) for b in reading.breaches if b.field == "checked_on"] == [("READ-030", "checked_on")]
