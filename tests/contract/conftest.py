"""The ledgers that the contract of the ledger is held by."""

import psycopg
import pytest
from psycopg import sql

from phaseout.adapters.ledger import open_ledger
from phaseout.adapters.ledger.tables import metadata
from phaseout.adapters.memory.ledger import MemoryLedger
from tests.ledger_samples import CALENDAR, CAMPAIGN, OPENED, owed

TABLES = metadata.sorted_tables[::-1]  # what refers goes before what is referred to

SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()"


class EmptiedLedger:
    """A ledger on PostgreSQL that each test finds as it was when it was new."""

    def __init__(self, url):
        self._url = url
        open_ledger(url, calendar=CALENDAR).close()
        self._line = psycopg.connect(url)  # one line for all tests: a new one would have to read the catalogue first
        sequences = [name for (name,) in self._line.execute(SEQUENCES).fetchall()]
        self._new = sql.SQL(";").join(
            [
                *(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)) for table in TABLES),
                *(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(name)) for name in sequences),
                sql.SQL("INSERT INTO revision (id, number) VALUES (1, 0)"),
            ]
        )

    def open(self):
        """Empty and open it: that takes a sixth of the time of a new one, or of one whose tables are truncated."""
        self._line.execute(self._new)
        self._line.commit()
        return open_ledger(self._url, calendar=CALENDAR)

    def close(self):
        """Let go of it."""
        self._line.close()


@pytest.fixture(scope="session")
def postgres_ledger(postgres):
    emptied = EmptiedLedger(postgres.new_database())
    yield emptied
    emptied.close()


def opened(request, tmp_path):
    """Open the ledger that a test's parameter names."""
    if request.param == "memory":
        return MemoryLedger(calendar=CALENDAR)
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_ledger").open()
    return open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite", calendar=CALENDAR)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def ledger(request, tmp_path):
    ledger = opened(request, tmp_path)
    yield ledger
    if request.param != "memory":
        ledger.close()


@pytest.fixture
def open_campaign(ledger):
    """A ledger in which 甲市 and 乙市 owe their summary of ferroalloy."""
    ledger.open_campaign(CAMPAIGN, [owed("jia"), owed("yi")], [], as_of=OPENED)
    return ledger
