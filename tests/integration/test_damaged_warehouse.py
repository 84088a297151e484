"""A warehouse that was damaged is noticed, set aside and built anew; whoever noticed goes on working."""

import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta

import duckdb
import pytest

from benchmarks.office import ARRIVED, CAMPAIGN, crowd_of, opened_office
from phaseout.adapters.duckdb_warehouse import WarehouseLost
from phaseout.adapters.duckdb_warehouse.aside import KEPT, set_aside
from phaseout.adapters.duckdb_warehouse.database import Database, _fingerprint_of
from phaseout.adapters.duckdb_warehouse.failures import is_damage
from phaseout.adapters.health.warehouse_file import look_at_warehouse
from phaseout.domain.damage import Damage, DamageKind
from phaseout.domain.health import WarehouseState
from tests.soak import corruption, rebuilds
from tests.warehouse_rows import open_warehouse

PEOPLES = {"foreign": "warehouse.duckdb.foreign-1", "torn": "warehouse.duckdb.damaged-1"}


def build(connection):
    connection.execute("CREATE SCHEMA core; CREATE TABLE core.layout AS SELECT 'ours' AS fingerprint")
    connection.execute(
        "CREATE TABLE core.loaded AS SELECT range AS number, md5(range::VARCHAR) AS word FROM range(50000)"
    )


def opened(path, *, lock_wait=1.0):
    return Database(path, fingerprint="ours", build=build, lock_wait=lock_wait)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    database = opened(path)
    database.connection()
    database.close()
    return path


def put_text(path):
    path.write_text("企业名称,装备名称\n" * 99, "utf-8")


def put_somebodys_database(path):
    path.unlink()
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE somebodys AS SELECT 1 AS number")


def put_folder(path):
    path.unlink()
    path.mkdir()


def put_link_to_nowhere(path):
    path.unlink()
    path.symlink_to("/nowhere/at/all")


def cut_off(path):
    os.truncate(path, 20_000)


def flip_in_the_header(path):
    content = bytearray(path.read_bytes())
    for at in (4096 + 20, 8192 + 20):  # one of the two is in force
        content[at] ^= 1
    path.write_bytes(content)


def put_log_of_another_file(path):
    other = path.with_name("other.duckdb")
    script = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE t AS SELECT 1'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(other)], check=False)
    other.with_name(other.name + ".wal").rename(path.with_name(path.name + ".wal"))


@pytest.mark.parametrize(
    ("damage", "whose", "kind"),
    [
        pytest.param(put_text, "foreign", "foreign_file", id="a text"),
        pytest.param(put_somebodys_database, "foreign", "foreign_file", id="somebody's database"),
        pytest.param(put_folder, "foreign", "foreign_file", id="a folder"),
        pytest.param(put_link_to_nowhere, "foreign", "foreign_file", id="a link to nowhere"),
        pytest.param(cut_off, "torn", "unreadable", id="cut off"),
        pytest.param(flip_in_the_header, "torn", "unreadable", id="changed in its head"),
        pytest.param(put_log_of_another_file, "torn", "unreadable", id="beside the log of another file"),
    ],
)
def test_what_cannot_be_opened_is_set_aside_with_a_note_and_built_anew(path, damage, whose, kind, caplog):
    damage(path)
    database = opened(path)
    with caplog.at_level(logging.WARNING):
        (found,) = database.connection().execute("SELECT count(*) FROM core.loaded").fetchall()
    database.close()

    assert found == (50_000,)
    assert json.loads((path.parent / (PEOPLES[whose] + ".json")).read_text("utf-8"))["kind"] == kind
    assert os.path.lexists(path.parent / PEOPLES[whose])
    assert [PEOPLES[whose] in record.message for record in caplog.records] == [True]
    assert look_at_warehouse(path, [], missing="SELECT 1 WHERE len($submissions) > 0").found == DamageKind(kind)


LOG_FILE = 'IO Error: {} "/srv/corrupt/warehouse.duckdb.wal": {}'


@pytest.mark.parametrize(
    ("error", "is_torn"),
    [
        (duckdb.IOException(LOG_FILE.format("Cannot open file", "Too many open files")), False),
        (duckdb.IOException(LOG_FILE.format("Cannot open file", "No such file or directory")), False),
        (duckdb.IOException(LOG_FILE.format("Could not remove", "Read-only file system")), False),
        (duckdb.IOException(LOG_FILE.format("Failure while replaying WAL file", "Out of Memory Error")), False),
        (duckdb.IOException("IO Error: Could not open /srv/WAL/corrupt/warehouse.duckdb"), False),
        (duckdb.OutOfMemoryException("failed to read checksum"), False),
        (duckdb.IOException(LOG_FILE.format("Failure while replaying WAL file", "Catalog Error: no such")), True),
        (duckdb.SerializationException("Serialization Error: Failed to deserialize"), True),
        (duckdb.IOException("Corrupt database file: computed checksum 1 does not match stored checksum 2"), True),
        (duckdb.IOException("Corrupt WAL file: entry at byte position 8 computed checksum 1 does not match"), True),
    ],
    ids=lambda one: str(one)[:80],
)
def test_trouble_of_the_machine_is_no_damage_whatever_the_path_is_called(error, is_torn):
    assert is_damage(error) == is_torn


class Refusing:
    """A connection that cannot read, for one reason."""

    def __init__(self, reason):
        self.reason = reason

    def execute(self, _statement):
        raise self.reason

    def close(self):
        pass


def test_a_layout_that_cannot_be_read_for_want_of_memory_is_asked_for_again(path):
    with pytest.raises(WarehouseLost):
        _fingerprint_of(Refusing(duckdb.OutOfMemoryException("failed to allocate data of size 2 MiB")), path)

    assert _fingerprint_of(Refusing(duckdb.Error("torn")), path).kind is DamageKind.UNREADABLE


def test_an_empty_file_is_deleted_for_it_shows_nothing_to_anybody(path, caplog):
    path.write_bytes(b"")
    database = opened(path)
    with caplog.at_level(logging.WARNING):
        database.connection()
    database.close()

    assert [record.message for record in caplog.records] == ["warehouse.duckdb was empty and is built anew"]
    assert [one.name for one in path.parent.iterdir() if not one.name.startswith(".")] == [path.name]


@pytest.mark.parametrize("is_ours", [True, False], ids=["a statement of ours", "a rule of the office"])
def test_a_table_that_is_missing_makes_the_file_suspect_unless_a_rule_is_mistyped(path, is_ours):
    database = opened(path)
    with pytest.raises(duckdb.CatalogException), database.guarded(is_ours=is_ours) as connection:
        connection.execute("SELECT * FROM core.lodaed")
    database.close()

    assert opened(path).is_suspect == is_ours


def test_what_a_thorough_look_found_is_found_again_by_the_next_process_at_a_glance(tmp_path):
    with closing(open_warehouse(tmp_path / "warehouse.duckdb")) as warehouse:
        with warehouse._database.guarded() as connection:  # noqa: SLF001  behind our back
            connection.execute("DROP TABLE core.letter CASCADE")
        assert warehouse.damage({}) is None
        found = warehouse.damage({}, is_thorough=True)

    with closing(open_warehouse(tmp_path / "warehouse.duckdb")) as afterwards:
        assert found.kind == afterwards.damage({}).kind == DamageKind.UNREADABLE


def test_a_file_that_is_set_aside_when_it_is_opened_is_told_of_once_and_not_set_aside_again(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with closing(open_warehouse(path)) as warehouse:
        warehouse.missing(())
    cut_off(path)

    with closing(open_warehouse(path)) as warehouse:
        warehouse.missing(())
        found = warehouse.damage({})
        warehouse.start_anew(found)
        assert (found.kind, warehouse.damage({}, is_thorough=True)) == (DamageKind.UNREADABLE, None)
        warehouse.start_anew(Damage(DamageKind.LOST_ROWS))  # found later, in what is open now

    assert {one.name for one in tmp_path.glob("*damaged-?")} == {
        "warehouse.duckdb.damaged-1",
        "warehouse.duckdb.damaged-2",
    }


def test_every_row_is_read_once_a_day_however_many_campaigns_are_published(tmp_path):
    with opened_office(tmp_path, definitions=crowd_of(1)) as app:
        app.fill_to_publish(CAMPAIGN, as_of=ARRIVED)
        with app.warehouse._database.guarded() as connection:  # noqa: SLF001  behind our back
            connection.execute("DELETE FROM core.required_industry")
        app.fill_to_publish("another-campaign", as_of=ARRIVED)
        assert not list(app.home.glob("*damaged-1"))

        app.fill_to_publish("another-campaign", as_of=ARRIVED + timedelta(days=1))
        assert list(app.home.glob("*damaged-1"))


def test_a_torn_block_is_noticed_when_it_is_read_and_the_next_call_goes_on(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    database = opened(path)
    for _ in range(2):
        try:
            with database.guarded() as connection:
                (rows,) = connection.execute("SELECT count(DISTINCT word) FROM core.loaded").fetchall()
            break
        except WarehouseLost:
            pass
    database.close()

    assert rows == (50_000,)
    assert (path.parent / PEOPLES["torn"]).exists()


def test_of_damaged_files_the_newest_are_kept_and_what_is_not_ours_always(path):
    for number in range(1, 6):
        path.write_text(str(number), "utf-8")
        set_aside(path, Damage(DamageKind.UNREADABLE))
        path.write_text(str(number), "utf-8")
        set_aside(path, Damage(DamageKind.FOREIGN_FILE))

    names = {one.name for one in path.parent.iterdir() if not one.name.startswith(".")}
    assert {name for name in names if "damaged" in name and not name.endswith(".json")} == {
        f"warehouse.duckdb.damaged-{number}" for number in range(6 - KEPT, 6)
    }
    assert len([name for name in names if "foreign" in name and not name.endswith(".json")]) == 5


def test_a_file_that_another_process_holds_is_never_set_aside(path):
    hold = "import sys, time, duckdb; held = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", hold, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        waits = opened(path, lock_wait=20)
        found = []
        waiting = threading.Thread(target=lambda: found.append(waits.connection()))
        waiting.start()
        assert look_at_warehouse(path, [], missing="SELECT 1").state is WarehouseState.IN_USE
        holder.kill()
        waiting.join()
    waits.close()

    assert len(found) == 1
    assert not list(path.parent.glob("*-1*"))


OPEN = """
import sys
from pathlib import Path
from phaseout.adapters.duckdb_warehouse.database import Database
def build(connection):
    connection.execute("CREATE SCHEMA core; CREATE TABLE core.layout AS SELECT 'ours' AS fingerprint")
database = Database(Path(sys.argv[1]), fingerprint="ours", build=build, lock_wait=20)
database.connection()
database.close()
"""


def test_two_processes_that_see_one_damage_set_aside_one_file(path):
    put_text(path)
    both = [subprocess.Popen([sys.executable, "-c", OPEN, str(path)], stderr=subprocess.PIPE) for _ in range(2)]
    assert [(one.wait(), one.communicate()[1].count(b"was set aside")) for one in both].count((0, 1)) == 1

    assert [one.returncode for one in both] == [0, 0]
    assert [one.name for one in path.parent.glob("*foreign-?")] == [PEOPLES["foreign"]]


@pytest.mark.slow
def test_what_a_log_cut_short_has_lost_is_caught_up_and_a_rebuild_elsewhere_comes_to_the_same_content(tmp_path):
    told = corruption.run(tmp_path, units=2, names={"log cut short"}, flips=0, cuts=1, kills=0)
    assert (told.wrong, told.became) == ([], {"log cut short": {"caught up": 1}})

    elsewhere = rebuilds.Surroundings(4, "America/New_York", "zh_CN.UTF-8", hash_seed=2, order=7)
    assert rebuilds.rebuilt(tmp_path / "home", 2, elsewhere) == told.content
