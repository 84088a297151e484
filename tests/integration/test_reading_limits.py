"""Bounds of reading: what a file may cost, what is refused by name, and what the parser's process may take."""

import random
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.adapters.workbook_reader.guard import Refused, guard
from phaseout.adapters.workbook_reader.limits import Limits
from phaseout.bootstrap import App
from phaseout.domain.submission import Unreadable
from phaseout.settings import Settings
from tests.greedy_files import GREEDY, PLAIN, SLOW, in_sheet, largest, rewritten, said, workbook
from tests.soak.fuzz import resident_mib, throw_at_child, throw_at_guard
from tests.soak.twisted_files import binary, opendocument, sources

MIB = 1 << 20
TYPES = "[Content_Types].xml"
TRANSITIONAL = b"schemas.openxmlformats.org/spreadsheetml/2006"


@pytest.fixture(scope="module")
def reader():
    reader = LimitedWorkbookReader()
    yield reader
    reader.close()


def code_of(content, limits=None):
    with pytest.raises(Refused) as refused:
        guard(content, limits=limits or Limits())
    return str(refused.value)


BOUND = {
    "bytes": (PLAIN, Limits(file_bytes=100), "file_too_large"),
    "bytes unpacked": (PLAIN, Limits(inflated_bytes=1000), "archive_too_large"),
    "parts": (PLAIN, Limits(parts=5), "archive_too_many_parts"),
    "rows": (workbook(A31="甲"), Limits(rows=30), "sheet_too_large"),
    "columns": (workbook(AB1="甲"), Limits(columns=27), "sheet_too_large"),
    "cells": (workbook([1, 2, 3], [4, 5, 6]), Limits(cells=5), "sheet_too_large"),
    "the strict dialect": (
        rewritten(PLAIN, workbook=said(TRANSITIONAL, b"purl.oclc.org/ooxml/spreadsheetml")),
        Limits(takes_strict=False),
        "strict_format",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "limits", "code"), BOUND.values(), ids=BOUND.keys())
def test_a_bound_that_an_installation_sets_is_kept(content, limits, code):
    guard(content)

    assert code_of(content, limits) == code


@pytest.mark.parametrize(("rows", "columns"), [(20_000, 200), (30, 27), (99, 26), (1000, 702), (89, 51)])
def test_the_last_cell_within_the_bounds_is_read_and_the_next_is_not(rows, columns):
    limits = Limits(rows=rows, columns=columns)
    last = openpyxl.utils.get_column_letter(columns)
    beyond = openpyxl.utils.get_column_letter(columns + 1)

    assert guard(workbook(**{f"{last}{rows}": 1}), limits=limits).kind == "xlsx"
    assert code_of(workbook(**{f"{beyond}1": 1}), limits) == "sheet_too_large"
    assert code_of(workbook(**{f"A{rows + 1}": 1}), limits) == "sheet_too_large"


def test_the_process_keeps_the_bounds_of_its_reader():
    strict = LimitedWorkbookReader(Limits(rows=30))
    with pytest.raises(Unreadable) as refused:
        strict.read(workbook(A31="甲"))
    strict.close()

    assert refused.value.code == "sheet_too_large"


MAIN = b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = {
    "a project": rewritten(PLAIN, more=[("xl/vbaProject.bin", b"\0")]),
    "a project of another name": rewritten(
        PLAIN, **{TYPES: said(b"</Types>", b'<Override ContentType="application/vnd.ms-office.vbaProject"/></Types>')}
    ),
    "the type of .xlsm": rewritten(PLAIN, **{TYPES: said(MAIN, b"ms-excel.sheet.macroEnabled.main+xml")}),
    "the type of .xltm": rewritten(PLAIN, **{TYPES: said(MAIN, b"ms-excel.template.macroEnabled.main+xml")}),
    "the type far behind": rewritten(
        PLAIN, **{TYPES: said(MAIN, b" " * 65_500 + b"ms-excel.sheet.macroEnabled.main+xml")}
    ),
    "a sheet of Excel 4": rewritten(PLAIN, more=[("xl/macrosheets/sheet1.xml", b"<a/>")]),
    "a project in an .xls": binary() + "_VBA_PROJECT_CUR".encode("utf-16-le"),
    "a sheet of Excel 4 in an .xls": binary(kind=1),
    "a module in an .ods": rewritten(opendocument(), more=[("Basic/Standard/Module1.xml", b"<a/>")]),
}


@pytest.mark.parametrize("content", MACROS.values(), ids=MACROS.keys())
def test_a_workbook_with_macros_is_refused_for_them(reader, content):
    with pytest.raises(Unreadable) as refused:
        reader.read(content)

    assert refused.value.code == "macro"


NO_MACROS = {
    "words": workbook(A1="vbaProject.bin", A2="macroEnabled", A3="_VBA_PROJECT"),
    "an empty library": rewritten(opendocument(), more=[("Basic/Standard/script-lb.xml", b"<a/>")]),
    "an .xls": binary(),
}


@pytest.mark.parametrize("content", NO_MACROS.values(), ids=NO_MACROS.keys())
def test_a_workbook_without_macros_is_not_taken_for_one(reader, content):
    assert reader.read(content).sheets


def test_a_binary_workbook_is_refused_by_its_name():
    assert code_of(rewritten(PLAIN, more=[("xl/workbook.bin", b"\x83\x01\x00")])) == "binary_workbook"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_a_way_of_packing_that_no_spreadsheet_uses_is_not_unpacked(method):
    assert code_of(rewritten(PLAIN, method=method)) == "archive_malformed"


def test_a_directory_of_a_hundred_thousand_entries_is_not_listed():
    entry = PLAIN[PLAIN.index(b"PK\x01\x02") :][:46]

    assert code_of(PLAIN[: PLAIN.index(b"PK\x01\x02")] + entry * 100_000) == "archive_too_many_parts"


@pytest.mark.parametrize("xml", SLOW.values(), ids=SLOW.keys())
def test_no_text_makes_the_guard_slow(reader, xml):
    answer = next(reader.read_ahead([in_sheet(xml)]))

    assert getattr(answer, "code", None) != "parser_failed"  # which is what becomes of what takes too long


def test_the_guard_holds_one_chunk_at_a_time():
    content = rewritten(PLAIN, more=[("xl/media/a.bin", random.Random(1).randbytes(1000) * 60_000)], method=0)  # noqa: S311
    big = Limits(file_bytes=100 * MIB)
    tracemalloc.start()
    guard(content, limits=big)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(content) > 50 * MIB
    assert peak < 4 * MIB


@pytest.mark.parametrize("content", GREEDY.values(), ids=GREEDY.keys())
def test_no_file_takes_more_memory_than_is_allowed(reader, content):
    with suppress(Unreadable):
        reader.read(content)

    assert all(resident_mib(pid) <= 256 for pid in reader.pids)
    assert reader.read(PLAIN).sheets[0].rows == (("甲",),)


def test_the_largest_workbook_within_the_bounds_is_read(reader):
    assert len(reader.read(largest()).sheets[0].rows) == 10_000
    assert all(resident_mib(pid) <= 256 for pid in reader.pids)


def test_the_process_is_confined(reader):
    reader.read(PLAIN)
    lines = (Path("/proc") / f"{reader.pids[0]}" / "limits").read_text().splitlines()
    most = {line[:25].strip(): line[25:].split()[:2] for line in lines}

    assert most["Max address space"] == [str(256 * MIB)] * 2
    assert most["Max file size"] == ["0", "0"]
    assert most["Max core file size"] == ["0", "0"]
    assert most["Max open files"] == ["16", "16"]
    assert 10 <= int(most["Max cpu time"][0]) <= 30


@pytest.mark.parametrize("seed", [1, 2])
def test_twisted_files_are_refused_by_name_or_read(seed):
    at_guard, at_child = throw_at_guard(1500, seed=seed), throw_at_child(150, seed=seed)

    assert at_guard.faults == at_child.faults == []
    assert at_child.highest_mib <= 256
    assert len(at_guard.outcomes) > 8


def test_what_is_twisted_was_sound(reader):
    assert [len(reader.read(content).sheets) for content in sources()] == [2, 1, 1, 1]


def test_what_an_installation_sets_is_kept_and_told(tmp_path):
    app = App(Settings(home=tmp_path, workbook_most_rows=100, workbook_largest_file=3 * MIB))
    try:
        with pytest.raises(Unreadable) as refused:
            app.workbooks.read(workbook(A101="甲"))
    finally:
        app.close()

    assert "单张工作表不超过100行、200列" in app.definitions.refusal(refused.value.code)[1]
    assert "不超过3MB" in app.definitions.refusal("file_too_large")[1]
