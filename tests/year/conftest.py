"""A whole year, replayed once by the command that a newcomer runs; every test of the folder looks at it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from phaseout.bootstrap import App
from phaseout.settings import Settings

PHASEOUT = str(Path(sys.executable).with_name("phaseout"))


@dataclass(frozen=True)
class Home:
    """A home with what a command said in it."""

    path: Path
    said: str = ""

    def run(self, *arguments, check=True):
        return subprocess.run(
            [PHASEOUT, *arguments], env=environment(self.path), capture_output=True, text=True, check=check
        )

    def sql(self, query):
        return json.loads(self.run("sql", query, "--json").stdout)

    def app(self):
        return App(Settings(home=self.path))


def environment(home):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PHASEOUT_", "PREFECT_"))}
    return inherited | {"PHASEOUT_HOME": str(home)}


def replayed(home, *arguments):
    done = subprocess.run(
        [PHASEOUT, "replay", "jiangsu-2022", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return Home(home, done.stdout)


@pytest.fixture(scope="session")
def year(tmp_path_factory):
    return replayed(tmp_path_factory.mktemp("year"), "--seed", "1")
