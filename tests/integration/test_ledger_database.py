"""What the ledger's database promises below its contract: migrations, durability, refusals."""

import re
import shutil
import sqlite3
import stat
import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from phaseout.adapters.ledger import engine, open_ledger, schema, tables
from phaseout.adapters.ledger.engine import Database, DriverMissing, LedgerUnavailable, NotALedger
from phaseout.adapters.ledger.schema import LedgerFromElsewhen
from phaseout.domain.calendar import WorkCalendar

CALENDAR = WorkCalendar(years=frozenset(), working_days=())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    opened = open_ledger(f"sqlite:///{path}", calendar=CALENDAR)
    yield opened
    opened.close()


def migrations():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    return config


def migrated(path):
    """Run every migration from the empty database on."""
    found = create_engine(f"sqlite:///{path}")
    config = migrations()
    with found.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return found


def schema_of(path):
    rows = sqlite3.connect(path).execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
    # The order of constraints within a table means nothing, nor does it on which line a column was added.
    parts = {(kind, name): re.split(r"[,\n]", sql) for kind, name, sql in rows if sql}
    return {key: sorted(filter(None, (part.strip(" \t)") for part in of_table))) for key, of_table in parts.items()}


def test_the_migrations_lead_to_the_tables_that_the_code_uses(tmp_path):
    with migrated(tmp_path / "migrated.sqlite").connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.metadata)

    assert differences == []


def test_a_new_ledger_is_the_same_as_a_migrated_one(path, ledger, tmp_path):
    migrated(tmp_path / "migrated.sqlite")

    assert schema_of(path) == schema_of(tmp_path / "migrated.sqlite")


def test_a_migrated_ledger_works_as_a_new_one(tmp_path):
    migrated(tmp_path / "migrated.sqlite")

    assert open_ledger(f"sqlite:///{tmp_path}/migrated.sqlite", calendar=CALENDAR).revision() == 0


def test_the_version_that_the_code_expects_is_the_newest_migration():
    assert ScriptDirectory.from_config(migrations()).get_current_head() == schema.HEAD


def test_an_older_ledger_is_migrated_when_it_is_opened(path, ledger, monkeypatch):
    later = path.parent / "migrations"
    shutil.copytree(schema.MIGRATIONS, later)
    (later / "versions" / "9998_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision, down_revision = "9998", "{schema.HEAD}"\n'
        'def upgrade():\n    op.add_column("campaign", sa.Column("remark", sa.Text()))\n',
        "utf-8",
    )
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    monkeypatch.setattr(schema, "HEAD", "9998")
    open_ledger(f"sqlite:///{path}", calendar=CALENDAR).close()

    columns = {column["name"] for column in inspect(create_engine(f"sqlite:///{path}")).get_columns("campaign")}
    assert "remark" in columns
    assert sqlite3.connect(path).execute("SELECT version_num FROM alembic_version").fetchall() == [("9998",)]


def test_opening_an_up_to_date_ledger_neither_imports_alembic_nor_writes(path, ledger):
    before = path.read_bytes(), path.stat().st_mtime_ns
    program = (
        "import sys\n"
        "from phaseout.adapters.ledger import open_ledger\n"
        "from phaseout.domain.calendar import WorkCalendar\n"
        "open_ledger(sys.argv[1], calendar=WorkCalendar(years=frozenset(), working_days=()))\n"
        "print('alembic' in sys.modules)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{path}"], check=True, capture_output=True, text=True
    )

    assert result.stdout == "False\n"
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_ledger_of_a_newer_release_is_left_alone(path, ledger):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(LedgerFromElsewhen, match="9999"):
        open_ledger(f"sqlite:///{path}", calendar=CALENDAR)


def test_somebody_elses_database_is_left_alone(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE payroll (name TEXT)")

    with pytest.raises(NotALedger, match="payroll"):
        open_ledger(f"sqlite:///{path}", calendar=CALENDAR)
    assert set(schema_of(path)) == {("table", "payroll")}


def test_a_file_that_is_no_database_is_refused_by_name(path):
    path.write_text("not a database at all, but long enough to look at " * 20, "utf-8")

    with pytest.raises(NotALedger, match=r"ledger\.sqlite"):
        open_ledger(f"sqlite:///{path}", calendar=CALENDAR)


def test_a_database_without_a_driver_is_refused_with_the_package_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(DriverMissing, match="psycopg"):
        open_ledger("postgresql://ledger.example/phaseout", calendar=CALENDAR)


def test_the_folder_of_a_new_ledger_is_made(tmp_path):
    open_ledger(f"sqlite:///{tmp_path}/var/deep/ledger.sqlite", calendar=CALENDAR).close()

    assert (tmp_path / "var" / "deep" / "ledger.sqlite").is_file()


def test_the_ledger_is_readable_by_its_owner_only(path, ledger):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("journal_mode", "delete", id="no WAL: one cut short opens without an error, with rows missing"),
        pytest.param("synchronous", 3, id="EXTRA: the folder is synced after the journal is deleted"),
        pytest.param("foreign_keys", 1, id="no row without what it refers to"),
        pytest.param("busy_timeout", 30_000, id="a writer waits for another one"),
    ],
)
def test_every_connection_is_set_for_safety(path, ledger, pragma, value):
    with Database(f"sqlite:///{path}").reading() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_ledger_that_another_process_holds_too_long_is_a_passing_trouble(path, ledger, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    impatient = Database(f"sqlite:///{path}")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(LedgerUnavailable, match="locked"), impatient.writing():
        pass
    holder.close()


def test_only_the_table_of_contacts_and_the_letters_hold_addresses():
    # Whoever adds a column about people thinks of the rule first: people live in the archive and in contacts.
    named = {"name", "address", "phone", "mobile", "mailbox", "recipient", "copy_to", "sender"}
    found = {(table.name, column.name) for table in tables.metadata.sorted_tables for column in table.c}

    assert {(table, column) for table, column in found if column in named} - {("lease", "name")} == {
        ("contact", "name"),
        ("contact", "address"),
        ("contact", "phone"),
        ("letter", "recipient"),
        ("bounce", "recipient"),
        ("letter", "copy_to"),
        ("delivery", "sender"),
    }
