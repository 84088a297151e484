"""A real Prefect server with our deployments, and a real worker that does a run."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import yaml

from phaseout.bootstrap import open_app
from phaseout.cli.processes import free_port, prefect_environment, prefect_server, program, running
from phaseout.cli.serving import deploy
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterState
from phaseout.settings import PROJECT, Settings
from phaseout.usecases.open_campaign import open_campaign
from phaseout.usecases.remind import remind
from tests.filled_forms import CAMPAIGN, contact_form, put_into_inbox
from tests.smoke.prefect_api import Api
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

# Month, day and hour in UTC: nine o'clock in China.
DAYS = {
    "contact-list": {"05-20T01:00", "06-03T01:00", "06-04T01:00"},
    "inventory": {"06-06T01:00", "07-30T01:00", "07-31T01:00"},
    "summary": {"07-25T01:00", "08-12T01:00", "08-13T01:00"},
    "monthly-progress": {
        *("08-23T01:00", "09-23T01:00", "10-23T01:00", "11-23T01:00", "12-23T01:00"),
        *("08-30T01:00", "09-30T01:00", "10-30T01:00", "11-30T01:00", "12-30T01:00"),
        *("08-31T01:00", "10-01T01:00", "10-31T01:00", "12-01T01:00", "12-31T01:00"),
    },
    "closure": {"11-30T01:00", "12-01T01:00"},
    "final-list": {"12-01T01:00", "12-15T01:00", "12-16T01:00"},
}
A_YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An office's home with the campaign opened."""
    folder = tmp_path_factory.mktemp("home")
    with open_app(Settings(home=folder)) as app:
        open_campaign(
            CAMPAIGN,
            as_of=datetime(2022, 5, 20, 8, tzinfo=CHINA),
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
        )
    return folder


@pytest.fixture(scope="module")
def env(home):
    """The environment of a server that runs, with everything of prefect.yaml deployed."""
    env = prefect_environment(home, port=free_port())
    with prefect_server(env, log=home / "prefect" / "server.log"):
        deploy(env, project=PROJECT)
        yield env


@pytest.fixture(scope="module")
def api(env):
    return Api(env["PREFECT_API_URL"])


@contextmanager
def worker(env, home):
    command = [program("prefect"), "worker", "start", "--pool", "office", "--type", "process", "--limit", "2"]
    with running(command, env=env, log=home / "prefect" / "worker.log", cwd=PROJECT) as process:
        yield process


def is_idle(worker):
    """Say whether a worker has no run of its own in hand."""
    return not any(of_thread.read_text() for of_thread in Path(f"/proc/{worker.pid}/task").glob("*/children"))


def ended(api, run):
    """Return the state in which a run ended; nothing as long as it has not."""
    state = api.run(run["id"])["state"]
    return state if state["type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None


def instants(runs, *, until):
    times = [datetime.fromisoformat(run["expected_start_time"]).astimezone(UTC) for run in runs]
    return sorted(time.strftime("%m-%dT%H:%M") for time in times if time < until)


@pytest.mark.parametrize("name", DAYS)
def test_every_day_of_a_milestone_is_scheduled_a_year_ahead(api, name):
    deployment = api.deployments()[name]
    until = datetime.now(UTC) + A_YEAR  # noqa: TID251  the server's clock cannot be set

    wait_for(
        lambda: instants(api.runs(deployment, "SCHEDULED"), until=until) == sorted(DAYS[name]), seconds=90, every=1
    )


def test_everything_of_the_file_is_deployed(api):
    declared = yaml.safe_load((PROJECT / "prefect.yaml").read_text("utf-8"))["deployments"]

    found = {
        name: {(one["slug"], one["schedule"]["cron"], one["schedule"]["timezone"]) for one in deployment["schedules"]}
        for name, deployment in api.deployments().items()
    }

    assert found == {
        one["name"]: {(schedule["slug"], schedule["cron"], schedule["timezone"]) for schedule in one["schedules"]}
        for one in declared
    }
    assert all(one["work_pool_name"] == "office" for one in api.deployments().values())


def test_what_has_left_the_file_is_deleted_at_the_next_deploy(api, env):
    contact_list = api.deployments()["contact-list"]
    stale = {"name": "wall-chart", "flow_id": contact_list["flow_id"], "entrypoint": contact_list["entrypoint"]}
    api.post("deployments/", stale)
    last_year = {"slug": "contact-list-2021", "schedule": {"cron": "0 9 5 6 *", "timezone": "Asia/Shanghai"}}
    api.post(f"deployments/{contact_list['id']}/schedules", [last_year])
    assert {"wall-chart", "contact-list"} <= set(api.deployments())
    assert len(api.deployments()["contact-list"]["schedules"]) == 4

    deploy(env, project=PROJECT)

    assert "wall-chart" not in api.deployments()
    assert {schedule["slug"] for schedule in api.deployments()["contact-list"]["schedules"]} == {
        "contact-list-opens",
        "contact-list-due",
        "contact-list-after",
    }


def test_a_worker_collects_a_file_and_answers_it(api, env, home):
    put_into_inbox(home, contact_form(), name="苏州市工作联系人信息.xlsx")
    collect = api.deployments()["collect"]

    run = api.post(
        f"deployments/{collect['id']}/create_flow_run",
        {"parameters": {"as_of": "2022-06-01T10:00:00+08:00"}},
    )
    with worker(env, home):
        state = wait_for(lambda: ended(api, run), seconds=120)

    assert (state["type"], state["name"]) == ("COMPLETED", "收件 1")
    assert state["message"] == "报表审核通过 1 份，退回 0 份，无法识别 0 份"
    assert api.run(run["id"])["name"] == "收件与审核"
    (receipt,) = (home / "outgoing").glob("2022-06-01-*-320500-receipt.eml")
    message = message_from_bytes(receipt.read_bytes(), policy=policy.default)
    assert message["Subject"].startswith("【回执】")
    assert "苏州市工作联系人信息.xlsx" in message.get_body(("plain",)).get_content()


def test_a_draft_waits_in_a_suspended_run_until_a_person_releases_it(api, env, home):
    three_days_late = datetime(2022, 6, 8, 9, tzinfo=CHINA)
    with open_app(Settings(home=home)) as app:
        remind(
            CAMPAIGN,
            as_of=three_days_late,
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
            desk=app.desk(app.definitions.campaign(CAMPAIGN)),
            forms=app.form_files,
            pages=app.pages,
        )
        draft = app.ledger.letters(states={LetterState.DRAFT})[0].id
    release = api.deployments()["release"]

    run = api.post(f"deployments/{release['id']}/create_flow_run", {"parameters": {"letter": draft}})
    with worker(env, home) as working:
        wait_for(lambda: api.run(run["id"])["state"]["name"] == "Suspended", seconds=120)
        # A worker with a limit breaks when a run is resumed before its first process has ended; a person is slower.
        wait_for(lambda: is_idle(working), seconds=60)
        answer = {"release": True, "officer": "李示例", "reason": "同意"}
        told = api.post(f"flow_runs/{run['id']}/resume", {"run_input": answer})
        state = wait_for(lambda: ended(api, run), seconds=120)

    assert told["status"] == "ACCEPT"
    assert (state["type"], state["name"]) == ("COMPLETED", "已签发")
    with open_app(Settings(home=home)) as app:
        (record,) = [record for record in app.ledger.letters() if record.id == draft]
    assert record.letter.state in {LetterState.QUEUED, LetterState.SENDING, LetterState.SENT}  # with the next post
