"""The marked copy: the sender's own rows, bad cells marked with the reason, and a list that leads to them."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from phaseout.adapters.marked_copy import XlsxWriterMarkedCopies
from phaseout.adapters.marked_copy.looks import SHADES
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_writer import XlsxWriterWorkbooks
from phaseout.domain.explanation import Explanation, explanations
from phaseout.domain.finding import Finding, Severity
from phaseout.domain.reading import read_form
from phaseout.domain.recognising import recognise
from phaseout.domain.submission import Sheet, Workbook
from phaseout.ports import FormSheet
from tests.form_samples import CHOICES, FORMS, STAMP, SURVEY, sample_head, sample_rows, survey, survey_row

LIST = "问题清单"
FIRST_ROW = 6  # of the data under title, head and the two header rows


@pytest.fixture(scope="module")
def reader():
    reader = LimitedWorkbookReader()
    yield reader
    reader.close()


def finding(cell=None, **changes):
    return Finding(
        **{
            "rule": "SUM-101",
            "severity": Severity.ERROR,
            "title": "统一社会信用代码校验位",
            "message": "统一社会信用代码未通过校验位核验",
            "remedy": "请对照营业执照核对后更正",
            "file": "甲市表2.xlsx",
            "sheet": "Sheet1",
            "row": int(re.sub(r"\D", "", cell)) if cell else None,
            "cell": cell,
            "field": "uscc",
            "field_label": "统一社会信用代码",
            "expected": "18位",
        }
        | changes
    )


def mark(workbook, *findings, form=SURVEY, **how):
    return XlsxWriterMarkedCopies().mark(workbook, form, findings, **how)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def colour(cell):
    return f"#{cell.fill.fgColor.rgb[2:]}" if cell.fill.fill_type else None


def coloured(sheet):
    """Return the severity that each cell of a sheet shows."""
    severities = {shade.fill: severity for severity, shade in SHADES.items()}
    return {cell.coordinate: severities[colour(cell)] for row in sheet for cell in row if colour(cell) in severities}


def shifted(sheet, columns=1):
    """Return a sheet as it is with blank columns before it."""
    rows = tuple((None,) * columns + row for row in sheet.rows)
    merged = tuple((top, left + columns, bottom, right + columns) for top, left, bottom, right in sheet.merged)
    return Sheet(sheet.name, sheet.is_hidden, rows, merged)


def lines(book):
    """Return the lines of the list of findings, each by the words of its header."""
    rows = list(book[LIST].iter_rows())
    top = next(at for at, row in enumerate(rows) if row[0].value == "序号")
    header = [cell.value for cell in rows[top]]
    return [dict(zip(header, row, strict=True)) for row in rows[top + 1 :]]


def test_a_bad_cell_has_the_colour_of_its_severity_and_the_reason_as_comment():
    workbook = Workbook((survey(survey_row(), survey_row(seq=2.0)),))
    book = opened(mark(workbook, finding("E6"), finding("H7", severity=Severity.WARNING, message="产能偏大")))

    assert coloured(book["Sheet1"]) == {"E6": Severity.ERROR, "H7": Severity.WARNING}
    assert book["Sheet1"]["E6"].comment.text == (
        "【错误】统一社会信用代码未通过校验位核验\n处理办法：请对照营业执照核对后更正（SUM-101）"
    )
    assert "【警告】产能偏大" in book["Sheet1"]["H7"].comment.text


def test_every_severity_is_told_apart_by_its_border_as_well():
    workbook = Workbook((survey(*(survey_row(seq=float(number)) for number in range(4))),))
    findings = [finding(f"E{row}", severity=severity) for row, severity in enumerate(Severity, start=FIRST_ROW)]
    sheet = opened(mark(workbook, *findings))["Sheet1"]

    assert list(coloured(sheet).values()) == list(Severity)
    assert [sheet.cell(row, 5).border.left.style for row in range(6, 10)] == [
        "medium", "medium", "mediumDashed", "dashed",
    ]  # fmt: skip


def test_a_blank_leading_column_stays_where_it_is():
    workbook = Workbook((shifted(survey(survey_row())),))
    sheet = opened(mark(workbook, finding("F6")))["Sheet1"]

    assert [cell.value for cell in sheet["A"]] == [None] * 6
    assert sheet["F6"].value == "91320115MA1XXXXX0A"
    assert coloured(sheet) == {"F6": Severity.ERROR}
    assert sheet["F6"].comment


def test_a_finding_in_a_merged_cell_is_marked_where_the_cell_shows():
    rows = [survey_row(), survey_row(seq=2.0, uscc=None), survey_row(seq=3.0, uscc=None)]
    workbook = Workbook((survey(*rows, merged=((5, 4, 7, 4),)),))
    book = opened(mark(workbook, finding("E7")))

    assert [str(merged) for merged in book["Sheet1"].merged_cells.ranges] == ["E6:E8"]
    assert "E6" in coloured(book["Sheet1"])
    assert book["Sheet1"]["E6"].comment
    assert lines(book)[0]["单元格"].hyperlink.location == "'Sheet1'!E6"


def test_an_empty_cell_that_is_wanted_is_marked_even_beyond_the_end_of_its_row():
    workbook = Workbook((survey(survey_row()[:10]),))
    sheet = opened(mark(workbook, finding("E6"), finding("L6", rule="SUM-114")))["Sheet1"]

    assert set(coloured(sheet)) == {"E6", "L6"}
    assert sheet["L6"].comment


def test_the_heaviest_of_several_findings_colours_a_cell_and_the_comment_tells_all():
    workbook = Workbook((survey(survey_row()),))
    findings = [finding("E6", severity=Severity.NOTE, message="甲"), finding("E6", message="乙")]
    sheet = opened(mark(workbook, *findings))["Sheet1"]

    assert coloured(sheet) == {"E6": Severity.ERROR}
    assert re.findall("【(..)】(.)", sheet["E6"].comment.text) == [("错误", "乙"), ("提示", "甲")]


def test_each_sheet_has_its_own_marks_and_the_list_leads_to_each():
    workbook = Workbook((survey(survey_row(), name="甲"), survey(survey_row(), name="乙's (2)")))
    book = opened(mark(workbook, finding("E6", sheet="乙's (2)"), finding("F6", sheet="甲")))

    assert book.sheetnames[:3] == [LIST, "甲", "乙's (2)"]
    assert coloured(book["甲"]) == {"F6": Severity.ERROR}
    assert coloured(book["乙's (2)"]) == {"E6": Severity.ERROR}
    assert [line["单元格"].hyperlink.location for line in lines(book)] == ["'乙''s (2)'!E6", "'甲'!F6"]


@pytest.mark.parametrize(
    ("found", "marked", "link"),
    [
        pytest.param(finding(sheet=None, field=None), set(), None, id="the whole file"),
        pytest.param(finding(field=None), set(), "'Sheet1'!A1", id="a whole sheet"),
        pytest.param(finding(row=5), set(), "'Sheet1'!A5", id="a column that is missing"),
        pytest.param(finding(row=6, field=None), {"A6"}, "'Sheet1'!A6", id="a row"),
        pytest.param(finding(row=6, field=None, found="硅铁"), {"F6"}, "'Sheet1'!F6", id="a text in a row"),
        pytest.param(finding("C3", sheet=None), {"C3"}, "'Sheet1'!C3", id="a cell of the only sheet"),
        pytest.param(finding("E6", sheet="没有"), set(), None, id="a sheet that is not there"),
        pytest.param(finding("XFD1048576"), set(), "'Sheet1'!A1", id="a cell that is not there"),
    ],
)
def test_what_speaks_of_no_cell_is_listed_and_leads_as_near_as_it_can(found, marked, link):
    book = opened(mark(Workbook((survey(survey_row()),)), found))
    (line,) = lines(book)

    assert set(coloured(book["Sheet1"])) == marked
    assert (line["单元格"].hyperlink.location if line["单元格"].hyperlink else None) == link
    assert line["规则号"].value == "SUM-101"


def test_the_list_counts_by_severity_and_names_the_correction_date():
    findings = [finding("E6"), finding("F6"), finding("H6", severity=Severity.WARNING, rule="SUM-123")]
    book = opened(mark(Workbook((survey(survey_row()),)), *findings, correction_due=date(2022, 8, 18)))
    said = [row[0].value for row in book[LIST].iter_rows(max_row=8) if row[0].value]

    assert said[:5] == [
        "问题清单",
        "报表：企业生产工艺装备情况调查汇总表（表2）",
        "文件：甲市表2.xlsx",
        "问题：共3处，其中错误2处、警告1处",
        "更正期限：2022年8月18日",
    ]
    assert [line["严重程度"].value for line in lines(book)] == ["错误", "错误", "警告"]


def test_without_a_correction_date_none_is_named():
    book = opened(mark(Workbook((survey(survey_row()),)), finding("E6")))

    assert not [row for row in book[LIST].iter_rows() if "更正期限" in str(row[0].value)]


def test_only_what_is_to_be_explained_may_be_written_on_the_list():
    findings = [finding("E6", severity=severity) for severity in SHADES]
    book = opened(mark(Workbook((survey(survey_row()),)), *findings))

    assert book[LIST].protection.sheet
    assert [line["情况说明"].protection.locked for line in lines(book)] == [True, False, False, True]
    assert [line["情况说明"].value for line in lines(book)] == ["—", "", "", "—"]
    assert not book["Sheet1"].protection.sheet


HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-2+3",
    "{=1+1}",
    "http://evil.example",
    "internal:A1",
    "<r><t>x</t></r>",
    "<r>&broken",
    "</si><si>",
    "_x0041_",
    "字" * 32_767,
    "两行\n文字",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_a_hostile_text_comes_back_as_the_text_it_is(reader, text):
    workbook = Workbook((survey(survey_row(enterprise_name=text, remark=text)),))
    content = mark(workbook, finding("D6", message=text[:60], remedy=text[:60], found=text[:60]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    shown = reader.read(content).sheets[1].rows[5][3]

    assert not [name for name, part in parts.items() if name.startswith("xl/worksheets/") and "<f" in part]
    assert not [part for part in parts.values() if 'TargetMode="External"' in part]
    assert shown.rstrip() == text
    assert opened(content)["Sheet1"]["D6"].data_type == "s"


def test_what_no_file_can_hold_is_left_out_of_a_text(reader):
    text = "甲\x00\x07乙\ud800丙\uffff丁\r\n戊"
    workbook = Workbook((survey(survey_row(enterprise_name=text), name="表\x01\ud800"),))
    content = mark(workbook, finding("D6", sheet="表\x01\ud800", message=text, remedy=text, file=text))

    assert reader.read(content).sheets[1].rows[5][3] == "甲乙丙丁\n戊"
    assert opened(content).sheetnames[1] == "表"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(1.5, 1.5, id="number"),
        pytest.param(913201150000000000.0, 913201150000000000.0, id="code that became a number"),
        pytest.param(True, True, id="truth"),
        pytest.param(date(2022, 7, 15), date(2022, 7, 15), id="day"),
        pytest.param(datetime(2022, 7, 15, 8, 30), datetime(2022, 7, 15, 8, 30), id="instant"),  # noqa: DTZ001
        pytest.param(time(8, 30), time(8, 30), id="time"),
        pytest.param(timedelta(hours=30), timedelta(hours=30), id="duration"),
        pytest.param(timedelta(hours=-1), "-1 day, 23:00:00", id="no duration that a spreadsheet has"),
        pytest.param(date(1899, 5, 1), "1899-05-01", id="no day that a spreadsheet has"),
        pytest.param(date(9999, 12, 31), date(9999, 12, 31), id="the last day"),
        pytest.param(float("inf"), "inf", id="no number"),
        pytest.param("2022-08", "2022-08", id="text"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_value_comes_back_as_it_was(reader, value, shown):
    content = mark(Workbook((survey(survey_row(remark=value)),)), finding("V6"))
    row = reader.read(content).sheets[1].rows[5]
    cell = row[21] if len(row) > 21 else None

    assert (cell.date() if type(shown) is date and isinstance(cell, datetime) else cell or None) == shown


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_copy_of_a_form_reads_as_the_form(reader, form):
    sheets = [FormSheet("甲", sample_head(form), sample_rows(form, 3)), FormSheet("乙", sample_head(form))]
    sent = reader.read(XlsxWriterWorkbooks().write(form, sheets, stamp=STAMP, choices=CHOICES))
    copy = reader.read(mark(sent, finding("C4", sheet="甲"), finding(sheet="乙"), form=form))

    assert recognise(copy, FORMS) == form
    assert read_form(copy, form) == read_form(sent, form)


@pytest.mark.parametrize("keeps_stamp", [True, False], ids=["whole", "without its hidden sheet"])
def test_a_mended_copy_is_read_as_the_form_with_its_explanations(reader, keeps_stamp):
    workbook = Workbook((survey(survey_row(uscc="错"), survey_row(seq=2.0)),))
    book = opened(
        mark(workbook, finding("E6"), finding("H7", severity=Severity.WARNING, rule="SUM-123", field="capacity"))
    )
    book["Sheet1"]["E6"].value = "91320115MA1YYYYY0B"
    lines(book)[1]["情况说明"].value = " 新增生产线，产能属实 "
    if not keeps_stamp:
        del book["_phaseout"]
    target = io.BytesIO()
    book.save(target)
    mended = reader.read(target.getvalue())
    reading = read_form(mended, recognise(mended, FORMS))

    assert reading.breaches == ()
    assert [row.values["uscc"] for row in reading.rows] == ["91320115MA1YYYYY0B", "91320115MA1XXXXX0A"]
    assert explanations(mended) == (Explanation("SUM-123", "Sheet1", "H7", None, "新增生产线，产能属实"),)


def test_the_copy_of_a_copy_has_one_list(reader):
    doubtful = finding("H6", severity=Severity.WARNING, rule="SUM-123")
    book = opened(mark(Workbook((survey(survey_row()),)), doubtful, finding("E6")))
    lines(book)[1]["情况说明"].value = "属实"
    target = io.BytesIO()
    book.save(target)
    again = opened(mark(reader.read(target.getvalue()), doubtful, finding("E6")))

    assert again.sheetnames == [LIST, "Sheet1", "_phaseout"]
    assert [line["情况说明"].value for line in lines(again)] == ["", ""]  # what it was said of, only the ledger knows


SAID = {"explained_on": date(2022, 8, 9), "explanation": "新增生产线，产能属实"}


@pytest.mark.parametrize(
    ("said", "handling", "explanation"),
    [
        pytest.param(
            {"severity": Severity.WARNING, **SAID},
            "已说明（2022年8月9日），填报内容未变的，无需再次说明",
            "新增生产线，产能属实",
            id="a warning that was explained",
        ),
        pytest.param(
            SAID,
            "请对照营业执照核对后更正；情况说明收悉（2022年8月9日），未经同意豁免的，仍须更正",
            "新增生产线，产能属实",
            id="an error that was explained",
        ),
        pytest.param(
            {"severity": Severity.NOTE, "waived_on": date(2022, 8, 10)},
            "经审核机关同意（2022年8月10日），不要求更正",
            "—",
            id="what the office lets pass",
        ),
    ],
)
def test_what_was_said_before_stands_beside_the_finding(reader, said, handling, explanation):
    content = mark(Workbook((survey(survey_row()),)), finding("E6", **said))
    (line,) = lines(opened(content))

    assert (line["处理办法"].value, line["情况说明"].value) == (handling, explanation)
    assert f"处理办法：{handling}（SUM-101）" in opened(content)["Sheet1"]["E6"].comment.text
    assert [one.text for one in explanations(reader.read(content))] == ([explanation] if explanation != "—" else [])


def test_a_long_explanation_is_shown_whole(reader):
    text = "该生产线于2021年技术改造后扩大产能，有关批复文件已随函报送。" * 12
    book = opened(mark(Workbook((survey(survey_row()),)), finding("E6", **SAID | {"explanation": text})))
    (line,) = lines(book)

    assert line["情况说明"].value == text
    assert book[LIST].row_dimensions[line["情况说明"].row].height >= 14 * 17  # lines of 21 characters


def test_a_sheet_that_a_sender_calls_so_is_no_list_of_ours(reader):
    own = Sheet(LIST, is_hidden=False, rows=(("问题清单",), ("序号", "内容"), (1.0, "设备待核")), merged=())
    content = mark(Workbook((survey(survey_row()), own)), finding("E6"))
    copy = reader.read(content)

    assert [sheet.name for sheet in copy.sheets] == [f"{LIST}(2)", "Sheet1", LIST, "_phaseout"]
    assert [breach.rule for breach in read_form(copy, SURVEY).breaches] == ["READ-022"]


def test_hidden_sheets_stay_away_unless_they_were_read(reader):
    read, other = survey(survey_row(), name="读过", is_hidden=True), survey(name="清单", is_hidden=True)
    workbook = Workbook((survey(survey_row()), read, other))
    copy = reader.read(mark(workbook, finding("E6"), finding(sheet="读过", severity=Severity.NOTE)))

    assert [(sheet.name, sheet.is_hidden) for sheet in copy.sheets] == [
        (LIST, False), ("Sheet1", False), ("读过", False), ("_phaseout", True),
    ]  # fmt: skip


def test_what_the_parser_saw_of_errors_is_an_empty_cell_and_a_mark():
    workbook = Workbook((survey(survey_row(capacity=None), error_cells=frozenset({"G6"})),))
    sheet = opened(mark(workbook, finding("G6", rule="READ-002")))["Sheet1"]

    assert sheet["G6"].value is None
    assert coloured(sheet) == {"G6": Severity.ERROR}


def test_more_findings_than_a_list_holds_are_counted_and_still_coloured():
    rows = [survey_row(seq=float(number)) for number in range(2100)]
    book = opened(mark(Workbook((survey(*rows),)), *(finding(f"E{row}") for row in range(6, 2106))))

    assert len(lines(book)) == 2000
    assert "下表列出前2000处，其余已在各工作表中标色。" in [row[0].value for row in book[LIST].iter_rows(max_row=8)]
    assert len(coloured(book["Sheet1"])) == 2100


def test_the_same_findings_make_the_same_bytes_on_any_day():
    workbook = Workbook((survey(survey_row(), survey_row(seq=2.0)),))
    findings = [finding("E6"), finding("H7", severity=Severity.WARNING), finding(sheet=None)]
    with time_machine.travel("2022-08-08"):
        earlier = mark(workbook, *findings)
    with time_machine.travel("2023-01-02"):
        later = mark(workbook, *findings)

    assert earlier == later


_CELLS = some.none() | some.text(max_size=8) | some.floats() | some.booleans() | some.datetimes() | some.timedeltas()
_MERGED = some.tuples(*[some.integers(0, 8)] * 4).map(
    lambda four: (min(four[0], four[2]), min(four[1], four[3]), max(four[0], four[2]), max(four[1], four[3]))
)
_SHEETS = some.builds(
    lambda name, rows, merged: survey(*rows, name=name, merged=tuple(merged)),
    name=some.text(max_size=40),
    rows=some.lists(some.lists(_CELLS, max_size=6), max_size=6),
    merged=some.lists(_MERGED, max_size=4),
)
_FINDINGS = some.builds(
    finding,
    cell=some.sampled_from([None, "A1", "E6", "XFD1048576", "ZZZ9999999"]),
    sheet=some.none() | some.text(max_size=3),
    severity=some.sampled_from(Severity),
    message=some.text(max_size=80),
    row=some.none() | some.integers(0, 2_000_000),
    field=some.none() | some.just("uscc"),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.lists(_SHEETS, min_size=1, max_size=3), some.lists(_FINDINGS, max_size=4))
def test_whatever_a_stranger_sends_there_is_a_copy(sheets, findings):
    book = opened(mark(Workbook(tuple(sheets)), *findings))

    assert len(book.sheetnames) == len(sheets) + 2
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


@pytest.mark.slow
def test_another_office_program_shows_the_copy_and_its_comments(tmp_path):
    workbook = Workbook((shifted(survey(survey_row(), survey_row(seq=2.0))),))
    (tmp_path / "copy.xlsx").write_bytes(mark(workbook, finding("F6"), finding("I7", severity=Severity.WARNING)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "ods", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "copy.xlsx")], check=True, capture_output=True, timeout=180)
    with zipfile.ZipFile(tmp_path / "copy.ods") as archive:
        content = archive.read("content.xml").decode()

    assert content.count("<office:annotation ") == 2
    assert 'xlink:href="#&apos;Sheet1&apos;.F6"' in content


@pytest.mark.slow
def test_a_person_can_have_marked_copies_without_filing_anything(tmp_path):
    form = SURVEY
    sheet = FormSheet("铁合金", sample_head(form) | {"reporting_unit": "南京市工业和信息化局"}, sample_rows(form, 1))
    (tmp_path / "表2.xlsx").write_bytes(XlsxWriterWorkbooks().write(form, [sheet], stamp=STAMP, choices=CHOICES))
    command = [sys.executable, "-c", "from phaseout.cli import main; main()", "check", "表2.xlsx"]
    ended = subprocess.run(
        [*command, "--campaign", "jiangsu-2022", "--as-of", "2022-08-08", "--marked", "marked", "--json"],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"PHASEOUT_HOME": str(tmp_path / "home")},
        timeout=120,
    )
    book = openpyxl.load_workbook(tmp_path / "marked" / "批注件-表2.xlsx")

    assert ended.returncode == 1
    assert [line["规则号"].value for line in lines(book)]
    assert {row["rule"] for row in json.loads(ended.stdout)} == {line["规则号"].value for line in lines(book)}
