"""Marked copies (批注件): which workbooks come back marked, and under which names."""

import pytest

from phaseout.usecases.assess import copying
from phaseout.usecases.assess.copying import copy_name
from tests.unit.usecases.papers import NOT_AN_EXCEL_FILE, SUZHOU, survey

SPOILED = survey({"uscc": "91320281MA1TE5T1XX"})
SPOILED_PAPER = survey({"uscc": "91320281MA1TE5T1XX"}, industry="造纸")


def copies(office):
    (answer,) = office.answers()
    return [name for name in office.files(answer) if name.startswith("批注件")]


@pytest.mark.parametrize(
    ("rows", "rules", "names"),
    [
        pytest.param([{"uscc": "91320281MA1TE5T1XX"}], ["SUM-101"], ["批注件-表2.xlsx"], id="an error"),
        pytest.param([{"output": 9}], ["SUM-123"], ["批注件-表2.xlsx"], id="a warning, though it is accepted"),
        pytest.param([{}, {"equip_model": "HTK-B", "seq": 4}], ["SUM-308"], [], id="a note is not worth a copy"),
        pytest.param([{}], [], [], id="nothing"),
    ],
)
def test_a_workbook_in_which_there_is_something_to_mend_comes_back_marked(office, rows, rules, names):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey(*rows)))

    assert office.findings() == rules
    assert copies(office) == names


def test_two_files_of_one_name_come_back_under_two(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", SPOILED), ("表2.xls", SPOILED_PAPER))

    assert copies(office) == ["批注件-表2.xlsx", "批注件-表2(2).xlsx"]


@pytest.mark.parametrize(
    ("limit", "copied", "left_out"),
    [
        pytest.param(("MOST_COPIES", 1), ["批注件-铁合金.xlsx"], ["造纸.xlsx"], id="more copies than a letter takes"),
        pytest.param(("MOST_BYTES", 1000), [], ["铁合金.xlsx", "造纸.xlsx"], id="more bytes than a letter takes"),
        pytest.param(("MOST_CELLS", 10), [], ["铁合金.xlsx", "造纸.xlsx"], id="workbooks of too many cells"),
    ],
)
def test_what_a_letter_has_no_room_for_is_named_in_it(office, monkeypatch, limit, copied, left_out):
    monkeypatch.setattr(copying, *limit)

    office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", SPOILED), ("造纸.xlsx", SPOILED_PAPER))

    named = office.text(office.answers()[0]).split("以下文件未附批注件")[1].split("。")[0]
    assert copies(office) == copied
    assert [name for name in ("铁合金.xlsx", "造纸.xlsx") if name in named] == left_out


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        pytest.param("苏州表2.et", "批注件-苏州表2.xlsx", id="another program's file"),
        pytest.param("批注件-批注件-表2.xlsx", "批注件-表2.xlsx", id="the correction of a marked copy"),
        pytest.param("../..\\表2\r\n.xlsx", "批注件-表2.xlsx", id="a name that means harm"),
        pytest.param(" .. ", "批注件-来件.xlsx", id="no name"),
        pytest.param("汇" * 100 + ".xlsx", "批注件-" + "汇" * 60 + ".xlsx", id="a long name"),
        pytest.param("表2（8.5版）", "批注件-表2（8.5版）.xlsx", id="a name without an ending"),
    ],
)
def test_a_copy_is_called_after_the_file(name, copy):
    assert copy_name(name) == copy


def test_a_check_hands_out_the_copy_of_each_file_with_findings(office):
    kept = []

    office.check(
        "2022-08-08 10:00",
        ("干净.xlsx", survey({})),
        ("有误.xlsx", SPOILED_PAPER),
        ("扫描件.pdf", NOT_AN_EXCEL_FILE),
        keep=kept.append,
    )

    assert [file.name for file in kept] == ["批注件-有误.xlsx"]


def test_a_file_too_large_to_mark_is_checked_all_the_same(office, monkeypatch):
    monkeypatch.setattr(copying, "MOST_CELLS", 10)
    kept = []

    findings = office.check("2022-08-08 10:00", ("有误.xlsx", SPOILED), keep=kept.append)

    assert [row["rule"] for row in findings] == ["SUM-101"]
    assert kept == []
