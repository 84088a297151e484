"""The ledgers that the contract of the ledger is held by."""

import os

import pytest

from phaseout.adapters.ledger import open_ledger
from phaseout.adapters.ledger.engine import Database
from phaseout.adapters.ledger.schema import version_table
from phaseout.adapters.ledger.tables import metadata
from phaseout.adapters.memory.ledger import MemoryLedger
from tests.ledger_samples import CALENDAR, CAMPAIGN, OPENED, owed

# A PostgreSQL database that may be emptied, if there is one.
POSTGRESQL_URL = os.environ.get("PHASEOUT_TEST_POSTGRESQL_URL")


@pytest.fixture(params=["memory", "sqlite", *(["postgresql"] if POSTGRESQL_URL else [])])
def ledger(request, tmp_path):
    if request.param == "memory":
        yield MemoryLedger(calendar=CALENDAR)
        return
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    if request.param == "postgresql":
        url = POSTGRESQL_URL
        with Database(url).writing(is_counted=False) as writer:
            metadata.drop_all(writer.connection)
            version_table.drop(writer.connection, checkfirst=True)
    opened = open_ledger(url, calendar=CALENDAR)
    yield opened
    opened.close()


@pytest.fixture
def open_campaign(ledger):
    """A ledger in which 甲市 and 乙市 owe their summary of ferroalloy."""
    ledger.open_campaign(CAMPAIGN, [owed("jia"), owed("yi")], [], as_of=OPENED)
    return ledger
