"""Files that strangers send: each is read or refused with a reason, and none takes the reader along."""

import io
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.domain.submission import Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(scope="module")
def reader():
    reader = LimitedWorkbookReader()
    yield reader
    reader.close()


def workbook(**cells):
    """Return an .xlsx with some cells."""
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    return _bytes_of(book)


def _bytes_of(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rewritten(content, change, *, more=()):
    """Return an archive whose parts went through *change*, with more parts behind them."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more:
            new.writestr(name, part)
    return target.getvalue()


def in_sheet(old, new):
    return lambda name, part: part.replace(old, new) if name == "xl/worksheets/sheet1.xml" else part


def unchanged(_name, part):
    return part


def zip_of(*parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return target.getvalue()


def with_flag_of_encryption(content):
    """Return an archive that says of its first part that it is encrypted."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]


FAR = workbook(A1="甲", XFD1048576=" ")
PLAIN = workbook(A1="甲")
REFUSED = {
    "a scan": (b"%PDF-1.7 ...", "not_a_workbook"),
    "a csv": ("序号,设区市\n1,南京市\n".encode(), "not_a_workbook"),
    "a web page named xls": (b"<html><table></table></html>", "not_a_workbook"),
    "nothing": (b"", "not_a_workbook"),
    "an archive of photos": (zip_of(("a.jpg", b"x")), "not_a_workbook"),
    "another office document": (OLE + "WordDocument".encode("utf-16-le") * 99, "not_a_workbook"),
    "a password": (OLE + "EncryptedPackage".encode("utf-16-le") * 99, "encrypted"),
    "an encrypted part": (with_flag_of_encryption(PLAIN), "encrypted"),
    "too large a file": (b"PK\x03\x04" + b"x" * (20 << 20), "file_too_large"),
    "half a file": (PLAIN[: len(PLAIN) // 2], "archive_malformed"),
    "a damaged part": (PLAIN.replace(PLAIN[60:90], b"x" * 30), "archive_malformed"),
    "half an xls": (OLE + "Workbook".encode("utf-16-le") * 99, "file_damaged"),
    "too many parts": (
        rewritten(PLAIN, unchanged, more=[(f"x{n}.bin", b"") for n in range(2001)]),
        "archive_too_many_parts",
    ),
    "a part twice": (rewritten(PLAIN, unchanged, more=[("XL/workbook.xml", b"<a/>")]), "archive_duplicate_part"),
    "a part outside": (rewritten(PLAIN, unchanged, more=[("../x.xml", b"<a/>")]), "archive_unsafe_name"),
    "a bomb": (rewritten(PLAIN, unchanged, more=[("x.xml", b" " * (30 << 20))]), "archive_ratio"),
    "a doctype": (rewritten(PLAIN, in_sheet(b"<worksheet", b"<!DOCTYPE x><worksheet")), "xml_doctype"),
    "a doctype behind a chunk": (
        rewritten(PLAIN, in_sheet(b"<worksheet", b" " * ((64 << 10) - 5) + b"<!doctype x><worksheet")),
        "xml_doctype",
    ),
    "another encoding": (
        rewritten(PLAIN, in_sheet(b"<worksheet", b"<?xml version='1.0' encoding='gbk'?><worksheet")),
        "xml_encoding",
    ),
    "two bytes a character": (
        rewritten(PLAIN, lambda name, part: part.decode().encode("utf-16") if "sheet1" in name else part),
        "xml_encoding",
    ),
    "a space in the farthest cell": (FAR, "sheet_too_large"),
    "a far cell in another prefix": (
        rewritten(FAR, lambda name, part: part.replace(b"<c ", b"<x:c ") if "sheet1" in name else part),
        "sheet_too_large",
    ),
    "merged ranges without end": (
        rewritten(PLAIN, in_sheet(b"</sheetData>", b"</sheetData>" + b'<mergeCell ref="A1:B2"/>' * 20_001)),
        "sheet_too_large",
    ),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_no_sound_workbook_is_refused_with_its_reason(reader, content, code):
    with pytest.raises(Unreadable) as refused:
        reader.read(content)

    assert refused.value.code == code
    assert reader.read(PLAIN).sheets[0].rows == (("甲",),)


def test_a_far_cell_that_the_guard_does_not_see_kills_only_the_child(reader):
    reader.read(PLAIN)
    child = reader.pids[0]
    hidden = rewritten(FAR, in_sheet(b'<row r="1048576"', b'<row r="99999999999"'))
    hidden = rewritten(hidden, in_sheet(b' r="XFD1048576"', b""))

    with pytest.raises(Unreadable) as refused:
        reader.read(hidden)

    assert refused.value.code == "parser_failed"
    assert reader.read(PLAIN).sheets[0].rows == (("甲",),)
    assert reader.pids[0] != child


def test_a_file_that_takes_too_long_is_given_up():
    hasty = LimitedWorkbookReader(Limits(seconds=0.001))  # no process starts as fast as that
    with pytest.raises(Unreadable) as refused:
        hasty.read(PLAIN)
    hasty.close()

    assert refused.value.code == "parser_failed"


def test_workbooks_read_ahead_come_in_their_order_the_refused_ones_too(reader):
    contents = [PLAIN, b"no workbook", PLAIN, FAR, PLAIN, PLAIN]

    read = list(reader.read_ahead(contents))

    assert [one.code if isinstance(one, Unreadable) else len(one.sheets) for one in read] == [
        1, "not_a_workbook", 1, "sheet_too_large", 1, 1,
    ]  # fmt: skip


def test_several_parsers_read_at_once_and_answer_in_order():
    contents = [workbook(A1=f"第{number}件") for number in range(24)]
    contents[5], contents[17] = b"no workbook", FAR

    with closing(LimitedWorkbookReader(children=3)) as at_once:
        read = list(at_once.read_ahead(iter(contents)))
        running = len(at_once.pids)

    assert [one.code if isinstance(one, Unreadable) else one.sheets[0].rows[0][0] for one in read] == [
        {5: "not_a_workbook", 17: "sheet_too_large"}.get(number, f"第{number}件") for number in range(24)
    ]
    assert running == 3
    assert at_once.pids == ()


def test_who_reads_one_workbook_at_a_time_has_one_parser():
    with closing(LimitedWorkbookReader(children=3)) as many:
        for _ in range(4):
            many.read(PLAIN)

        assert len(many.pids) == 1


def test_a_caller_may_stop_reading_ahead(reader):
    ahead = reader.read_ahead(PLAIN for _ in range(100))
    next(ahead)
    ahead.close()

    assert reader.read(PLAIN).sheets[0].rows == (("甲",),)


def test_a_workbook_larger_than_a_pipe_comes_whole(reader):
    book = openpyxl.Workbook()
    for number in range(15_000):
        book.active.append([f"第{number}行", "文字" * 20])
    content = io.BytesIO()
    book.save(content)

    rows = reader.read(content.getvalue()).sheets[0].rows

    assert len(content.getvalue()) > 64 << 10
    assert rows[-1] == ("第14999行", "文字" * 20)


def test_a_closed_reader_may_read_again(reader):
    reader.close()

    assert reader.read(PLAIN).sheets[0].name == "Sheet"


def test_what_a_sheet_holds_comes_with_its_place_and_type(reader):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表 & 二"
    sheet["C3"], sheet["D3"], sheet["E3"] = "文字", 2.5, True
    sheet["C4"] = date(2022, 7, 15)
    sheet.merge_cells("C5:C7")
    sheet["D12"], sheet["E12"] = "#REF!", "=1+1"
    sheet["D12"].data_type = "e"
    book.create_sheet("藏").sheet_state = "hidden"
    read = reader.read(_bytes_of(book))
    first, second = read.sheets

    assert (first.name, first.is_hidden, second.name, second.is_hidden) == ("表 & 二", False, "藏", True)
    assert first.rows[2][2:5] == ("文字", 2.5, True)
    assert first.rows[3][2] == date(2022, 7, 15)
    assert first.merged == ((4, 2, 6, 2),)
    assert (first.error_cells, first.uncached_cells) == ({"D12"}, {"E12"})


def test_error_cells_are_found_in_a_long_sheet_on_its_own_rows(reader):
    book = openpyxl.Workbook()
    for row in range(1, 6001):
        book.active.append([f"文字{row}", row, "x" * 50])
    for row in (2, 3000, 5999):
        book.active.cell(row, 2).value = "#N/A"
        book.active.cell(row, 2).data_type = "e"
        book.active.cell(row, 4).value = f"=A{row}"
    sheet = reader.read(_bytes_of(book)).sheets[0]

    assert sheet.error_cells == {"B2", "B3000", "B5999"}
    assert sheet.uncached_cells == {"D2", "D3000", "D5999"}


def test_no_cell_is_lost_where_one_chunk_ends_and_the_next_begins(reader):
    book = openpyxl.Workbook()
    for row in range(1, 4001):
        book.active.append([f"=A{row}&REPT(B{row},{row})"])

    assert len(reader.read(_bytes_of(book)).sheets[0].uncached_cells) == 4000


def test_a_formula_whose_result_is_empty_text_was_calculated(reader):
    content = rewritten(
        workbook(A1="甲", B1="=A1"),
        in_sheet(b'<c r="B1"><f>A1</f><v></v></c>', b'<c r="B1" t="str"><f>A1</f><v></v></c>'),
    )

    assert reader.read(content).sheets[0].uncached_cells == frozenset()


def test_a_styled_blank_at_the_far_end_does_no_harm(reader):
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    book.active["XFD1048576"].number_format = "0.00"

    assert reader.read(_bytes_of(book)).sheets[0].rows == (("甲",),)


def test_the_child_stays_light():
    code = "import sys, phaseout.adapters.workbook_reader.child; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout

    heavy = {"pandas", "duckdb", "sqlalchemy", "pydantic", "prefect", "great_expectations", "xlsxwriter", "yaml"}
    assert heavy.isdisjoint(loaded.split())


def test_the_child_sees_no_environment_of_ours(reader, monkeypatch):
    monkeypatch.setenv("PHASEOUT_SECRET", "geheim")
    reader.close()
    reader.read(PLAIN)
    environment = (Path("/proc") / f"{reader.pids[0]}/environ").read_bytes()

    assert b"geheim" not in environment


def test_the_child_ends_with_its_parent():
    code = (
        "from phaseout.adapters.workbook_reader import LimitedWorkbookReader as R\n"
        "import os, sys\n"
        "r = R()\n"
        "try: r.read(b'')\n"
        "except Exception: print(*r.pids, flush=True)\n"
        "os._exit(0)"
    )
    pid = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    deadline = time.monotonic() + 5
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not _is_alive(pid)


def _is_alive(pid):
    status = Path("/proc") / f"{pid}" / "status"
    return status.exists() and "\nState:\tZ" not in status.read_text()
