"""What is made of a snapshot for other programs: a folder of Parquet files and a workbook, each replaced as a whole."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from decimal import Decimal

import duckdb
import openpyxl
import pyarrow.dataset as ds
import pytest

from phaseout.adapters.duckdb_warehouse.extracts import BOOK, FileExtracts
from phaseout.adapters.duckdb_warehouse.extracts.cells import is_exact
from phaseout.adapters.duckdb_warehouse.extracts.source import rests_on
from phaseout.adapters.duckdb_warehouse.snapshot import replace_with_copy
from phaseout.adapters.pages.dictionary import read_words
from phaseout.settings import PROJECT
from tests.extracts import CAMPAIGN, ELSEWHERE, FORMULA, NIGHT, snapshots

WORDS = read_words(PROJECT / "data" / "pages" / "dictionary.yaml")
TODAY = NIGHT.date()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return two snapshots, and a folder with the extracts of the first."""
    folder = tmp_path_factory.mktemp("extracts")
    first, later = snapshots(folder)
    renew(folder / "published", first)
    return first, later, folder / "published"


@pytest.fixture(scope="module")
def renewed(published):
    """Return the folder after the second snapshot, where its files lay in the first generation, and the workbook."""
    _, later, folder = published
    before = {path.relative_to((folder / "parquet").resolve()): path.stat().st_ino for path in parts(folder)}
    with (folder / "parquet" / "unit" / f"campaign_id={CAMPAIGN.id}" / "data.parquet").open("rb") as reading:
        renew(folder, later)
        assert ds.dataset(reading.name, format="parquet").count_rows() == 2
    return folder, before, openpyxl.load_workbook(folder / BOOK)


def renew(folder, snapshot, **how):
    extracts = FileExtracts(folder, sql_folder=PROJECT / "data" / "sql", words=WORDS, **how)
    return extracts.renew(snapshot, campaign=CAMPAIGN, day=TODAY)


def parts(folder):
    return sorted((folder / "parquet").resolve().rglob("*.parquet"))


# Parquet


def test_every_mart_lies_in_the_folder_as_the_snapshot_has_it(published):
    first, _, folder = published
    with duckdb.connect(str(first), read_only=True) as snapshot:
        marts = [
            name
            for (name,) in snapshot.execute(
                "SELECT view_name FROM duckdb_views() WHERE schema_name = 'mart'"
            ).fetchall()
        ]
        for mart in marts:
            columns = [name for name, *_ in snapshot.execute(f"DESCRIBE mart.{mart}").fetchall()]
            listed = ", ".join(columns)
            told = snapshot.execute(f"SELECT {listed} FROM mart.{mart} ORDER BY ALL").fetchall()  # noqa: S608  our own names
            read = duckdb.sql(f"SELECT {listed} FROM '{folder}/parquet/{mart}/**/*.parquet' ORDER BY ALL").fetchall()  # noqa: S608  as above
            assert read == told, mart

    assert len(marts) > 15


def test_the_folder_says_by_its_names_what_is_of_which_campaign(published):
    *_, folder = published

    read = ds.dataset(folder / "parquet" / "equipment", format="parquet", partitioning="hive").to_table()
    assert sorted(read["campaign_id"].to_pylist()) == [ELSEWHERE, CAMPAIGN.id]


def test_what_did_not_change_is_taken_over_as_it_lies(renewed):
    folder, before, _ = renewed
    now = {path.relative_to((folder / "parquet").resolve()): path.stat().st_ino for path in parts(folder)}
    kept = {str(path) for path in now if before.get(path) == now[path]}

    assert now.keys() == before.keys()
    assert {path for path in map(str, now) if f"campaign_id={ELSEWHERE}" in path} == kept


@pytest.mark.parametrize(
    ("campaign", "expected"),
    [
        ("jiangsu-2021", ["jiangsu-2021", "jiangsu-2022"]),
        ("jiangsu-2022", ["jiangsu-2021", "jiangsu-2022", "jiangsu-2023", "jiangsu-2024"]),
        ("jiangsu-2024", ["jiangsu-2021", "jiangsu-2022", "jiangsu-2023", "jiangsu-2024"]),
        ("spring-1", ["spring-1"]),
        ("jiangmen-2021", ["jiangmen-2021"]),
    ],
)
def test_what_a_campaign_shows_rests_on_its_place_in_all_years_to_the_next(campaign, expected):
    # Marts compare an item with the years before, and say whether it is gone in the year after.
    # Of 2023 nothing is loaded yet: the marts go on to 2024. An id without a year is a place of its own.
    loaded = {f"jiangsu-{year}": year != 2023 for year in range(2021, 2025)}
    among = {"jiangmen-2021": True, **loaded, "spring-1": True, "spring-2": True}

    assert rests_on(campaign, among=among) == expected


def test_the_last_generation_stays_for_who_is_reading_it_and_no_longer(renewed, published):
    folder, *_ = renewed
    first, *_ = published
    renew(folder, first)

    assert sorted(path.name for path in folder.iterdir() if path.name != BOOK) == [
        ".extracts.lock",
        ".parquet-2",
        ".parquet-3",
        "parquet",
    ]


def test_what_was_lost_is_made_again(published, tmp_path):
    first, *_ = published
    shutil.copytree(published[2], tmp_path / "published", symlinks=True)
    (tmp_path / "published" / BOOK).unlink()
    for left in (".book-killed", ".parquet-new"):
        (tmp_path / "published" / left).mkdir()

    assert renew(tmp_path / "published", first)
    assert (tmp_path / "published" / BOOK).exists()
    assert not list((tmp_path / "published").glob(".book-*"))
    assert not (tmp_path / "published" / ".parquet-new").exists()


def test_a_folder_put_back_from_a_copy_is_replaced(published, tmp_path):
    first, *_ = published
    (tmp_path / "parquet" / "unit").mkdir(parents=True)

    assert renew(tmp_path, first)
    assert (tmp_path / "parquet").is_symlink()


def test_extracts_that_fail_leave_the_old_ones(published, tmp_path, monkeypatch):
    _, later, folder = published
    shutil.copytree(folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    before = [(path, path.stat().st_ino) for path in (tmp_path / BOOK, *parts(tmp_path))]

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        renew(tmp_path, later)

    assert [(path, path.stat().st_ino) for path in (tmp_path / BOOK, *parts(tmp_path))] == before


# The workbook


@pytest.fixture(scope="module")
def book(renewed):
    return renewed[2]


def column(page, label):
    (place,) = [cell.column for cell in page[1] if cell.value == label]
    return [row[place - 1] for row in page.iter_rows(min_row=2)]


def test_each_mart_of_the_campaign_is_a_sheet_with_a_head_that_stays_and_a_filter(book):
    internal = {told.title for told in WORDS.values() if told.is_internal}
    page = book["排查装备"]

    assert book.sheetnames[0] == "说明"
    assert {"报送义务", "排查装备", "表间核对"} <= set(book.sheetnames)
    assert not internal & set(book.sheetnames)
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref.startswith("A1:")
    assert page.max_row == 3


def test_a_code_is_a_text_a_figure_a_number_a_day_a_day_and_a_formula_nothing_but_its_words(book):
    page = book["排查装备"]

    assert [(cell.value, cell.data_type) for cell in column(page, "统一社会信用代码")] == [
        ("91320281MA1TE5T18Y", "s")
    ] * 2
    assert [cell.value for cell in column(page, "数量")] == [2, 2]
    assert [cell.value for cell in column(page, "计划完成时限")] == [datetime(2022, 10, 31)] * 2  # noqa: DTZ001  a cell knows no zone
    assert (FORMULA, "s") in [(cell.value, cell.data_type) for cell in column(page, "生产工艺")]


def test_the_first_sheet_says_of_when_it_is_and_what_every_column_means(book):
    told = [
        "".join(str(value) for value in row if value is not None) for row in book["说明"].iter_rows(values_only=True)
    ]

    assert "数据截至2022年8月13日2时30分（北京时间）。" in told
    assert any(line.startswith("排查装备2mart.equipment") for line in told)
    for page in book.worksheets[1:]:
        for cell in page[1]:
            assert any(line.startswith(f"{page.title}{cell.value}") for line in told), (page.title, cell.value)


def test_a_mart_that_is_too_long_for_a_sheet_says_so_and_is_not_cut(published, tmp_path, monkeypatch):
    _, later, _ = published
    monkeypatch.setattr("phaseout.adapters.duckdb_warehouse.extracts.book.MOST_ROWS", 1)
    renew(tmp_path, later, is_replay=True)
    book = openpyxl.load_workbook(tmp_path / BOOK)

    page = book["排查装备"]
    assert (page.max_row, page.max_column) == (1, 1)
    assert page["A1"].value.startswith("“排查装备”共2行，超过本工作簿每张工作表的上限，此处未列出。")
    assert "mart.equipment" in page["A1"].value
    assert book["说明"]["A3"].value == "演练数据：本工作簿中的单位来件、企业和装备均为虚构。"


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        pytest.param(Decimal("123456789012.3400"), True, id="fourteen digits"),
        pytest.param(Decimal("12345678901234.5678"), False, id="eighteen digits"),
        pytest.param(2**53 + 1, False, id="a whole number beyond what a spreadsheet counts"),
        pytest.param(10**15, True, id="zeros are no digits"),
        pytest.param(0, True, id="nought"),
        pytest.param(float("nan"), False, id="no number"),
    ],
)
def test_a_figure_that_a_spreadsheet_would_round_stays_a_text(value, exact):
    assert is_exact(value) is exact


# Readers


READER = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as snapshot:
    ask = lambda: print(snapshot.execute("SELECT count(*) FROM mart.equipment_version").fetchall(), flush=True)
    ask()
    input()
    ask()
"""
ASK_TWICE = [sys.executable, "-c", READER]


def test_who_has_the_snapshot_open_keeps_it_while_another_takes_its_place(published, tmp_path):
    first, later, _ = published
    place = tmp_path / "phaseout.duckdb"
    place.write_bytes(first.read_bytes())
    with subprocess.Popen([*ASK_TWICE, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as early:
        assert early.stdout.readline() == "[(2,)]\n"
        replace_with_copy(os.open(later, os.O_RDONLY), place)
        late = subprocess.run([*ASK_TWICE, place], input="\n", capture_output=True, text=True, check=True)
        told, _ = early.communicate("\n")

    assert told == "[(2,)]\n"
    assert late.stdout == "[(4,)]\n[(4,)]\n"
