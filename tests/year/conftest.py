"""A whole year, replayed once by the command that a newcomer runs; every test of the folder looks at it."""

import fcntl
import json
import os
import shutil
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
def year(tmp_path_factory, worker_id):
    """Return the year in a home of this process's own; the processes of one session replay it once between them."""
    if worker_id == "master":
        return replayed(tmp_path_factory.mktemp("year"), "--seed", "1")
    shared = tmp_path_factory.getbasetemp().parent / "year"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who comes second waits here
        said = shared / "said.txt"
        if not said.exists():
            said.write_text(replayed(shared / "home", "--seed", "1").said, "utf-8")
    own = tmp_path_factory.mktemp("year") / "home"
    shutil.copytree(shared / "home", own)
    return Home(own, said.read_text("utf-8"))
