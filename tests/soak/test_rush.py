"""Two and four processes that remind and deliver at once; `python -m tests.soak.rush` does it for longer."""

import subprocess
import sys

import pytest

from phaseout.settings import PROJECT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rush")]


def test_processes_that_write_and_send_at_once_send_each_letter_once():
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.rush", "1"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [
        "round 0, 2 processes: nothing wrong",
        "round 0, 4 processes: nothing wrong",
    ]
