"""A draft waits in a suspended run until a named person decides; the ledger keeps the decision."""

import sqlite3
from contextlib import closing
from datetime import datetime
from email import message_from_bytes, policy

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.exceptions import NotPausedError
from prefect.states import AwaitingRetry, Cancelled, Failed, Suspended

from flows.collect import collect
from flows.deliver import deliver
from flows.remind import remind
from phaseout.bootstrap import REPLAY_MARK, open_app
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.usecases import release as deciding
from phaseout.usecases.remind import remind as write_letters
from tests.filled_forms import CAMPAIGN, SUZHOU, contact_form, put_into_inbox
from tests.release_runs import Run, deployment_of

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]

THREE_DAYS_LATE = datetime(2022, 6, 8, 9, tzinfo=CHINA)


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
            pages=app.pages,
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


def test_a_draft_waits_until_it_is_released_and_leaves_with_the_next_post(run, draft, home):
    assert run.work() == "Suspended"
    assert state_of(draft) is LetterState.DRAFT

    run.resume(release=True, officer="李示例", reason="同意")

    assert run.work() == "已签发"
    assert state_of(draft) is LetterState.QUEUED
    deliver(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))
    assert state_of(draft) is LetterState.SENT
    assert len(list((home / "outgoing").glob("*-320500-supervision.eml"))) == 1


def test_the_run_is_called_by_unit_kind_and_number(run, draft):
    run.work()

    assert run.name == f"签发-苏州市督办函（函件编号{draft}）"


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


def settle_elsewhere(home, draft, how):
    """Withhold a draft as the command line does, or let its file arrive."""
    if how == "decided":
        with open_app() as app:
            deciding.release(
                draft,
                release=False,
                by="王示例",
                reason="",
                as_of=datetime(2022, 6, 8, 14, tzinfo=CHINA),
                ledger=app.ledger,
            )
    else:
        put_into_inbox(home, contact_form())


@pytest.mark.parametrize(
    ("how", "flow"),
    [
        pytest.param("decided", collect, id="decided on the command line, seen by an idle collect"),
        pytest.param("decided", deliver, id="decided on the command line, seen by deliver"),
        pytest.param("filed", collect, id="filed, seen by the collect that takes the file in"),
    ],
)
def test_a_draft_settled_elsewhere_ends_its_run_with_the_next_pass(run, draft, home, how, flow):
    run.work()
    settle_elsewhere(home, draft, how)

    flow(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))

    assert run.state == "已另行办理"
    with pytest.raises(NotPausedError):
        run.resume(release=True, officer="李示例", reason="同意")


@pytest.mark.parametrize(
    ("how", "left"), [("decided", LetterState.WITHHELD), ("filed", LetterState.WITHDRAWN)], ids=["decided", "filed"]
)
def test_a_draft_settled_before_the_resume_is_not_decided_again(run, draft, home, how, left):
    run.work()
    run.resume(release=True, officer="李示例", reason="同意")
    settle_elsewhere(home, draft, how)
    collect(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))

    assert run.work() == "已另行办理"
    assert state_of(draft) is left
    assert not list((home / "outgoing").glob("*supervision*"))


def test_a_draft_that_waits_keeps_its_run(run, draft):
    run.work()

    collect(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))
    deliver(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))

    assert run.state == "Suspended"


def test_a_draft_written_anew_is_not_released_by_the_run_of_the_old_one(run, draft, home):
    old = letter_of(draft)
    run.work()
    run.resume(release=True, officer="李示例", reason="同意")
    put_into_inbox(home, contact_form())
    collect(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))
    with open_app() as app:
        app.ledger.queue([old])
    (new,) = (number for number in drafts() if unit_of(number) == SUZHOU)
    assert new != draft

    assert run.work() == "已另行办理"
    assert state_of(new) is LetterState.DRAFT


def test_only_the_text_that_was_shown_is_released(run, draft, home):
    run.work()
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger, ledger:
        ledger.execute(
            "UPDATE letter SET raw_sha256 = (SELECT min(raw_sha256) FROM letter WHERE id != ?) WHERE id = ?",
            [draft, draft],
        )
    run.resume(release=True, officer="李示例", reason="同意")

    assert run.work() == "已另行办理"
    assert state_of(draft) is LetterState.DRAFT


def test_the_form_shows_the_letter_and_why_it_was_drafted(run, draft):
    run.work()

    shown = run.form.replace("\\", "")
    assert f"## 待签发：苏州市督办函（函件编号{draft}）" in shown
    assert "### 拟发事由" in shown
    assert "《工作联系人信息》：截止日期2022年6月3日" in shown
    assert "### 函件全文" in shown
    assert "根据《关于组织开展2022年重点行业落后生产工艺装备排查和淘汰工作的通知》要求" in shown


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


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(
            lambda client, run: client.set_flow_run_state(run, Failed(message="the power went"), force=True),
            id="failed",
        ),
        pytest.param(lambda client, run: client.set_flow_run_state(run, Cancelled(), force=True), id="cancelled"),
        pytest.param(lambda client, run: client.delete_flow_run(run), id="deleted"),
    ],
)
def test_a_draft_whose_run_is_no_more_gets_another(waiting, ends):
    remind(as_of=THREE_DAYS_LATE)
    letter, gone = min(waiting().items())
    with get_client(sync_client=True) as client:
        ends(client, gone.id)
    assert letter not in waiting()

    remind(as_of=THREE_DAYS_LATE)

    assert waiting()[letter].id != gone.id
    assert len(drafts()) == 13


def test_a_decided_run_that_is_run_again_decides_and_sends_nothing(run, draft, home):
    run.work()
    run.resume(release=True, officer="李示例", reason="同意")
    assert run.work() == "已签发"
    deliver(as_of=datetime(2022, 6, 8, 15, tzinfo=CHINA))

    run.client.set_flow_run_state(run.id, AwaitingRetry(), force=True)

    assert run.work() == "已另行办理"
    deliver(as_of=datetime(2022, 6, 8, 15, 5, tzinfo=CHINA))
    assert state_of(draft) is LetterState.SENT
    assert len(list((home / "outgoing").glob("*-320500-supervision.eml"))) == 1


def test_a_draft_of_which_no_run_was_answered_in_time_is_asked_for_again(waiting, home):
    remind(as_of=THREE_DAYS_LATE)
    letter, expired = min(waiting().items())
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(expired.id, Failed(message="The flow was paused and never resumed."), force=True)

    remind(as_of=datetime(2022, 6, 9, 9, tzinfo=CHINA))

    assert state_of(letter) is LetterState.DRAFT
    assert waiting()[letter].id != expired.id


@pytest.mark.parametrize(
    ("settle", "instant", "state"),
    [
        pytest.param(
            lambda home: put_into_inbox(home, contact_form()),
            datetime(2022, 6, 8, 15, tzinfo=CHINA),
            "已另行办理",
            id="filed",
        ),
        pytest.param(lambda _: None, datetime(2023, 1, 16, 9, tzinfo=CHINA), "已过报送期", id="closed"),
    ],
)
def test_the_run_of_a_draft_that_waits_no_more_is_ended(waiting, home, settle, instant, state):
    remind(as_of=THREE_DAYS_LATE)
    suzhou = next(letter for letter in drafts() if unit_of(letter) == SUZHOU)
    suspended = waiting()[suzhou]
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(suspended.id, Suspended(), force=True)
    settle(home)

    remind(as_of=instant)

    assert suzhou not in waiting()
    with get_client(sync_client=True) as client:
        assert client.read_flow_run(suspended.id).state.name == state


def test_the_office_is_reminded_of_drafts_that_wait(waiting, home):
    remind(as_of=THREE_DAYS_LATE)

    remind(as_of=datetime(2022, 6, 9, 9, tzinfo=CHINA))

    (reminder,) = (home / "outgoing").glob("2022-06-09-*signing.eml")
    assert "提请签发" in message_from_bytes(reminder.read_bytes(), policy=policy.default)["Subject"]


def test_in_a_replay_no_run_waits_for_a_person(waiting, home):
    (home / REPLAY_MARK).touch()

    remind(as_of=THREE_DAYS_LATE)

    assert len(drafts()) == 13
    assert waiting() == {}
    remind(as_of=datetime(2022, 6, 9, 9, tzinfo=CHINA))
    assert not list((home / "outgoing").glob("*signing*"))
