"""A warehouse that was damaged is noticed, set aside and built anew; whoever noticed goes on working."""

import json
import logging
import os
import subprocess
import sys
import threading

import duckdb
import pytest

from phaseout.adapters.duckdb_warehouse import WarehouseLost
from phaseout.adapters.duckdb_warehouse.aside import KEPT, set_aside
from phaseout.adapters.duckdb_warehouse.database import Database
from phaseout.adapters.health.warehouse_file import look_at_warehouse
from phaseout.domain.damage import Damage, DamageKind
from phaseout.domain.health import WarehouseState
from tests.soak import corruption, rebuilds

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


def put_nothing(path):
    path.write_bytes(b"")


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
        pytest.param(put_nothing, "torn", "unreadable", id="an empty file"),
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
def test_rows_that_are_not_what_was_loaded_are_noticed_and_the_same_content_is_built_anew(tmp_path):
    noticed, caught_up = ("a row deleted", "a value changed"), ("log cut short", "disk full in mid-load")
    told = corruption.run(tmp_path, units=2, names={*noticed, *caught_up}, flips=0, cuts=1, kills=0)

    assert told.wrong == []
    assert {name: set(told.became[name]) for name in noticed} == {name: {"built anew"} for name in noticed}
    assert {name: set(told.became[name]) for name in caught_up} == {name: {"caught up"} for name in caught_up}


@pytest.mark.slow
def test_a_rebuild_comes_to_the_same_content_whatever_surrounds_it(tmp_path):
    here = rebuilds.Surroundings(1, "America/New_York", "C", hash_seed=1, order=0)
    there = rebuilds.Surroundings(4, "Asia/Shanghai", "zh_CN.UTF-8", hash_seed=2, order=7)

    told = rebuilds.run(tmp_path, units=1, surroundings=[here, there])

    assert told[here] == told[there]
