"""Passes that are killed at every named point, once each; `python -m tests.soak.kills` does it for longer."""

import subprocess
import sys

import pytest

from phaseout.settings import PROJECT
from tests.soak.kill_points import POINTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]


def test_a_pass_that_is_killed_loses_nothing_and_the_next_does_nothing_twice():
    # In a process without pytest's threads: it forks.
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.kills", "1"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"{point:52}    1 kills" in done.stdout for point in POINTS)
    assert "wrong: 0" in done.stdout
