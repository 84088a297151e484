"""`phaseout sql`: what it prints in which format, what it says to a query that cannot be answered, how it ends."""

import io
import json
import os
import subprocess
import sys

import duckdb
import pyarrow.parquet as pq
import pytest

from phaseout.adapters.duckdb_warehouse.snapshot import replace_with_copy
from phaseout.adapters.snapshot_reader import open_snapshot
from phaseout.cli import query as command
from tests.extracts import NIGHT, snapshots
from tests.integration.conftest import run

ALL_KINDS = """
    SELECT
        '320100' AS code,
        12.3400::DECIMAL(18, 4) AS capacity,
        0.1::DOUBLE AS rate,
        9007199254740993 AS count,
        DATE '2022-08-12' AS due_date,
        TIMESTAMP '2022-08-12 09:30:00' AS arrived_at,
        TRUE AS is_zero,
        '' AS empty,
        NULL AS nothing,
        '甲,"乙"' AS words
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return snapshots(tmp_path_factory.mktemp("asked"))


@pytest.fixture
def home(published, tmp_path, monkeypatch):
    (tmp_path / "published").mkdir()
    os.link(published[0], tmp_path / "published" / "phaseout.duckdb")
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [])
    return tmp_path


@pytest.fixture
def sql(home, capsysbinary):
    def ask(*arguments):
        code = run("sql", *arguments)
        told = capsysbinary.readouterr()
        return code, told.out, told.err.decode()

    return ask


# Formats


def test_csv_is_utf_8_with_texts_in_quotation_marks_and_nothing_for_null(sql):
    assert sql(ALL_KINDS, "--format", "csv") == (
        0,
        '"code","capacity","rate","count","due_date","arrived_at","is_zero","empty","nothing","words"\n'
        '"320100",12.3400,0.1,9007199254740993,2022-08-12,"2022-08-12 09:30:00",true,"",,"甲,""乙"""\n'.encode(),
        "",
    )


def test_csv_for_excel_begins_with_the_mark_of_utf_8(sql):
    assert sql("SELECT '甲' AS a", "--format", "csv", "--bom")[1] == '\ufeff"a"\n"甲"\n'.encode()


def test_json_is_a_list_of_flat_objects_in_which_no_figure_loses_a_digit(sql):
    expected = {
        "code": "320100",
        "capacity": "12.3400",
        "rate": 0.1,
        "count": 9007199254740993,
        "due_date": "2022-08-12",
        "arrived_at": "2022-08-12T09:30:00",
        "is_zero": True,
        "empty": "",
        "nothing": None,
        "words": '甲,"乙"',
    }

    assert json.loads(sql(ALL_KINDS, "--json")[1]) == [expected]
    assert sql(ALL_KINDS, "--json") == sql(ALL_KINDS, "--format", "json")
    assert (
        sql("SELECT 1 AS a UNION ALL SELECT 2 ORDER BY a", "--json")[1]
        == b'[\n {\n  "a": 1\n },\n {\n  "a": 2\n }\n]\n'
    )
    assert sql("SELECT 1 AS a WHERE FALSE", "--json")[1] == b"[]\n"


def test_parquet_keeps_the_types_of_the_snapshot(sql):
    code, out, _ = sql(ALL_KINDS, "--format", "parquet")
    kinds = {field.name: str(field.type) for field in pq.read_schema(io.BytesIO(out))}

    assert code == 0
    assert (kinds["code"], kinds["capacity"], kinds["count"]) == ("string", "decimal128(18, 4)", "int64")
    assert (kinds["due_date"], kinds["arrived_at"]) == ("date32[day]", "timestamp[us]")


def test_a_table_on_a_terminal_is_cut_and_says_so(home, capsys, monkeypatch):
    monkeypatch.setattr(command, "MOST_IN_A_PIPE", 3)

    assert run("sql", "SELECT range AS row_no FROM range(5)") == 0
    shown = capsys.readouterr()
    assert [word for word in ("│ 2", "│ 3") if word in shown.out] == ["│ 2"]
    assert shown.err == "3 of 5 rows are shown; --limit 0 shows all, --format csv or -o FILE takes all\n"
    assert run("sql", "SELECT range AS row_no FROM range(5)", "--limit", "0") == 0
    assert "│ 4" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_the_name_of_the_file_says_the_format(sql, home, form):
    place = home / f"answer.{form}"

    assert sql("SELECT 7 AS a", "-o", place) == (0, b"", "")
    assert duckdb.sql(f"SELECT a FROM '{place}'").fetchall() == [(7,)]  # noqa: S608  our own name
    assert [path.name for path in home.glob("*answer*")] == [place.name]


def test_a_table_goes_into_a_file_as_well(sql, home):
    assert sql("SELECT 7 AS a", "-o", home / "answer.txt") == (0, b"", "")
    assert "│ 7 │" in (home / "answer.txt").read_text("utf-8")


def test_two_columns_of_one_name_are_told_apart(sql):
    assert json.loads(sql("SELECT 1 AS a, 2 AS a", "--json")[1]) == [{"a": 1, "a_1": 2}]
    assert sql("SELECT 1 AS a, 2 AS a", "--format", "csv")[1] == b'"a","a_1"\n1,2\n'


def test_an_answer_that_breaks_off_leaves_no_file_and_keeps_the_old_one(sql, home):
    (home / "answer.csv").write_text("before")
    breaks = "SELECT CAST(if(range < 60000, '1', '甲') AS INTEGER) AS a FROM range(70000)"
    code, _, complaint = sql(breaks, "-o", home / "answer.csv")

    assert code == 2
    assert complaint.startswith("phaseout: Conversion Error: Could not convert string '甲' to INT32")
    assert (home / "answer.csv").read_text() == "before"
    assert [path.name for path in home.glob("*answer*")] == ["answer.csv"]


# Where the query comes from


def test_a_query_is_read_from_a_file_or_from_standard_input(sql, home, monkeypatch):
    (home / "query.sql").write_text("\ufeff-- 甲\nSELECT 7 AS a;\n", "utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT 8 AS a"))

    assert sql("--file", home / "query.sql", "--json")[1] == b'[\n {\n  "a": 7\n }\n]\n'
    assert sql("-", "--json")[1] == b'[\n {\n  "a": 8\n }\n]\n'


def test_without_a_query_the_tables_are_listed_and_a_table_is_described_by_name(sql):
    tables = {row["table"]: row for row in json.loads(sql("--json")[1])}
    columns = {row["column"]: row for row in json.loads(sql("--describe", "mart.Snapshot", "--json")[1])}

    assert tables["mart.snapshot"]["description"].startswith("What this snapshot is of")
    assert columns["cut_off_at"]["type"] == "TIMESTAMP"
    assert columns["campaign_id"]["key"] == "key"


def test_the_schema_need_not_be_written(sql):
    assert sql("FROM unit", "--json") == sql("SELECT * FROM mart.unit", "--json")


# What a snapshot says of itself


def test_the_snapshot_says_of_when_it_is_and_what_is_in_it(sql, published):
    rows = json.loads(sql("FROM mart.snapshot", "--json")[1])

    assert [(row["campaign_id"], row["cut_off_at"], row["ledger_revision"]) for row in rows] == [
        ("jiangmen-2021", "2021-10-16T02:30:00", 7),
        ("jiangsu-2022", NIGHT.replace(tzinfo=None).isoformat(), 11),
    ]
    assert [(row["loaded_count"], row["loaded_row_count"]) for row in rows] == [(1, 1), (1, 1)]
    assert {row["phaseout_version"] for row in rows} == {"2022.1.0"}
    assert {len(row["content_hash"]) for row in rows} == {64}


# Refusals


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("SELECT unit_nam FROM unit", "there is no column unit_nam in mart.unit; did you mean unit_name? `phaseout"),
        ("SELECT u.unit_nam FROM unit AS u", "there is no column unit_nam in mart.unit; did you mean unit_name?"),
        ("SELECT due_date FROM unit", "there is no column due_date in mart.unit; mart."),
        ("FROM untis", "there is no table untis; did you mean unit? `phaseout sql` lists the tables"),
        ("FROM mart.obligatoin", "there is no table obligatoin; did you mean obligation"),
        ('SELECT * FROM unit WHERE unit_name = "苏州市"', "a text is written in single quotes: '苏州市'"),
        ("SELECT * FROM unit WHERE unit_name ＝ '甲'", "It has full-width marks (＝)"),
        ("SELECT unit_name，unit_code FROM unit", "It has full-width marks (，): outside of texts"),
        ("SELEC 1", 'the query cannot be read: syntax error at or near "SELEC"'),
        ("", "there is no query; write one"),
        ("/* 甲 */", "there is no query; write one"),
        ("SELECT 1; SELECT 2", "one query at a time: these are 2"),
        ("DELETE FROM core.unit", "the snapshot is read-only, and DELETE would change or set something"),
        ("CREATE TEMP TABLE a AS SELECT 1", "the snapshot is read-only, and CREATE"),
        ("COPY unit TO 'a.csv'", "the snapshot is read-only, and COPY"),
        ("ATTACH 'a.db' AS a", "the snapshot is read-only, and ATTACH"),
        ("SET enable_external_access = true", "the snapshot is read-only, and SET"),
        ("EXPLAIN ANALYZE DELETE FROM core.unit", "the snapshot is read-only: nothing in it can be changed"),
        ("SELECT * FROM read_text('/etc/hostname')", "files, other databases and the network are out of reach"),
        ("SELECT * FROM '/etc/hostname.csv'", "files, other databases and the network are out of reach"),
        ("SELECT * FROM glob('*')", "files, other databases and the network are out of reach"),
        ("SELECT * FROM unit WHERE unit_code = $1", "the query has parameters"),
        ("SELECT nosuch(1)", "Scalar Function with name nosuch does not exist"),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_answered_is_told_why_and_what_to_do(sql, query, complaint):
    for form in ("table", "csv"):
        code, out, told = sql(query, "--format", form)

        assert (code, out) == (2, b"")
        assert told.startswith("phaseout: ")
        assert complaint in told


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--describe", "untis"), "there is no table untis; did you mean unit?"),
        (("SELECT 1", "--describe", "unit"), "give one of these: a query, --file, --describe"),
        (("SELECT 1", "--json", "--format", "csv"), "--json and --format csv say two things"),
        (("--file", "nowhere.sql"), "nowhere.sql cannot be read or written: No such file or directory"),
        (("SELECT 1", "-o", "nowhere/a.csv"), "cannot be read or written: No such file or directory"),
        (("SELECT 1", "--format", "yaml"), "'yaml' is not one of"),
    ],
)
def test_options_that_do_not_say_one_thing_are_refused(sql, arguments, complaint):
    code, out, told = sql(*arguments)

    assert (code, out) == (2, b"")
    assert complaint in " ".join(told.split())


def test_parquet_does_not_go_to_a_terminal(sql, monkeypatch):
    monkeypatch.setattr("phaseout.cli.query.sys.stdout.isatty", lambda: True, raising=False)

    assert sql("SELECT 1", "--format", "parquet")[2].startswith("phaseout: Parquet is nothing to read on a terminal")


def test_before_the_first_publication_there_is_nothing_to_ask(sql, home):
    (home / "published" / "phaseout.duckdb").unlink()

    assert sql("SELECT 1") == (2, b"", "phaseout: nothing is published yet; run `phaseout publish`\n")


def test_a_file_that_is_no_snapshot_is_to_be_published_anew(sql, home):
    place = home / "published" / "phaseout.duckdb"
    place.unlink()
    place.write_bytes(b"no database" * 1000)

    code, _, told = sql("SELECT 1")
    assert (code, told) == (2, f"phaseout: {place} cannot be read as a snapshot; `phaseout publish` writes it anew\n")


def test_a_snapshot_that_somebody_has_open_for_writing_is_an_outside_system_away(sql, published, home):
    place = home / "published" / "phaseout.duckdb"
    place.unlink()
    place.write_bytes(published[0].read_bytes())
    script = "import sys, duckdb; kept = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        other.stdout.readline()
        code, _, told = sql("SELECT 1")
        other.communicate("\n")

    assert code == 3
    assert "another program has opened" in told


def test_an_answer_is_of_one_snapshot_though_another_takes_its_place_meanwhile(published, tmp_path):
    place = tmp_path / "phaseout.duckdb"
    place.write_bytes(published[0].read_bytes())
    with open_snapshot(place) as snapshot:
        replace_with_copy(os.open(published[1], os.O_RDONLY), place)

        assert snapshot.ask("FROM equipment_version").count() == 2


def test_who_reads_no_further_is_not_told_of_it(home):
    asked = ("sql", "SELECT range FROM range(3000000)", "--format", "csv")
    start = [sys.executable, "-c", "from phaseout.cli import main; main()"]
    with subprocess.Popen([*start, *asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asking:
        assert asking.stdout.readline() == '"range"\n'
        asking.stdout.close()
        complaint = asking.stderr.read()

    assert (asking.returncode, complaint) == (0, "")


def test_a_table_without_rows_says_so_and_where_the_words_of_a_column_stand(sql):
    code, result, complaint = sql("SELECT * FROM mart.unit WHERE unit_code = '没有'")

    assert (code, result) == (0, b"")
    assert "--describe TABLE" in complaint
