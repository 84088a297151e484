"""A replay that is killed at any moment leaves a home in which the same command ends with the same result."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.year.conftest import PHASEOUT, environment, replayed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("killed")]

# Long enough for requests, mails, receipts and reminders.
UNTIL = ("--until", "2022-06-07")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    home = replayed(tmp_path_factory.mktemp("undisturbed"), *UNTIL)
    return home.run("rebuild", "--verify", "--as-of", "2022-06-07T23:50").stdout


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("outgoing/*.eml", id="while requests go out"),
        pytest.param("mailbox/new/*", id="while mail comes in"),
    ],
)
def test_a_killed_replay_starts_again_and_ends_with_the_same_result(moment, undisturbed, tmp_path):
    process = subprocess.Popen(
        [PHASEOUT, "replay", "jiangsu-2022", *UNTIL],
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: any(tmp_path.glob(moment)), process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    again = replayed(tmp_path, *UNTIL)

    assert again.run("rebuild", "--verify", "--as-of", "2022-06-07T23:50").stdout == undisturbed
    wait_for(lambda: not left_over(tmp_path), None)


def wait_for(question, process):
    end = time.monotonic() + 120
    while not question():
        assert process is None or process.poll() is None, "the replay ended before the moment came"
        assert time.monotonic() < end, "not within two minutes"
        time.sleep(0.02)


def left_over(home):
    """Return the processes that still work in a home."""
    mark = f"PHASEOUT_HOME={home}".encode()
    return [path for path in Path("/proc").glob("[0-9]*/environ") if mark in _variables(path)]


def _variables(path):
    try:
        return path.read_bytes().split(b"\0")
    except OSError:  # it ended while we looked, or is not ours to read
        return []
