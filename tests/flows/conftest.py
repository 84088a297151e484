"""A Prefect for the tests of flows, started once, and a home with the campaign opened."""

from datetime import datetime

import pytest
from prefect.settings import (
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_LOGGING_TO_API_ENABLED,
    PREFECT_SERVER_ANALYTICS_ENABLED,
    temporary_settings,
)
from prefect.testing.utilities import prefect_test_harness

from phaseout.bootstrap import open_app
from phaseout.domain.calendar import CHINA
from phaseout.usecases.open_campaign import open_campaign
from tests.filled_forms import CAMPAIGN
from tests.prefect_events import send_what_waits

QUIET = {
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # each flow run would wait a second
    PREFECT_LOGGING_TO_API_ENABLED: False,
    PREFECT_SERVER_ANALYTICS_ENABLED: False,
}


@pytest.fixture(scope="session")
def prefect_server():
    """Start the harness once; a test that runs a flow asks for it."""
    with temporary_settings(QUIET), prefect_test_harness(server_startup_timeout=60):
        yield
        send_what_waits()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An office's home on the campaign's first day, before anything was written or arrived."""
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path))
    with open_app() as app:
        open_campaign(
            CAMPAIGN,
            as_of=datetime(2022, 5, 20, 8, tzinfo=CHINA),
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
        )
    return tmp_path
