import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest

from phaseout.adapters.duckdb_warehouse import NoFileToPublish, NotStaged, WarehouseInUse, WarehouseLost
from phaseout.adapters.duckdb_warehouse.layout import UnknownField, label_of
from phaseout.adapters.duckdb_warehouse.mart_heads import head_of
from phaseout.adapters.duckdb_warehouse.mirror import NoSuchMirror
from phaseout.adapters.duckdb_warehouse.statements import kept_fields
from phaseout.domain.years import Years
from phaseout.ports import RuleDidNotRun
from tests.warehouse_rows import (
    CAMPAIGN,
    FORMS,
    NANJING,
    PARAMETERS,
    REFERENCES,
    ROOT,
    WUXI,
    load,
    open_warehouse,
    workbook,
)

ITEM_B = {"equip_model": "HTK-B"}
CLOSED = {"closure_status": "已拆除", "completed_on": "2022-09-20", "done_count": 2}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "live" / "warehouse.duckdb"


@pytest.fixture
def warehouse(path):
    opened = open_warehouse(path)
    opened.refresh(REFERENCES, campaign=CAMPAIGN)
    yield opened
    opened.close()


def accept(warehouse, *workbooks):
    with warehouse.batch():
        load(warehouse, *workbooks)
        warehouse.commit()


def accept_and_fail(warehouse, book):
    with warehouse.batch():
        load(warehouse, book)
        warehouse.promote("progress", [])


def opens_elsewhere(path):
    script = "import sys, duckdb; duckdb.connect(sys.argv[1])"
    return subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, check=False).returncode == 0


def test_a_batch_that_is_not_committed_leaves_nothing_behind(warehouse):
    book = workbook("survey_summary")
    with warehouse.batch():
        load(warehouse, book)
        assert warehouse.missing([book.submission]) == []

    assert warehouse.missing([book.submission]) == [book.submission]


def test_a_batch_that_fails_leaves_nothing_behind(warehouse):
    book = workbook("survey_summary")
    with pytest.raises(NotStaged):
        accept_and_fail(warehouse, book)

    assert warehouse.missing([book.submission]) == [book.submission]
    accept(warehouse, book)
    assert warehouse.missing([book.submission]) == []


def test_committed_rows_outlive_the_process_without_a_write_ahead_log(warehouse, path):
    accept(warehouse, workbook("survey_summary"))

    wal = path.with_name(path.name + ".wal")
    assert not wal.exists() or wal.stat().st_size == 0
    warehouse.close()
    assert warehouse.missing([workbook("survey_summary").submission]) == []


def test_missing_names_what_must_be_caught_up_in_the_order_asked(warehouse):
    first, second, third = (workbook("survey_summary", version=version) for version in (1, 2, 3))
    accept(warehouse, second)

    wanted = [third.submission, second.submission, first.submission]
    assert warehouse.missing(wanted) == [third.submission, first.submission]


def test_a_submission_is_taken_in_once(warehouse):
    accept(warehouse, workbook("survey_summary"))
    before = warehouse.content_hash()
    accept(warehouse, workbook("survey_summary"))

    assert warehouse.content_hash() == before
    assert len(warehouse.prefill("progress", campaign=CAMPAIGN, unit=NANJING, period="2022-08")) == 1


def test_the_newest_version_counts_in_whatever_order_versions_are_loaded(warehouse):
    accept(warehouse, workbook("survey_summary", [ITEM_B], version=2), workbook("survey_summary", version=1))

    rows = warehouse.prefill("progress", campaign=CAMPAIGN, unit=NANJING, period="2022-08")
    assert [row["equip_model"] for row in rows] == ["HTK-B"]


def test_a_form_can_be_checked_against_what_the_same_batch_promoted(warehouse):
    inspection, completed = workbook("inspection"), workbook("completed_list")
    with warehouse.batch():
        load(warehouse, inspection)
        warehouse.stage(FORMS["completed_list"], [completed])
        found = {breach.rule for _, breach in warehouse.check("completed_list", parameters=PARAMETERS)}

    assert "FIN-311" not in found


def test_equal_data_give_an_equal_content_hash_whatever_the_order_of_loading(path, tmp_path):
    books = [
        workbook("survey_summary", [{}, ITEM_B]),
        workbook("survey_summary", [{"county": "江阴市"}], unit=WUXI),
        workbook("survey_summary", version=2),
        workbook("progress", [CLOSED], period="2022-08"),
        workbook("progress", []),
    ]
    hashes = set()
    for name, order in (("one", books), ("other", books[::-1])):
        warehouse = open_warehouse(tmp_path / f"{name}.duckdb")
        warehouse.refresh(REFERENCES if name == "one" else dict(reversed(REFERENCES.items())), campaign=CAMPAIGN)
        for book in order:
            accept(warehouse, book)
        hashes.add(warehouse.content_hash())
        warehouse.close()

    assert len(hashes) == 1


def test_other_data_give_another_content_hash(warehouse):
    accept(warehouse, workbook("survey_summary"))
    before = warehouse.content_hash()
    accept(warehouse, workbook("survey_summary", [{"capacity": "5.5001"}], version=2))

    assert warehouse.content_hash() != before


OBLIGATION = {
    "obligation_id": "jiangsu-2022/320100/summary/survey_summary/ferroalloy",
    "unit_code": NANJING,
    "unit_name": "南京市",
    "milestone": "summary",
    "form": "survey_summary",
    "industry": "ferroalloy",
    "due_date": date(2022, 8, 12),
    "standing": "open",
    "days_late": -1,
}


def test_a_standing_that_only_time_has_changed_does_not_change_the_content_hash(warehouse):
    warehouse.refresh({"obligation": [OBLIGATION]}, campaign=CAMPAIGN)
    before = warehouse.content_hash()
    warehouse.refresh({"obligation": [{**OBLIGATION, "standing": "late", "days_late": 3}]}, campaign=CAMPAIGN)
    assert warehouse.content_hash() == before

    warehouse.refresh({"obligation": [{**OBLIGATION, "due_date": date(2022, 8, 19)}]}, campaign=CAMPAIGN)
    assert warehouse.content_hash() != before


def test_refresh_replaces_one_campaign_and_leaves_the_others(warehouse):
    warehouse.refresh({"unit": REFERENCES["unit"][:1]}, campaign="jiangsu-2021")
    warehouse.refresh({"unit": REFERENCES["unit"][1:]}, campaign=CAMPAIGN)

    assert units_of(warehouse) == [("jiangsu-2021", "南京市"), (CAMPAIGN, "无锡市")]


def units_of(warehouse):
    with warehouse._database.guarded() as connection:  # noqa: SLF001 - looks at what is stored
        return connection.execute("SELECT campaign_id, unit_name FROM mart.unit ORDER BY ALL").fetchall()


def test_refresh_writes_again_what_a_batch_has_rolled_back(warehouse):
    with warehouse.batch():
        warehouse.refresh({"unit": []}, campaign=CAMPAIGN)
        assert units_of(warehouse) == []
    assert units_of(warehouse) == [(CAMPAIGN, "南京市"), (CAMPAIGN, "无锡市")]

    warehouse.refresh({"unit": []}, campaign=CAMPAIGN)
    assert units_of(warehouse) == []


def test_refresh_writes_again_after_the_file_was_built_anew(warehouse, path):
    warehouse.close()
    path.unlink()
    warehouse.refresh(REFERENCES, campaign=CAMPAIGN)

    assert units_of(warehouse) == [(CAMPAIGN, "南京市"), (CAMPAIGN, "无锡市")]


@pytest.mark.parametrize(
    ("table", "row"),
    [("people", {"name": "张示例"}), ("unit", {**REFERENCES["unit"][0], "mailbox": "nanjing@unit.example"})],
    ids=["a table", "a column"],
)
def test_refresh_takes_no_table_or_column_that_is_not_planned(warehouse, table, row):
    with pytest.raises(NoSuchMirror):
        warehouse.refresh({table: [row]}, campaign=CAMPAIGN)

    assert units_of(warehouse) == [(CAMPAIGN, "南京市"), (CAMPAIGN, "无锡市")]


def test_instants_are_kept_in_china_time(warehouse):
    arrived = {**OBLIGATION, "arrived_at": datetime(2022, 8, 12, 15, 59, tzinfo=UTC)}
    warehouse.refresh({"obligation": [arrived]}, campaign=CAMPAIGN)

    with warehouse._database.guarded() as connection:  # noqa: SLF001 - looks at what is stored
        rows = connection.execute("SELECT strftime(arrived_at, '%Y-%m-%d %H:%M') FROM mart.obligation").fetchall()
    assert rows == [("2022-08-12 23:59",)]


def test_completeness_counts_files_that_are_waited_for(warehouse):
    others = ({"is_paper": True}, {"is_exempt": True}, {"form": None})
    rows = [OBLIGATION, *({**OBLIGATION, "obligation_id": str(number), **one} for number, one in enumerate(others))]
    warehouse.refresh({"obligation": rows}, campaign=CAMPAIGN)

    with warehouse._database.guarded() as connection:  # noqa: SLF001 - looks at what is stored
        assert connection.execute("SELECT expected FROM mart.completeness").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) FROM mart.obligation").fetchall() == [(4,)]


def test_figures_count_a_zero_report_as_nothing(warehouse):
    with warehouse.batch():
        books = [workbook("survey_summary"), workbook("survey_summary", [], industry="paper")]
        warehouse.stage(FORMS["survey_summary"], books)
        figures = warehouse.figures("survey_summary")

    assert figures == {
        books[0].submission: {"enterprises": 1, "items": 1, "outdated": 1, "outdated_sets": 2},
        books[1].submission: {"enterprises": 0, "items": 0, "outdated": 0, "outdated_sets": 0},
    }


SEALED = {
    "closure_status": "已封存",
    "is_water_cut": True,
    "is_power_cut": True,
    "is_power_unit_removed": True,
    "is_equipment_sealed": True,
    "has_public_commitment": True,
}


@pytest.mark.parametrize(
    ("row", "closed", "sealed"),
    [
        ({"closure_status": "拆除中"}, 0, 0),
        ({"closure_status": "已拆除"}, 1, 0),
        ({"closure_status": "已验收"}, 1, 0),
        (SEALED, 1, 1),
        ({**SEALED, "has_public_commitment": False}, 0, 0),
        ({**SEALED, "is_power_cut": None}, 0, 0),
    ],
    ids=["dismantling", "dismantled", "passed", "sealed", "sealed without commitment", "sealed, one condition empty"],
)
def test_sealed_counts_as_closed_only_with_all_five_conditions(warehouse, row, closed, sealed):
    book = workbook("progress", [row])
    with warehouse.batch():
        warehouse.stage(FORMS["progress"], [book])
        figures = warehouse.figures("progress")[book.submission]

    assert figures == {"items": 1, "sets": 2, "closed": closed, "closed_sets": 2 * closed, "sealed": sealed}


def test_the_progress_form_is_prefilled_with_outdated_items_as_the_last_month_left_them(warehouse):
    accept(
        warehouse,
        workbook("survey_summary", [{}, ITEM_B, {"equip_model": "HTK-C", "is_outdated": False}]),
        workbook("progress", [CLOSED, ITEM_B], period="2022-08"),
        workbook("progress", [CLOSED, {**ITEM_B, "closure_status": "已停产"}], period="2022-09"),
    )

    rows = warehouse.prefill("progress", campaign=CAMPAIGN, unit=NANJING, period="2022-09")
    assert [(row["seq"], row["equip_model"], row["closure_status"], row["done_count"]) for row in rows] == [
        (1, "HTK-A", "已拆除", 2),
        (2, "HTK-B", "未启动", 0),
    ]
    assert rows[0]["completed_on"] == date(2022, 9, 20)
    assert rows[0]["capacity"] == Decimal("5.5000")
    assert set(rows[0]) <= {field.name for field in FORMS["progress"].columns}


def test_inspection_form_and_completed_list_are_prefilled_with_closed_items(warehouse):
    accept(warehouse, workbook("survey_summary", [{}, ITEM_B]), workbook("progress", [CLOSED, ITEM_B]))

    for form in ("inspection", "completed_list"):
        rows = warehouse.prefill(form, campaign=CAMPAIGN, unit=NANJING, period=None)
        assert [row["equip_model"] for row in rows] == ["HTK-A"]
        assert set(rows[0]) <= {field.name for field in FORMS[form].fields}


def test_the_items_of_each_enterprise_are_numbered_from_one_on_its_inspection_form(warehouse):
    other = {**CLOSED, "uscc": "91320281MA1TE5T293", "enterprise_name": "南京示例另一合金有限公司"}
    accept(
        warehouse,
        workbook("progress", [{**other, "seq": 7}, {**CLOSED, "seq": 8}, {**CLOSED, "seq": 9, "equip_model": "HTK-C"}]),
    )

    rows = warehouse.prefill("inspection", campaign=CAMPAIGN, unit=NANJING, period=None)
    assert [(row["seq"], row["equip_model"]) for row in rows] == [(1, "HTK-A"), (1, "HTK-A"), (2, "HTK-C")]


def test_a_form_without_a_prefill_starts_empty(warehouse):
    assert warehouse.prefill("contact", campaign=CAMPAIGN, unit=NANJING, period=None) == ()


def test_staged_rows_can_be_looked_up_with_everything_that_they_hold(warehouse):
    book = workbook("contact", [{}, {"mobile": "13800000001"}])
    with warehouse.batch():
        frame = warehouse.stage(FORMS["contact"], [book])
        rows = warehouse.row("contact", [1])

    assert frame["mobile"].tolist()[1] == "13800000001"
    submission, sheet, row, values = rows[1]
    assert (submission, sheet, row, values["mobile"]) == (book.submission, "Sheet1", 7, "13800000001")


def test_personal_fields_and_free_text_never_enter_the_file(warehouse):
    kept = {"warehouse": set(), "left out": set()}
    with warehouse._database.guarded() as connection:  # noqa: SLF001 - looks at what is stored
        for form in FORMS.values():
            rows = connection.execute(
                "SELECT column_name FROM duckdb_columns() WHERE table_name IN ($core, $stage)",
                {"core": form.id, "stage": f"stage_{form.id}"},
            ).fetchall()
            kept["warehouse"] |= {(form.id, name) for (name,) in rows}
            kept["left out"] |= {(form.id, field.name) for field in form.fields if field.personal or field.free_text}

    assert kept["left out"]
    assert not kept["warehouse"] & kept["left out"]


@pytest.mark.parametrize(
    "values",
    [
        {"capacity": Decimal("1E+300")},
        {"capacity": Decimal("NaN")},
        {"capacity": Decimal("1.23456789")},
        {"equip_count": 10**30},
        {"enterprise_name": "半个字\ud83d"},
        {"enterprise_name": "零\x00字"},
        {"enterprise_name": "'); DROP TABLE core.survey_summary; --"},
    ],
    ids=["too large", "no number", "too fine", "too many", "half a character", "a zero byte", "SQL"],
)
def test_a_cell_that_no_column_can_hold_stops_nothing(warehouse, values):
    book = workbook("survey_summary", [values])
    with warehouse.batch():
        warehouse.stage(FORMS["survey_summary"], [book])
        warehouse.check("survey_summary", parameters=PARAMETERS)
        warehouse.promote("survey_summary", [book.submission])
        warehouse.commit()

    assert warehouse.missing([book.submission]) == []


def test_a_rule_whose_parameter_is_missing_did_not_run(warehouse):
    with warehouse.batch():
        warehouse.stage(FORMS["progress"], [workbook("progress")])
        with pytest.raises(RuleDidNotRun, match="PROG-326"):
            warehouse.check("progress", parameters={"campaign_year": 2022})


def test_a_statement_that_fails_did_not_run_and_is_no_finding(warehouse):
    with warehouse.batch():
        warehouse.stage(FORMS["progress"], [workbook("progress")])
        with pytest.raises(RuleDidNotRun, match="PROG-326"):
            warehouse.check("progress", parameters={"campaign_year": 2022, "closures_due": "三十日"})

    accept(warehouse, workbook("progress"))


def test_campaigns_in_one_batch_are_each_held_against_their_own(warehouse):
    ours, theirs = workbook("inspection"), workbook("inspection", campaign="jiangsu-2021")
    with warehouse.batch():
        load(warehouse, workbook("survey_summary"))
        warehouse.stage(FORMS["inspection"], [ours, theirs])
        found = [(name, breach.rule) for name, breach in warehouse.check("inspection", parameters=PARAMETERS)]

    assert (theirs.submission, "INSP-311") in found
    assert (ours.submission, "INSP-311") not in found


def test_nothing_can_be_checked_that_was_not_staged(warehouse):
    with warehouse.batch(), pytest.raises(NotStaged):
        warehouse.check("progress", parameters=PARAMETERS)


def test_the_snapshot_is_whole_and_readable_while_the_live_file_is_open(warehouse, tmp_path):
    accept(warehouse, workbook("survey_summary"))
    snapshot = tmp_path / "published" / "phaseout.duckdb"
    warehouse.publish(snapshot)

    with duckdb.connect(str(snapshot), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM mart.equipment").fetchall() == [(1,)]
        accept(warehouse, workbook("survey_summary", [{}, ITEM_B], version=2))
        warehouse.publish(snapshot)
        assert reader.execute("SELECT count(*) FROM mart.equipment").fetchall() == [(1,)]
    with duckdb.connect(str(snapshot), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM mart.equipment").fetchall() == [(2,)]
    assert [path.name for path in snapshot.parent.iterdir()] == ["phaseout.duckdb"]


def test_the_hash_in_a_snapshot_is_that_of_all_else_in_it(warehouse, tmp_path):
    accept(warehouse, workbook("survey_summary"))
    before = warehouse.content_hash()
    warehouse.refresh({"cut_off": [{"cut_off_at": datetime(2022, 8, 12, 9), "ledger_revision": 7}]}, campaign=CAMPAIGN)  # noqa: DTZ001  China's wall clock

    assert warehouse.publish(tmp_path / "phaseout.duckdb") == before
    copy = open_warehouse(tmp_path / "phaseout.duckdb")
    told = "SELECT content_hash, cut_off_at::VARCHAR, ledger_revision, loaded_row_count FROM mart.snapshot"
    with copy._database.guarded() as connection:  # noqa: SLF001 - looks into the file
        assert connection.execute(told).fetchall() == [(before, "2022-08-12 09:00:00", 7, 1)]
    assert copy.content_hash() == before
    copy.close()


def test_a_publication_that_fails_leaves_the_old_snapshot(warehouse, tmp_path, monkeypatch):
    snapshot = tmp_path / "phaseout.duckdb"
    warehouse.publish(snapshot)
    before = snapshot.read_bytes()
    accept(warehouse, workbook("survey_summary"))

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "sendfile", full)
    with pytest.raises(OSError, match="No space"):
        warehouse.publish(snapshot)

    assert snapshot.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"live", "phaseout.duckdb"}


def test_what_a_killed_publication_left_is_cleared_by_the_next(warehouse, tmp_path):
    (tmp_path / ".phaseout.duckdb.123.new").write_bytes(b"half a copy")

    warehouse.publish(tmp_path / "phaseout.duckdb")

    assert {path.name for path in tmp_path.iterdir()} == {"live", "phaseout.duckdb"}


def test_the_live_file_stays_locked_and_private_after_a_publication(warehouse, path, tmp_path):
    warehouse.publish(tmp_path / "phaseout.duckdb")
    warehouse.publish(tmp_path / "phaseout.duckdb")

    assert not opens_elsewhere(path)
    assert path.stat().st_mode & 0o077 == 0
    assert (tmp_path / "phaseout.duckdb").stat().st_mode & 0o777 == 0o644


def test_a_warehouse_in_memory_cannot_be_published(tmp_path):
    with pytest.raises(NoFileToPublish):
        open_warehouse().publish(tmp_path / "phaseout.duckdb")


def test_every_view_answers_and_every_column_is_described(warehouse, tmp_path):
    snapshot = tmp_path / "phaseout.duckdb"
    accept(warehouse, workbook("survey_summary"), workbook("progress", [CLOSED]))
    warehouse.publish(snapshot)

    with duckdb.connect(str(snapshot), read_only=True) as reader:
        columns = reader.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'mart'"
        ).fetchall()
        described = reader.execute("SELECT table_name, column_name, asked_as FROM mart.data_dictionary").fetchall()
        asked = {table: asked_as for table, _, asked_as in described if asked_as}
        for asked_as in asked.values():
            reader.execute("FROM " + asked_as.replace("(as_of)", "('2022-09-15')")).fetchall()
    views = {
        table for table, asked_as in asked.items() if not asked_as.endswith(")")
    }  # a macro's columns take no comment
    told = {(table, column) for table, column, _ in described if column is not None and table in views}
    assert {(table, column) for table, column, _ in columns} == told
    assert all(comment for _, _, comment in columns)


@pytest.fixture(scope="module")
def described():
    """Return what the file says of each schema's tables and columns."""
    warehouse = open_warehouse(None)
    rows = warehouse._database.connection().execute(  # noqa: SLF001 - looks into the file
        "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns()"
    )
    told = {(schema, table, column): comment for schema, table, column, comment in rows.fetchall()}
    warehouse.close()
    return told


@pytest.mark.parametrize("form_id", FORMS)
def test_every_field_that_the_core_layer_keeps_is_described_by_its_forms_label(described, form_id):
    for field in kept_fields(FORMS[form_id]):
        assert described["core", form_id, field.name] == label_of(FORMS[form_id], field.name)


def fields_in_marts():
    """Yield view, column and forms wherever a mart that is made from forms has a column of one of their fields."""
    for path in sorted((ROOT / "data" / "sql" / "mart").glob("*.sql")):
        if path.stem.endswith("_as_of"):
            continue  # a macro, with the columns of its table
        text = path.read_text("utf-8")
        sources = [form for form in FORMS.values() if f"core.{form.id}_current" in text]
        for column in head_of(path.stem, text).columns:
            asking = [form for form in sources if column in {field.name for field in kept_fields(form)}]
            if asking:
                yield pytest.param(path.stem, column, asking, id=f"{path.stem}.{column}")


@pytest.mark.parametrize(("view", "column", "forms"), fields_in_marts())
def test_a_field_in_a_mart_is_described_by_its_forms_label(described, view, column, forms):
    words = described["mart", view, column]

    assert any(f"“{label_of(form, column)}”" in words for form in forms)


def test_there_are_fields_in_marts():
    assert len(list(fields_in_marts())) > 50


def test_a_field_whose_label_changed_is_described_by_both():
    form = FORMS["survey_summary"]
    renamed = replace(form.field("output"), label="2022年产量", years=Years(2023))

    assert label_of(replace(form, columns=(*form.columns, renamed)), "output") == "2021年产量、2022年产量"
    with pytest.raises(UnknownField, match=r"survey_summary\.sales"):
        label_of(form, "sales")


HOLD = "import sys, time, duckdb; held = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"


def test_another_process_that_holds_the_file_is_waited_for_and_then_named(path):
    path.parent.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        warehouse = open_warehouse(path)
        with pytest.raises(WarehouseInUse, match=str(path)):
            warehouse.missing(["x"])
        holder.kill()
        holder.wait()
        assert warehouse.missing(["x"]) == ["x"]
        warehouse.close()


@pytest.mark.parametrize("damage", [b"no database at all", b""], ids=["garbage", "empty"])
def test_a_file_that_cannot_be_read_is_set_aside_and_built_anew(path, damage):
    path.parent.mkdir(parents=True)
    path.write_bytes(damage * 1000)
    warehouse = open_warehouse(path)

    assert warehouse.missing(["jiangsu-2022/x/v1"]) == ["jiangsu-2022/x/v1"]
    warehouse.close()


@pytest.mark.parametrize("place", range(8))
def test_flipped_bytes_are_noticed_or_harmless_and_the_rows_can_be_loaded_again(path, place):
    warehouse = open_warehouse(path)
    books = [workbook("survey_summary", [{"equip_model": f"HTK-{no}"} for no in range(200)], version=v) for v in (1, 2)]
    accept(warehouse, *books)
    before = warehouse.content_hash()
    warehouse.close()
    content = bytearray(path.read_bytes())
    start = len(content) * place // 8
    content[start : start + 64] = bytes(64 * [0xA5])
    path.write_bytes(content)

    for _attempt in range(3):
        try:
            missing = set(warehouse.missing([book.submission for book in books]))
            accept(warehouse, *(book for book in books if book.submission in missing))
            after = warehouse.content_hash()
        except WarehouseLost:
            continue
        break
    warehouse.close()
    assert after == before


def test_a_file_of_another_layout_is_built_anew(path):
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE SCHEMA core; CREATE TABLE core.layout AS SELECT 'another' AS fingerprint")
    warehouse = open_warehouse(path)

    assert warehouse.missing(["x"]) == ["x"]
    warehouse.close()


class Failing:
    """A connection that reports a fatal error, as DuckDB does when its disk fails."""

    def __init__(self, connection):
        self._connection = connection

    def execute(self, *_arguments):
        raise duckdb.FatalException("FATAL Error: database has been invalidated")

    def close(self):
        self._connection.close()


def test_after_a_fatal_error_the_next_call_opens_the_file_anew(warehouse):
    accept(warehouse, workbook("survey_summary"))
    database = warehouse._database  # noqa: SLF001 - puts a failing connection in
    database._connection = Failing(database.connection())  # noqa: SLF001 - puts a failing connection in

    with pytest.raises(WarehouseLost):
        warehouse.missing(["x"])
    assert warehouse.missing([workbook("survey_summary").submission, "x"]) == ["x"]


def test_loaded_text_cannot_reach_files_or_settings(warehouse, tmp_path):
    with warehouse._database.guarded() as connection:  # noqa: SLF001 - tries the lock
        for statement in (
            "SELECT * FROM read_text('/etc/hostname')",
            f"ATTACH '{tmp_path}/other.duckdb' AS other",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)
