"""`phaseout catalogue …`, as it is called."""

import csv
import json
import sys

import openpyxl
import pytest

from phaseout.bootstrap import open_app
from phaseout.cli import main
from phaseout.settings import PROJECT, Settings

HEADER = "行业,企业名称,装备名称,规格型号,主要参数,产能,产能单位"
GOLDEN = PROJECT / "tests" / "golden" / "catalogue_public.csv"
AS_OF = ("--as-of", "2022-11-30")
ACT = ("--by", "周示例", "--reason", "官方文本到件", "--as-of", "2022-08-01")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def call(monkeypatch, capsys):
    """Return what runs a command and returns exit code, output and complaint."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["phaseout", "catalogue", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return ended.value.code or 0, captured.out, captured.err

    return run


@pytest.fixture
def rows_of(call):
    def run(*arguments):
        code, out, complaint = call(*arguments, "--json")
        assert (code, complaint) == (0, "")
        return json.loads(out)

    return run


def written(path, *lines, encoding="utf-8"):
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_is_judged_row_by_row_in_any_usual_encoding(tmp_path, rows_of, encoding):
    listed = written(
        tmp_path / "list.csv",
        HEADER,
        "铁合金,南京示例合金有限公司,矿热炉,,5000kVA,,",
        "造纸,,文化纸机,,幅宽1760mm 车速100m/min,,",
        "",
        "铝熔炼,,双室熔铝炉,,35t 天然气,,",
        encoding=encoding,
    )

    rows = rows_of("judge", listed, *AS_OF)

    assert [(row["line"], row["judgement"], row["item_ids"]) for row in rows] == [
        (2, "eliminate", "FA-01"),
        (3, "review", "PA-05"),
        (5, "not_in_catalogue", ""),
    ]
    assert rows[0]["comparison"] == "FA-01 铁合金矿热电炉：变压器容量5000kVA，目录为6300kVA及以下，符合"
    assert all("不作为认定依据" in row["note"] for row in rows)


def test_any_cell_and_any_column_may_be_missing(tmp_path, rows_of):
    listed = written(tmp_path / "list.csv", "装备名称,主要参数", "铁合金矿热电炉,5000kVA", "生产设备", ",6300kVA")

    assert [row["judgement"] for row in rows_of("judge", listed, *AS_OF)] == ["eliminate", "review", "review"]


def test_for_people_the_table_says_that_nothing_of_it_is_official(tmp_path, call):
    listed = written(tmp_path / "list.csv", HEADER, "铁合金,,矿热炉,,5000kVA,,")

    code, out, _ = call("judge", listed, *AS_OF)

    assert code == 0
    assert "不作为认定依据" in out
    assert "淘汰类1项" in out


@pytest.mark.parametrize(
    "content", [None, b"name,age\n1,2\n", b"PK\x03\x04\x00\x00", b"", b"\xff\xfa\xfb\xff\n"], ids=range(5)
)
def test_what_is_no_list_of_equipment_is_refused(tmp_path, call, content):
    path = tmp_path / "list.csv"
    if content is not None:
        path.write_bytes(content)

    code, out, complaint = call("judge", path)

    assert (code, out) == (2, "")
    assert str(path) in complaint


def test_public_lists_are_judged_as_read_by_hand(tmp_path, rows_of):
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    lines = [HEADER]
    lines += [
        f"{row['行业']},,{row['装备名称'] or ''},,{row['主要参数']},{row['产能']},{row['产能单位']}" for row in expected
    ]

    rows = rows_of("judge", written(tmp_path / "list.csv", *lines), *AS_OF)

    assert len(rows) == 85
    assert [(row["judgement"], row["item_ids"]) for row in rows] == [
        (row["judgement"], row["item_ids"]) for row in expected
    ]


def test_the_items_are_listed_and_shown_with_their_confidence(rows_of):
    items = rows_of("list")
    (item,) = rows_of("show", "ca-15")

    assert len(items) == 160
    assert {row["confidence"] for row in items} == {"high", "medium", "low"}
    assert (item["item"], item["deadline"], item["confidence"]) == ("CA-15", "2020-12-31", "high")
    assert "未与官方文本逐字核对" in item["source"]


def test_an_item_that_is_not_there_is_said_so(call):
    code, _, complaint = call("show", "XX-99")

    assert code == 2
    assert "XX-99" in complaint


OFFICIAL = (
    "编号,行业,类别,名称,参数,比较,数值,单位,除外,期限,备注,识别词",
    "FA-01,铁合金,淘汰类,铁合金矿热电炉,变压器容量,小于,12500,千伏安,,,,",
    "PA-06,造纸,淘汰类,白板纸、箱板纸、瓦楞纸生产线,幅宽,及以下,2,米,,,,",
    "PA-06,造纸,,白板纸、箱板纸、瓦楞纸生产线,车速,小于,80,米/分,,,,",
    "JS-01,印染,淘汰类,示例烘燥机,使用年限,超过,12,年,样机,2021-12-31,,烘燥机",
)


@pytest.fixture
def official(tmp_path):
    return written(tmp_path / "official.csv", *OFFICIAL, encoding="gb18030")


def test_a_difference_names_item_field_and_both_values(official, rows_of, home):
    rows = rows_of("diff", official)

    changes = {(row["item"], row["change"], row["field"]) for row in rows if row["change"] != "gone"}
    assert changes == {("FA-01", "changed", "confidence"), ("FA-01", "changed", "all_of"), ("JS-01", "new", "")}
    assert len([row for row in rows if row["change"] == "gone"]) == 158
    assert not home.exists()


def test_an_official_list_is_preferred_once_it_is_imported(official, rows_of, call, tmp_path):
    listed = written(
        tmp_path / "list.csv", HEADER, "铁合金,,矿热炉,,10000kVA,,", "印染,,热风烘燥机,,使用13年,,", "印染,,74型线,,,,"
    )
    assert [row["judgement"] for row in rows_of("judge", listed, *AS_OF)] == [
        "restricted",
        "not_in_catalogue",
        "review",
    ]

    code, out, _ = call("import", official, *ACT)
    assert (code, "add --yes" in out) == (0, True)
    assert len(rows_of("list")) == 160

    assert call("import", official, *ACT, "--yes")[0] == 0

    judged = rows_of("judge", listed, *AS_OF)
    assert [row["judgement"] for row in judged] == ["eliminate", "eliminate", "not_in_catalogue"]
    assert len(rows_of("list")) == 3
    assert rows_of("diff", official) == []

    assert call("import", PROJECT / "data" / "catalogue" / "national-2019.yaml", *ACT, "--yes")[0] == 0
    assert len(rows_of("list")) == 160


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("X-1,铁合金,淘汰类,示例,变压器容量,小于,12500,吨,,,,", "变压器容量"),
        ("X-1,铁合金,淘汰类,示例,变压器容量,大约,12500,kVA,,,,", "比较"),
        ("X-1,没有的行业,淘汰类,示例,,,,,,,,", "行业"),
        ("X-1,铁合金,某类,示例,,,,,,,,", "类别"),
        ("X-1,铁合金,淘汰类,示例,变压器容量,小于,很大,kVA,,,,", "figure"),
    ],
)
def test_an_official_list_that_is_wrong_changes_nothing(tmp_path, call, home, line, word):
    code, _, complaint = call("import", written(tmp_path / "official.csv", OFFICIAL[0], line), *ACT, "--yes")

    assert code == 2
    assert word in complaint
    assert not home.exists()


def workbook_of(path, *lines):
    """Write the lines as an official workbook: a title above the headers, figures as numbers."""
    book = openpyxl.Workbook()
    book.active.append(["某省淘汰落后生产工艺装备目录"])
    for line in lines:
        book.active.append([int(cell) if cell.isdecimal() else cell or None for cell in line.split(",")])
    book.save(path)
    return path


def test_a_workbook_says_the_same_as_a_csv(official, tmp_path, rows_of):
    assert rows_of("diff", workbook_of(tmp_path / "official.xlsx", *OFFICIAL)) == rows_of("diff", official)


@pytest.mark.parametrize(("name", "content"), [("official.xlsx", b"PK no workbook"), ("official.pdf", b"%PDF")])
def test_what_is_no_table_is_refused(tmp_path, call, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    code, _, complaint = call("diff", path)

    assert (code, str(path) in complaint) == (2, True)


def test_the_differences_say_in_words_what_is_new_gone_and_changed(official, rows_of):
    words = {(row["item"], row["field"]): row["words"] for row in rows_of("diff", official)}

    assert words["FA-01", "all_of"] == "变压器容量由6300kVA及以下改为12500千伏安以下（不含）"
    assert words["JS-01", ""] == "新增条目“示例烘燥机”：使用年限12年以上（不含）"
    assert words["PA-05", ""] == "删去条目“文化纸生产线”：幅宽1.76m及以下，车速120m/min以下（不含）"


def test_the_act_is_in_the_ledger_and_both_lists_are_in_the_archive(official, call, rows_of, home):
    call("import", official, *ACT, "--yes")
    call("import", official, *ACT, "--yes")

    with open_app(Settings(home=home)) as app:
        (act,) = app.ledger.catalogues()
        assert (act.title, act.file_name, act.imported_by, act.reason) == (
            "official",
            "official.csv",
            "周示例",
            "官方文本到件",
        )
        assert (act.added, act.changed, act.removed) == (1, 1, 158)
        assert app.archive.get(act.sha256) == official.read_bytes()
    (first, *_) = rows_of("list")
    assert (first["catalogue"], first["imported_on"]) == ("official", "2022-08-01")


def test_the_catalogue_in_force_is_found_again_when_the_file_is_gone(official, call, rows_of):
    call("import", official, *ACT, "--yes")
    before = rows_of("list")
    official.unlink()

    assert rows_of("list") == before


@pytest.mark.parametrize("missing", ["--by", "--reason"])
def test_an_import_needs_a_name_and_a_reason(official, call, missing):
    place = ACT.index(missing)

    assert call("import", official, *ACT[:place], *ACT[place + 2 :], "--yes")[0] == 2
    assert call("import", official, *ACT[: place + 1], " ", *ACT[place + 2 :], "--yes")[0] == 2
