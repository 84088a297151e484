"""What we write is what we read: every form, blank, filled and as a zero report."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.form import FieldType
from phaseout.domain.reading import read_form
from phaseout.domain.reading_cells import read_cell
from phaseout.domain.recognising import recognise
from phaseout.ports import FormSheet
from tests.form_samples import CHOICES, FORMS, STAMP, sample_head, sample_rows

WRITER = XlsxWriterWorkbooks()
every_form = pytest.mark.parametrize("form_id", FORMS)


@pytest.fixture(scope="module")
def reader():
    reader = LimitedWorkbookReader()
    yield reader
    reader.close()


def write(form, *sheets):
    return WRITER.write(form, sheets, stamp=STAMP, choices=CHOICES)


def read(reader, content):
    workbook = reader.read(content)
    return read_form(workbook, recognise(workbook, FORMS))


@every_form
def test_a_filled_form_comes_back_as_it_was(reader, form_id):
    form = FORMS[form_id]
    head, rows = sample_head(form), sample_rows(form, 3)
    reading = read(reader, write(form, FormSheet("甲", head, rows)))

    assert reading.form == form.id
    assert reading.breaches == ()
    assert reading.head == head
    assert [row.values for row in reading.rows] == [{**head, **row} for row in rows]
    assert [total.values for total in reading.totals] == ([dict.fromkeys(form.totals, 6)] if form.totals else [])


@every_form
def test_every_value_can_be_pointed_at(reader, form_id):
    form = FORMS[form_id]
    reading = read(reader, write(form, FormSheet("甲", sample_head(form), sample_rows(form, 1))))

    assert {field for _, field in reading.columns} == {field.name for field in form.columns}
    assert {field for _, field in reading.head_cells} == {field.name for field in form.head}


@every_form
def test_a_blank_form_has_its_head_and_no_rows(reader, form_id):
    form = FORMS[form_id]
    reading = read(reader, write(form, FormSheet("甲", {"reporting_unit": "南京市工业和信息化局"})))

    assert reading.head["reporting_unit"] == "南京市工业和信息化局"
    assert [breach.rule for breach in reading.breaches] == ["READ-011"]


@pytest.mark.parametrize("form_id", [form.id for form in FORMS.values() if form.allows_zero])
def test_a_zero_report_comes_back_as_one(reader, form_id):
    form = FORMS[form_id]
    reading = read(reader, write(form, FormSheet("甲", sample_head(form), is_zero=True)))

    assert reading.is_zero
    assert reading.breaches == ()
    assert reading.head == sample_head(form)


def test_several_sheets_become_one_reading(reader):
    form = FORMS["inspection"]
    heads = [sample_head(form) | {"enterprise_name": name} for name in ("甲", "乙", "丙")]
    reading = read(reader, write(form, *(FormSheet("企业", head, sample_rows(form, 2)) for head in heads)))

    assert [row.values["enterprise_name"] for row in reading.rows] == ["甲", "甲", "乙", "乙", "丙", "丙"]
    assert [row.sheet for row in reading.rows] == ["企业", "企业", "企业(2)", "企业(2)", "企业(3)", "企业(3)"]


def test_rows_without_a_number_are_numbered(reader):
    rows = [{"enterprise_name": "甲", "equip_name": "乙"}, {"enterprise_name": "丙", "equip_name": "丁"}]
    reading = read(reader, write(FORMS["survey_summary"], FormSheet("甲", {}, rows)))

    assert [row.values["seq"] for row in reading.rows] == [1, 2]


def test_a_form_that_is_still_to_be_filled_in_has_no_total_that_would_soon_be_wrong(reader):
    form = FORMS["progress"]
    head = {**sample_head(form), "filled_on": None}

    assert read(reader, write(form, FormSheet("甲", head, sample_rows(form, 2)))).totals == ()


def test_a_stated_total_replaces_what_adds_up(reader):
    form = FORMS["survey_summary"]
    sheet = FormSheet("甲", sample_head(form), sample_rows(form, 2), stated_totals={"equip_count": 99})

    assert read(reader, write(form, sheet)).totals[0].values == {"equip_count": 99}


@every_form
def test_the_same_form_is_the_same_bytes(form_id):
    form = FORMS[form_id]
    sheet = FormSheet("甲", sample_head(form), sample_rows(form, 2))

    assert write(form, sheet) == write(form, sheet)


@every_form
def test_no_cell_is_a_formula_or_a_link(form_id):
    form = FORMS[form_id]
    rows = [{**row, "remark": "=1+1", "equip_model": "http://a.example"} for row in sample_rows(form, 1)]
    with zipfile.ZipFile(io.BytesIO(write(form, FormSheet("甲", sample_head(form), rows)))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]

    assert not any(b"<f>" in sheet or b"<f " in sheet or b"hyperlink" in sheet for sheet in sheets)


@every_form
def test_a_form_helps_who_fills_it_in(form_id):
    form = FORMS[form_id]
    workbook = openpyxl.load_workbook(io.BytesIO(write(form, FormSheet("甲", {}))))
    sheet, instructions, stamp = workbook["甲"], workbook["填表说明"], workbook["_phaseout"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    wanted = [f for f in form.fields if f.choices or f.type is FieldType.FLAG or f.name in CHOICES]

    assert len(lists) == len(wanted)
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9  # A4
    assert sheet.print_title_rows
    assert instructions["A1"].value == "填表说明"
    assert stamp.sheet_state == "hidden"
    assert dict(stamp.iter_rows(min_row=1, max_row=4, max_col=2, values_only=True)) == {
        "form": form.id,
        "layout_version": "2022",
        "campaign": "jiangsu-2022",
        "unit": "320100",
    }


def test_a_sheet_name_is_made_fit(reader):
    form = FORMS["survey_summary"]
    names = ["甲[1]:*?/\\", "_phaseout", "", "长" * 40, "长" * 40]
    workbook = reader.read(write(form, *(FormSheet(name, {}) for name in names)))

    assert [sheet.name for sheet in workbook.sheets][:5] == [
        "甲 1",
        "_phaseout(2)",
        "报表",
        "长" * 31,
        "长" * 28 + "(2)",
    ]


TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "S"]), min_size=1, max_size=12)
DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


def _kept(field):
    """Say whether a text survives reading as it is; what means nothing or is trimmed does not."""
    return lambda value: read_cell(value, field).value == value and "示例" not in value


def _strategy(field):
    if field.choices and field.type is FieldType.CHOICE:
        return st.sampled_from(field.choices)
    return {
        FieldType.TEXT: TEXT.filter(_kept(field)),
        FieldType.CHOICE: TEXT.filter(_kept(field)),
        FieldType.CODE: st.from_regex(r"[0-9A-Z-]{3,18}", fullmatch=True).filter(_kept(field)),
        FieldType.INTEGER: st.integers(0, 10**13),
        FieldType.DECIMAL: st.decimals(0, 10**13, places=4),
        FieldType.DATE: DAYS,
        FieldType.MONTH: DAYS.map(lambda day: f"{day:%Y-%m}"),
        FieldType.FLAG: st.booleans(),
    }[field.type]


def _rows(form):
    """Return rows whose first words cannot be taken for a total, a note or a label."""
    fixed = {
        "seq": st.just(1),
        "city": st.just("南京市"),
        "industry": st.just("铁合金"),
        "equip_name": st.just("矿热炉"),
    }
    row = {
        f.name: fixed.get(f.name, st.one_of(st.none(), _strategy(f)) if f.name not in fixed else None)
        for f in form.columns
    }
    return st.lists(st.fixed_dictionaries(row), min_size=1, max_size=3)


def _same(value):
    return value.normalize() if isinstance(value, Decimal) else value


@every_form
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_generated_rows_come_back_as_they_were(reader, form_id, data):
    form = FORMS[form_id]
    rows = data.draw(_rows(form))
    known = {"organisation": "某局", "surveyed_count": 1, "product": "硅铁"}
    rows = [{**row, "uscc": row.get("uscc") or "0000", **known} for row in rows]
    rows = [{name: row.get(name) for name in (field.name for field in form.columns)} for row in rows]
    head = {f.name: data.draw(_strategy(f)) if f.type is not FieldType.TEXT else "虚构" for f in form.head}
    reading = read(reader, write(form, FormSheet("甲", head, rows)))

    assert [breach for breach in reading.breaches if breach.rule != "READ-014"] == []
    assert [{n: _same(row.values[n]) for n in rows[0]} for row in reading.rows] == [
        {n: _same(value) for n, value in row.items()} for row in rows
    ]
    assert {n: _same(value) for n, value in reading.head.items()} == {n: _same(value) for n, value in head.items()}
