"""A collect on a machine without the warehouse takes in, and asks the one that holds it to assess."""

from datetime import datetime

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId

from flows.collect import assess, collect
from phaseout.bootstrap import open_app
from phaseout.domain.calendar import CHINA
from tests.filled_forms import contact_form, put_into_inbox

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


@pytest.fixture
def deployed():
    """The deployment by which an assess is asked for; gone again for the tests that follow."""
    number = assess.to_deployment("assess").apply()
    yield number
    with get_client(sync_client=True) as client:
        client.delete_deployment(number)


@pytest.fixture
def beside(home, monkeypatch):
    """Let this process be a machine beside the one that holds the warehouse."""
    monkeypatch.setenv("PHASEOUT_LEDGER_URL", f"sqlite:///{home / 'ledger.sqlite'}")
    monkeypatch.setenv("PHASEOUT_LOCAL", str(home / "beside"))
    monkeypatch.setenv("PHASEOUT_HOLDS_WAREHOUSE", "false")
    return home


def at(hour):
    return datetime(2022, 6, 1, hour, tzinfo=CHINA)


def asked_for(deployment):
    with get_client(sync_client=True) as client:
        return client.read_flow_runs(deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])))


def test_it_asks_once_for_what_it_has_taken_in_and_the_other_machine_answers(beside, deployed, monkeypatch):
    put_into_inbox(beside, contact_form())

    state = collect(as_of=at(10), return_state=True)
    assert (state.name, state.message) == ("收件 1", "来件已登记入库，由存放数据仓库的计算机审核答复")
    assert collect(as_of=at(11), return_state=True).name == "收件 0"  # it still waits, and was asked for
    assert len(asked_for(deployed)) == 1
    assert not (beside / "warehouse.duckdb").exists()
    assert not (beside / "beside" / "warehouse.duckdb").exists()

    monkeypatch.setenv("PHASEOUT_HOLDS_WAREHOUSE", "true")
    state = assess(as_of=at(12), return_state=True)
    assert state.message == "报表审核通过 1 份，退回 0 份，无法识别 0 份"
    with open_app() as app:
        assert [record.letter.kind for record in app.ledger.letters()] == ["receipt"]
