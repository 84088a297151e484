"""`phaseout serve` as a person starts it: everything answers, what dies comes back, and nothing outlives it."""

import signal
import socket
import stat

import httpx
import pytest

from phaseout.cli.processes import free_port
from tests.smoke.served import Served, living, phaseout
from tests.waiting import wait_for

MILESTONES = {"contact-list", "inventory", "summary", "monthly-progress", "closure", "final-list"}
OF_THE_CAMPAIGN = MILESTONES | {"remind", "publish"}
STANDING = {"collect", "deliver"}
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home in which no campaign is open: what its service does costs least."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def served(home):
    """One service for most of this file; the last test about it ends it."""
    serving = Served(home)
    try:
        serving.wait_until_started()
        yield serving
    finally:
        serving.end()


@pytest.fixture
def short(tmp_path):
    """A service of a home of its own, of which a test wants little."""
    begun = []

    def serve(*arguments):
        begun.append(Served(tmp_path, *arguments))
        return begun[-1]

    yield serve
    for serving in begun:
        serving.end()


@pytest.mark.slow
def test_everything_is_deployed_and_one_run_of_what_is_open_is_asked_for(served):
    deployments = served.api.deployments()
    asked = {
        name for name, one in deployments.items() if any(not run["auto_scheduled"] for run in served.api.runs(one))
    }

    assert set(deployments) >= OF_THE_CAMPAIGN | STANDING | {"release"}
    assert "no campaign is open yet" in served.words
    assert asked >= STANDING
    assert asked.isdisjoint(OF_THE_CAMPAIGN)


@pytest.mark.slow
def test_the_server_asks_for_the_auth_string_which_only_the_office_can_read(served, home):
    assert httpx.get(f"{served.api_url}/work_pools/office").status_code == httpx.codes.UNAUTHORIZED
    assert served.api.get("work_pools/office")["name"] == "office"
    assert stat.S_IMODE((home / "prefect-auth").stat().st_mode) == 0o600
    assert f"name and password: in {home / 'prefect-auth'}" in served.words


@pytest.mark.slow
def test_a_page_of_another_site_can_change_nothing(served, home):
    auth = tuple((home / "prefect-auth").read_text("ascii").strip().split(":"))

    forged = httpx.post(f"{served.api_url}/flow_runs/filter", json={}, auth=auth)
    other = httpx.get(f"{served.api_url}/health", headers={"Origin": "http://elsewhere.example"})

    assert forged.status_code == httpx.codes.FORBIDDEN
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.slow
def test_one_home_is_served_once(served, home):
    second = phaseout(home, "serve", "--port", str(free_port()), "--board-port", str(free_port()))

    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == f"phaseout: another `phaseout serve` or a replay is running in {home}\n"


@pytest.mark.slow
def test_a_killed_worker_comes_back_and_the_slots_of_its_runs_are_free(served):
    at_work = {"flow_runs": {"state": {"type": {"any_": ["RUNNING"]}}}, "limit": 1}
    served.api.post(f"deployments/{served.api.deployments()['collect']['id']}/create_flow_run", {})
    (run,) = wait_for(lambda: served.api.post("flow_runs/filter", at_work), seconds=60, every=0.1)

    served.kill("worker start")

    served.wait_for_words("worker is up again")
    assert served.api.run(run["id"])["state_type"] in ENDED
    of_the_same = {"id": run["deployment_id"]}
    wait_for(lambda: not served.api.runs(of_the_same, "PENDING", "RUNNING"), seconds=120, every=0.5)
    again = served.api.post(f"deployments/{run['deployment_id']}/create_flow_run", {})
    wait_for(lambda: served.api.run(again["id"])["state_type"] in ENDED, seconds=120, every=0.5)
    assert served.api.run(again["id"])["state_type"] == "COMPLETED"  # without a slot it would be CANCELLED


@pytest.mark.slow
def test_ctrl_c_stops_all_of_it(served, home):
    served.process.send_signal(signal.SIGINT)

    assert served.process.wait(timeout=60) == 0
    assert living(home) == {}


@pytest.mark.slow
def test_nothing_of_it_outlives_a_kill(short, tmp_path):
    serving = short()
    serving.wait_for_words("server is up")

    serving.process.kill()
    serving.process.wait(timeout=10)

    wait_for(lambda: living(tmp_path) == {}, seconds=30)


def test_a_part_can_be_served_alone(short, tmp_path):
    serving = short("--only", "board")
    serving.wait_until_started()

    nothing_yet = httpx.get(serving.board)
    whole = phaseout(tmp_path, "serve", "--port", str(free_port()), "--board-port", str(free_port()))
    serving.process.terminate()

    assert (nothing_yet.status_code, "看板尚未发布" in nothing_yet.text) == (404, True)
    assert "running in" in whole.stderr
    assert serving.process.wait(timeout=30) == 0
    assert "worker" not in serving.words


@pytest.mark.parametrize("option", ["--port", "--board-port"])
def test_a_port_that_is_taken_is_refused_in_one_line(tmp_path, option):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        ports = {"--port": free_port(), "--board-port": free_port(), option: taken}

        refused = phaseout(tmp_path, "serve", *[str(word) for pair in ports.items() for word in pair])

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"phaseout: 127.0.0.1:{taken} is taken by another program; choose another port with {option}\n"
    )
    assert living(tmp_path) == {}
