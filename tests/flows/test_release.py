"""A draft waits in a suspended run until a named person decides; the ledger keeps the decision."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow
from prefect.flow_runs import resume_flow_run
from prefect.states import Failed, Suspended

from flows.collect import collect
from flows.release import release
from flows.remind import remind
from phaseout.bootstrap import REPLAY_MARK, open_app
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.usecases import release as deciding
from phaseout.usecases.remind import remind as write_letters
from tests.filled_forms import CAMPAIGN, SUZHOU, contact_form, put_into_inbox

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]

THREE_DAYS_LATE = datetime(2022, 6, 8, 9, tzinfo=CHINA)


def deployment_of(client):
    flow = client.create_flow_from_name("release")
    return client.create_deployment(flow, name="release", entrypoint="flows/release.py:release")


class Run:
    """A run of the flow `release`, as a worker runs it: each time from the top, until it suspends."""

    def __init__(self, client, letter):
        self.client = client
        self.letter = letter
        run = client.create_flow_run_from_deployment(deployment_of(client), parameters={"letter": letter})
        self.id = run.id

    def work(self):
        with suppress(Pause):
            run_flow(release, flow_run=self.client.read_flow_run(self.id), parameters={"letter": self.letter})
        return self.state

    def resume(self, **answer):
        resume_flow_run(self.id, run_input=answer)

    @property
    def state(self):
        return self.client.read_flow_run(self.id).state.name


@pytest.fixture
def draft(home):
    """Suzhou's supervision letter, drafted three working days after the contact list was due."""
    with open_app() as app:
        write_letters(
            CAMPAIGN,
            as_of=THREE_DAYS_LATE,
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
            desk=app.desk(app.definitions.campaign(CAMPAIGN)),
            forms=app.form_files,
        )
        return next(
            record.id for record in app.ledger.letters(states={LetterState.DRAFT}) if record.letter.unit == SUZHOU
        )


@pytest.fixture
def run(draft):
    with get_client(sync_client=True) as client:
        yield Run(client, draft)


@pytest.fixture
def waiting(home):
    """A question to the server: which drafts have a run that waits, on a server with the flow deployed."""
    with get_client(sync_client=True) as client:
        deployment = deployment_of(client)
        yield lambda: {
            run.parameters["letter"]: run
            for run in client.read_flow_runs(
                deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
                flow_run_filter=FlowRunFilter(
                    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=["SCHEDULED", "PAUSED"]))
                ),
            )
        }
        client.delete_deployment(deployment)


def letter_of(number):
    with open_app() as app:
        return next(record.letter for record in app.ledger.letters() if record.id == number)


def state_of(number):
    return letter_of(number).state


def unit_of(number):
    return letter_of(number).unit


def test_a_draft_waits_until_it_is_released_and_then_goes_out(run, draft, home):
    assert run.work() == "Suspended"
    assert state_of(draft) is LetterState.DRAFT

    run.resume(release=True, officer="李示例", reason="同意")

    assert run.work() == "已签发"
    assert state_of(draft) is LetterState.SENT
    assert len(list((home / "outgoing").glob("*-320500-supervision.eml"))) == 1


def test_a_withheld_draft_stays_in(run, draft, home):
    run.work()
    run.resume(release=False, officer="李示例", reason="已电话沟通")

    assert run.work() == "不予签发"
    assert state_of(draft) is LetterState.WITHHELD
    assert not list((home / "outgoing").glob("*supervision*"))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="nothing filled in"),
        pytest.param({"release": True}, id="no name"),
        pytest.param({"release": True, "officer": ""}, id="an empty name"),
        pytest.param({"release": True, "officer": "  "}, id="a blank name"),
    ],
)
def test_nobody_decides_without_a_name(run, draft, answer):
    run.work()

    with pytest.raises(RuntimeError, match="Cannot resume this run"):
        run.resume(**answer)

    assert run.state == "Suspended"
    assert state_of(draft) is LetterState.DRAFT


def test_a_draft_whose_file_came_meanwhile_is_not_sent(run, draft, home):
    run.work()
    put_into_inbox(home, contact_form())
    collect(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))
    run.resume(release=True, officer="李示例", reason="同意")

    assert run.work() == "已另行办理"
    assert state_of(draft) is LetterState.WITHDRAWN
    assert not list((home / "outgoing").glob("*supervision*"))


def test_a_draft_that_was_decided_on_the_command_line_is_not_decided_again(run, draft):
    run.work()
    with open_app() as app:
        deciding.release(
            draft,
            release=False,
            by="王示例",
            reason="",
            as_of=datetime(2022, 6, 8, 16, tzinfo=UTC),
            ledger=app.ledger,
        )
    run.resume(release=True, officer="李示例", reason="同意")

    assert run.work() == "已另行办理"
    assert state_of(draft) is LetterState.WITHHELD


def drafts():
    with open_app() as app:
        return {record.id for record in app.ledger.letters(states={LetterState.DRAFT})}


def test_every_draft_gets_one_run_that_waits(waiting):
    remind(as_of=THREE_DAYS_LATE)

    assert len(drafts()) == 13
    assert waiting().keys() == drafts()

    ids = {run.id for run in waiting().values()}
    remind(as_of=THREE_DAYS_LATE)
    assert {run.id for run in waiting().values()} == ids


def test_a_draft_whose_run_failed_gets_another(waiting):
    remind(as_of=THREE_DAYS_LATE)
    letter, failed = min(waiting().items())
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(failed.id, Failed(message="the power went"), force=True)
    assert letter not in waiting()

    remind(as_of=THREE_DAYS_LATE)

    assert waiting()[letter].id != failed.id


def test_the_run_of_a_draft_that_waits_no_more_is_ended(waiting, home):
    remind(as_of=THREE_DAYS_LATE)
    suzhou = next(letter for letter in drafts() if unit_of(letter) == SUZHOU)
    suspended = waiting()[suzhou]
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(suspended.id, Suspended(), force=True)
    put_into_inbox(home, contact_form())

    remind(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))

    assert suzhou not in waiting()
    with get_client(sync_client=True) as client:
        assert client.read_flow_run(suspended.id).state.name == "已另行办理"


def test_in_a_replay_no_run_waits_for_a_person(waiting, home):
    (home / REPLAY_MARK).touch()

    remind(as_of=THREE_DAYS_LATE)

    assert len(drafts()) == 13
    assert waiting() == {}
