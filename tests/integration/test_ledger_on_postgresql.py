"""What the ledger promises on a PostgreSQL server, below its contract; everything written is invented."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select, update
from sqlalchemy.exc import InternalError

from phaseout.adapters.intake.archives import LONGEST_FOLDER
from phaseout.adapters.ledger import engine, open_ledger, schema, tables
from phaseout.adapters.ledger.engine import Database, LedgerUnavailable, NotALedger
from phaseout.adapters.ledger.schema import LedgerFromElsewhen
from phaseout.domain.evidence import Evidence, Picture
from phaseout.domain.submission import FileKind, Outcome
from tests.ledger_samples import CALENDAR, CAMPAIGN, MORNING, NEXT_MORNING, OPENED, arrived, assessment, letter, owed
from tests.postgres_server import PostgresServer
from tests.waiting import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def ledger(url):
    opened = open_ledger(url, calendar=CALENDAR)
    yield opened
    opened.close()


def name_of(url):
    return url.rpartition("/")[2]


def migrated(postgres, *, upto="head"):
    """Run every migration from the empty database on, and return its address."""
    url = postgres.new_database()
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with create_engine(url.replace("://", "+psycopg://")).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, upto)
    return url


def schema_of(postgres, url):
    """Return each statement that makes the tables; the order of columns within one means nothing."""
    said = postgres.run("pg_dump", "--schema-only", "--no-owner", url).stdout
    statements = re.split(r";\n", re.sub(r"^(--.*|\\.*)$", "", said, flags=re.MULTILINE))
    return sorted(tuple(sorted(re.split(r",?\n\s*", statement.strip()))) for statement in statements)


def contents_of(postgres, url):
    said = postgres.run("pg_dump", "--data-only", "--inserts", "--no-owner", url).stdout
    return [line for line in said.splitlines() if line.startswith(("INSERT", "SELECT pg_catalog.setval"))]


# Tables


def test_the_migrations_lead_to_the_tables_that_the_code_uses(postgres):
    with create_engine(migrated(postgres).replace("://", "+psycopg://")).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_a_new_ledger_is_the_same_as_a_migrated_one(postgres, url, ledger):
    assert schema_of(postgres, url) == schema_of(postgres, migrated(postgres))


def test_a_ledger_of_an_older_release_is_migrated_when_it_is_opened(postgres, url, ledger):
    older = migrated(postgres, upto="0007")
    with postgres.connect(name_of(older)) as line:
        line.execute("INSERT INTO revision (id, number) VALUES (1, 7) ON CONFLICT (id) DO UPDATE SET number = 7")

    reopened = open_ledger(older, calendar=CALENDAR)
    assert reopened.revision() == 7
    assert schema_of(postgres, older) == schema_of(postgres, url)
    reopened.close()


def test_a_ledger_of_a_newer_release_is_left_alone(postgres, url, ledger):
    with postgres.connect(name_of(url)) as line:
        line.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(LedgerFromElsewhen, match="9999"):
        open_ledger(url, calendar=CALENDAR)


def test_somebody_elses_database_is_left_alone(postgres, url):
    with postgres.connect(name_of(url)) as line:
        line.execute("CREATE TABLE payroll (name TEXT)")

    with pytest.raises(NotALedger, match="payroll"):
        open_ledger(url, calendar=CALENDAR)
    assert len([one for one in schema_of(postgres, url) if one[0].startswith("CREATE TABLE")]) == 0
    assert "payroll" in postgres.run("pg_dump", url).stdout


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_chinese_is_refused_before_anything_is_in_it(postgres, encoding):
    with postgres.connect("postgres") as line:
        line.execute(
            f"CREATE DATABASE narrow_{encoding} TEMPLATE template0 ENCODING '{encoding}' "
            "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
        )

    with pytest.raises(NotALedger, match="UTF8"):
        open_ledger(postgres.url(f"narrow_{encoding}".lower()), calendar=CALENDAR)


# Transactions


def wait_for_a_waiting_writer(postgres, url):
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with postgres.connect(name_of(url)) as line:
        wait_for(lambda: line.execute(waiting).fetchone() == (1,), every=0.01)


def test_a_reader_sees_the_ledger_as_it_was_at_one_instant(url, ledger):
    number = select(tables.revision.c.number)
    with Database(url).reading() as connection:
        before = connection.scalar(number)
        ledger.queue([letter("meanwhile")])

        assert connection.scalar(number) == before
        assert connection.execute(select(tables.letter)).all() == []
    assert ledger.revision() == before + 1


def test_a_reader_cannot_write(url, ledger):
    with pytest.raises(InternalError, match="read-only"), Database(url).reading() as connection:
        connection.execute(update(tables.revision).values(number=9))
    assert ledger.revision() == 0


@pytest.mark.parametrize("usual", ["read committed", "repeatable read", "serializable"])
def test_a_writer_sees_what_the_writer_before_it_left_whatever_the_servers_usual_isolation_is(postgres, url, usual):
    with postgres.connect(name_of(url)) as line:
        line.execute(f"ALTER DATABASE {name_of(url)} SET default_transaction_isolation = '{usual}'")
    ledger = open_ledger(url, calendar=CALENDAR)
    with ThreadPoolExecutor(1) as threads:
        with Database(url).writing(is_counted=False) as first:
            second = threads.submit(ledger.queue, [letter("reminder")])
            wait_for_a_waiting_writer(postgres, url)
            first.run(update(tables.revision).values(number=41))
        assert second.result(30) == 1

    assert ledger.revision() == 42
    ledger.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        pytest.param("synchronous_commit", "on", id="what is committed stays, even on a server that is in a hurry"),
        pytest.param("lock_timeout", "30s", id="a writer waits for another one"),
        pytest.param("idle_in_transaction_session_timeout", "1min", id="but not for one that has fallen silent"),
        pytest.param("client_encoding", "UTF8", id="Chinese comes back as it went"),
        pytest.param("TimeZone", "UTC", id="every instant can be read"),
    ],
)
def test_every_connection_is_set_for_safety(url, setting, value):
    with Database(url).reading() as connection:
        assert connection.exec_driver_sql(f"SHOW {setting}").scalar() == value


def test_a_ledger_that_another_process_holds_too_long_is_a_passing_trouble(url, ledger, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    impatient = Database(url)

    with (
        Database(url).writing(),
        pytest.raises(LedgerUnavailable, match="lock timeout"),
        impatient.writing(),
    ):
        pass


def test_a_writer_that_falls_silent_is_cut_off_and_what_it_wrote_is_undone(url, ledger, monkeypatch):
    monkeypatch.setattr(engine, "SILENT_WRITER_MS", 50)
    silent = Database(url).writing()
    silent.__enter__().run(update(tables.revision).values(number=9))
    ledger.queue([letter("from another machine")])  # waits until the silent one is gone

    with pytest.raises(LedgerUnavailable, match="idle-in-transaction"):
        silent.__exit__(None, None, None)
    assert ledger.revision() == 1


def test_a_server_that_was_started_anew_is_found_again(postgres):
    with PostgresServer(postgres.folder) as server:  # one of its own: other tests keep lines to theirs
        ledger = open_ledger(server.new_database(), calendar=CALENDAR)
        server.stop()
        server.start()
        assert ledger.queue([letter("at once")]) == 1

        server.stop()
        with pytest.raises(LedgerUnavailable):
            ledger.revision()
        server.start()
        assert ledger.revision() == 1
        ledger.close()


def test_a_server_that_is_not_there_is_a_passing_trouble(postgres, monkeypatch):
    url = postgres.url("ledger")
    with pytest.raises(LedgerUnavailable):
        open_ledger(url.replace(str(postgres.port), "1"), calendar=CALENDAR)


def test_the_password_stands_in_no_message(postgres):
    url = postgres.url("nobodys").replace("office@", "office:secret-of-the-office@")

    with pytest.raises(LedgerUnavailable) as raised:
        open_ledger(url, calendar=CALENDAR)
    assert "secret-of-the-office" not in f"{raised.value} {Database(url).name}"


# Strangers' words


def test_a_strangers_nul_stops_nobodys_mail(ledger):
    ledger.record_deliveries([arrived("first")])
    said = assessment(
        outcomes={"delivery-first": (Outcome.IGNORED, "不含\0报表")},
        senders={"delivery-first": ("zhang@jia.example", "报送\0汇总表", "jia")},
        message_ids={"delivery-first": "<a\0b@jia.example>"},
    )
    ledger.record(said)
    before = ledger.revision()
    ledger.record(said)

    (record,) = ledger.deliveries()
    assert record.subject == "报送\ufffd汇总表"
    assert [one.delivery for one in ledger.with_message_ids(["<a\0b@jia.example>"])] == ["delivery-first"]
    assert ledger.revision() == before


def test_a_picture_in_deep_folders_of_long_names_is_recorded_once(ledger):
    # An index holds less of what cannot be packed: no sign of these follows another twice.
    signs = [chr(0x20000 + number * 7919 % 40_000) for number in range(LONGEST_FOLDER + 160)]
    folder, name = "".join(signs[:LONGEST_FOLDER]), "".join(signs[LONGEST_FOLDER:])
    ledger.record_deliveries([arrived("first")])
    picture = Evidence("delivery-first", CAMPAIGN.id, "jia", f"{folder}/{name}", "f" * 64, FileKind.PICTURE, 9, MORNING)
    said = replace(assessment(), evidence=[picture])
    ledger.record(said)
    ledger.record(said)

    assert ledger.evidence() == [picture]


@pytest.mark.parametrize(
    "instant",
    [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)],
    ids=["first", "last"],
)
def test_the_first_and_the_last_instant_are_read_wherever_the_server_stands(postgres, url, instant):
    with postgres.connect(name_of(url)) as line:
        line.execute(f"ALTER DATABASE {name_of(url)} SET timezone = 'Asia/Shanghai'")
    ledger = open_ledger(url, calendar=CALENDAR)
    ledger.record_deliveries([arrived("first")])
    shot = Picture(captured_at=instant)
    picture = Evidence("delivery-first", CAMPAIGN.id, "jia", "1.jpg", "f" * 64, FileKind.PICTURE, 9, MORNING, shot)
    ledger.record(replace(assessment(), evidence=[picture]))

    assert ledger.evidence() == [picture]
    ledger.close()


# Keeping it


def test_a_dump_restored_into_an_empty_database_is_the_same_ledger(postgres, url, ledger, tmp_path):
    ledger.open_campaign(CAMPAIGN, [owed("jia"), owed("yi")], [], as_of=OPENED)
    ledger.queue([letter("reminder")])
    again, file = postgres.new_database(), tmp_path / "ledger.dump"
    postgres.run("pg_dump", "--format=custom", f"--file={file}", url)
    postgres.run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={again}", str(file))

    assert contents_of(postgres, again) == contents_of(postgres, url)
    restored = open_ledger(again, calendar=CALENDAR)
    assert restored.queue([letter("the next")]) == 1  # with a number of its own
    assert [record.letter.key for record in restored.claim(as_of=NEXT_MORNING, limit=9)] == ["reminder", "the next"]
    restored.close()
