"""A real Prefect server with our deployments, and a real worker that does a run."""

import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from deployments.fresh_runs import ask
from phaseout.bootstrap import open_app
from phaseout.cli.common import instant
from phaseout.cli.processes import free_port, prefect_environment, prefect_server, program, running
from phaseout.cli.service.crashed_runs import ask_again
from phaseout.cli.service.dead_runs import Sweep, clear_up, free_slots
from phaseout.cli.service.idle_runs import drop_idle
from phaseout.cli.service.prefect_api import PrefectApi, PrefectSilent
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


@pytest.fixture
def runs(api):
    """Make runs that stand in some state; the server forgets them in the end."""
    made = []

    def make(name, state, **parameters):
        deployment = api.deployments()[name]
        run = api.post(f"deployments/{deployment['id']}/create_flow_run", {"parameters": parameters})
        api.post(f"flow_runs/{run['id']}/set_state", {"state": {"type": state}, "force": True})
        made.append(run["id"])
        return api.run(run["id"])

    yield make
    for deployment in api.deployments().values():
        made += [run["id"] for run in api.runs(deployment) if not run["auto_scheduled"]]
    api.post("flow_runs/bulk_delete", {"flow_runs": {"id": {"any_": made}}})


@pytest.fixture
def prefect(env):
    return PrefectApi.of(env)


@pytest.mark.parametrize("state", ["RUNNING", "PENDING"])
def test_a_run_that_nobody_works_on_is_ended_once_two_looks_found_it_so(runs, prefect, api, home, state):
    run = runs("collect", state)
    sweep = Sweep(prefect, home)

    assert sweep.look(as_of=instant(None)) == 0
    assert api.run(run["id"])["state_type"] == state
    assert sweep.look(as_of=instant(None)) == 1

    ended_as = api.run(run["id"])["state"]
    assert (ended_as["type"], ended_as["name"]) == ("CRASHED", "Crashed")
    assert "由下一次运行继续办理" in ended_as["message"]


def test_the_run_of_a_draft_that_nobody_works_on_goes_back_into_the_queue(runs, prefect, api, home):
    run = runs("release", "RUNNING", letter=1)

    clear_up(prefect, home, as_of=instant(None))

    assert api.run(run["id"])["state_name"] == "AwaitingRetry"


def test_a_slot_that_nobody_holds_is_freed(prefect, api):
    limit = api.deployments()["collect"]["global_concurrency_limit"]["id"]
    prefect.post(f"v2/concurrency_limits/{limit}", {"active_slots": 1}, method="PATCH")

    assert free_slots(prefect) == 1

    assert prefect.get(f"v2/concurrency_limits/{limit}")["active_slots"] == 0


def test_the_work_of_a_run_that_crashed_is_asked_for_once_more(runs, prefect, api):
    crashed = runs("publish", "CRASHED")
    before = {run["id"] for run in api.runs(api.deployments()["publish"])}

    assert ask_again(prefect, as_of=instant(None)) == 1
    assert ask_again(prefect, as_of=instant(None)) == 0

    (asked,) = [run for run in api.runs(api.deployments()["publish"]) if run["id"] not in before]
    assert asked["parameters"] == crashed["parameters"]


def test_what_crashes_again_and_again_is_left_to_a_person(runs, prefect):
    for _ in range(4):
        runs("publish", "CRASHED")

    assert ask_again(prefect, as_of=instant(None)) == 0


def test_scheduled_runs_that_found_nothing_to_do_are_forgotten_after_two_days(prefect, api):
    deliver = api.deployments()["deliver"]
    idle = wait_for(lambda: [run for run in api.runs(deliver, "SCHEDULED") if run["auto_scheduled"]], seconds=60)[0]
    api.post(f"flow_runs/{idle['id']}/set_state", {"state": {"type": "COMPLETED"}, "force": True})

    assert drop_idle(prefect, as_of=instant(None) + timedelta(days=1), days=2) == 0
    assert drop_idle(prefect, as_of=instant(None) + timedelta(days=3), days=2) == 1

    assert idle["id"] not in {run["id"] for run in api.runs(deliver)}


def test_after_an_outage_one_run_of_each_flow_is_asked_for_and_what_units_wait_for_comes_first(api, env, runs):
    runs("inventory", "COMPLETED")
    runs("closure", "RUNNING")
    with temporary_settings({PREFECT_API_URL: env["PREFECT_API_URL"]}), get_client(sync_client=True) as client:
        asked = ask(client, [CAMPAIGN], as_of=instant(None))
        again = ask(client, [CAMPAIGN], as_of=instant(None))

    assert asked[:3] == ["collect", "remind", "deliver"]
    assert {"contact-list", "summary", "publish"} <= set(asked)
    # The one ended well within the hour, the other is at work; a release waits for a draft.
    assert {"inventory", "closure", "release"}.isdisjoint(asked)
    assert again == []


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


def test_a_run_that_is_cancelled_in_mid_work_loses_nothing_and_the_next_answers_once(api, env, home):
    # `python -m tests.soak.meddling` meddles at more moments.
    put_into_inbox(home, contact_form("320200"), unit_code="320200", name="无锡市工作联系人信息.xlsx")
    with open_app(Settings(home=home)) as app:
        app.warehouse.content_hash()  # there is a warehouse

    with worker(env, home):
        with closing(duckdb.connect(str(home / "warehouse.duckdb"))):  # nothing can be decided meanwhile
            run = start(api, "collect", as_of="2022-06-01T11:00:00+08:00")
            wait_for(lambda: waiting(home) == 1, seconds=120)
            api.cancel(run)
            state = wait_for(lambda: ended(api, run), seconds=120)
        assert (state["type"], waiting(home)) == ("CANCELLED", 1)
        later = start(api, "collect", as_of="2022-06-01T11:20:00+08:00")  # when the lease of the dead has lapsed
        state = wait_for(lambda: ended(api, later), seconds=120)

    assert (state["type"], waiting(home)) == ("COMPLETED", 0)
    assert len(list((home / "outgoing").glob("*-320200-receipt.eml"))) == 1


def start(api, name, *, as_of):
    deployment = api.deployments()[name]
    return api.post(f"deployments/{deployment['id']}/create_flow_run", {"parameters": {"as_of": as_of}})


def waiting(home):
    """Return how many deliveries nobody has decided on."""
    with open_app(Settings(home=home)) as app:
        return len(app.ledger.pending(limit=10))


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


def automations(env):
    """Apply the automations and return what was done."""
    command = [sys.executable, "-m", "deployments.automations"]
    done = subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [line for line in done.splitlines() if not line.startswith("left out")]


def beat(api, run, *, seconds_ago):
    """Let a run have given a sign of life."""
    occurred = datetime.now(UTC) - timedelta(seconds=seconds_ago)  # noqa: TID251  the server's clock cannot be set
    of_run = {"prefect.resource.id": f"prefect.flow-run.{run['id']}"}
    flow = {"prefect.resource.role": "flow", "prefect.resource.id": f"prefect.flow.{run['flow_id']}"}
    event = {"id": str(uuid4()), "occurred": occurred.isoformat(), "event": "prefect.flow-run.heartbeat"}
    name = {"prefect.resource.name": run["flow"]}
    api.post("events", [{**event, "resource": of_run, "related": [flow | name]}])


def test_automations_are_applied_once_and_end_a_run_whose_process_is_gone(api, env, prefect):
    trigger = {"type": "event", "posture": "Reactive", "expect": ["nothing"], "threshold": 1, "within": 0}
    api.post("automations/", {"name": "值守：去年的规则", "trigger": trigger, "actions": [{"type": "do-nothing"}]})
    deployments = api.deployments()
    at_work = {"state": {"type": "RUNNING", "name": "Running"}}
    gone, alive, waiting = (
        {**api.post("flow_runs/", {"flow_id": deployments[name]["flow_id"]} | at_work), "flow": name}
        for name in ("collect", "collect", "release")
    )
    assert automations(env) == ["deleted 值守：去年的规则"]
    ours = {one["name"]: one["id"] for one in api.post("automations/filter", {}) if one["name"].startswith("值守：")}
    assert sorted(ours) == ["值守：失联的运行", "值守：执行程序恢复后检查", "值守：过时的排期", "值守：运行失败后检查"]

    for run, ago in ((gone, 538), (alive, 538), (alive, 300), (waiting, 538), (alive, 0)):
        beat(api, run, seconds_ago=ago)

    def look_again():
        # A rule that was touched is looked at within seconds; else the server looks when nine minutes are over.
        with suppress(PrefectSilent):  # a busy database; it is asked again
            prefect.post(f"automations/{ours['值守：失联的运行']}", {"enabled": True}, method="PATCH")
        return ended(api, gone)

    state = wait_for(look_again, seconds=120, every=1)

    assert (state["type"], "失去联系" in state["message"]) == ("CRASHED", True)
    assert [ended(api, run) for run in (alive, waiting)] == [None, None]
