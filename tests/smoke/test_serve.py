"""`phaseout serve` as a person starts it: everything answers, and nothing outlives it."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from phaseout.cli.processes import free_port, program
from tests.filled_forms import CAMPAIGN
from tests.smoke.prefect_api import Api
from tests.waiting import wait_for

STARTED = "Ctrl-C stops all of it."
OF_THE_CAMPAIGN = {
    *("contact-list", "inventory", "summary", "monthly-progress", "closure", "final-list"),
    *("remind", "publish"),
}
STANDING = {"collect", "deliver", "release"}


def environment(home):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PHASEOUT_"))}
    return inherited | {"PHASEOUT_HOME": str(home)}


def phaseout(home, *arguments):
    return subprocess.run(
        [program("phaseout"), *arguments], env=environment(home), capture_output=True, text=True, check=False
    )


def living(home):
    """Return the processes that work for a home: those with its name in their environment."""
    mark = f"PHASEOUT_HOME={home}".encode()
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):  # it ended while we looked, or is not ours
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found[process.name] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


class Served:
    """A running `phaseout serve`, with what it says."""

    def __init__(self, home):
        self.home = home
        self.api = Api(f"http://127.0.0.1:{(port := free_port())}/api")
        self.board = f"http://127.0.0.1:{(board_port := free_port())}/"
        self._words = home / "serve.out"
        with self._words.open("w") as out:
            self.process = subprocess.Popen(
                [program("phaseout"), "serve", "--port", str(port), "--board-port", str(board_port)],
                env=environment(home) | {"PYTHONUNBUFFERED": "1"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def words(self):
        return self._words.read_text("utf-8")

    def wait_until_started(self):
        wait_for(lambda: STARTED in self.words or self.process.poll() is not None, seconds=180)
        assert self.process.poll() is None, self.words

    def end(self):
        """End it politely; whatever a defect leaves behind is ended too."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)
        for process in living(self.home):
            os.kill(int(process), signal.SIGKILL)


@pytest.fixture
def home(tmp_path):
    """A home with the campaign opened."""
    opened = phaseout(tmp_path, "campaign", "open", CAMPAIGN, "--as-of", "2022-05-20")
    assert opened.returncode == 0, opened.stderr
    return tmp_path


@pytest.fixture
def served(home):
    serving = Served(home)
    try:
        yield serving
    finally:
        serving.end()


@pytest.mark.slow
def test_it_serves_until_ctrl_c_and_then_all_of_it_stops(served, home):
    served.wait_until_started()

    assert served.api.is_healthy()
    assert set(served.api.deployments()) == OF_THE_CAMPAIGN | STANDING
    assert httpx.get(served.board).is_success
    assert f"open: {CAMPAIGN}" in served.words
    asked = {name for name, one in served.api.deployments().items() if served.api.runs(one) and name in OF_THE_CAMPAIGN}
    assert asked == OF_THE_CAMPAIGN
    wait_for(lambda: "工作看板" in httpx.get(served.board).text, seconds=180, every=1)  # a fresh run has published

    served.process.send_signal(signal.SIGINT)

    assert served.process.wait(timeout=30) == 0
    assert living(home) == {}
    assert not served.api.is_healthy()


@pytest.mark.slow
def test_nothing_of_it_outlives_a_kill(served, home):
    served.wait_until_started()
    assert len(living(home)) >= 4  # serve, server, worker, board

    served.process.kill()
    served.process.wait(timeout=10)

    wait_for(lambda: living(home) == {}, seconds=30)


@pytest.mark.slow
def test_one_home_is_served_once(served, home):
    wait_for(lambda: served.words, seconds=30)  # it has begun

    second = phaseout(home, "serve", "--port", str(free_port()), "--board-port", str(free_port()))

    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == f"phaseout: another `phaseout serve` or a replay is running in {home}\n"


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
