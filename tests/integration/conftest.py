"""An open home and the commands called on it, as the tests of commands want them."""

import json
import shutil
import sys

import pytest

from phaseout.cli import main

CAMPAIGN = "jiangsu-2022"


def run(*arguments):
    """Run a command in this process and return how it ended; anything but an exit is a traceback."""
    sys.argv = ["phaseout", *map(str, arguments)]
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return a home in which the campaign is open."""
    home = tmp_path_factory.mktemp("opened") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHASEOUT_HOME", str(home))
        patch.setattr(sys, "argv", [])
        assert run("campaign", "open", CAMPAIGN, "--as-of", "2022-05-20") == 0
    return home


@pytest.fixture
def home(opened, tmp_path, monkeypatch):
    """Return an open home of the test's own."""
    shutil.copytree(opened, tmp_path / "home")
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def call(home, monkeypatch, capsys):
    """Return what runs a command and returns exit code, output and complaint."""
    monkeypatch.setattr(sys, "argv", [])  # put back when the test ends

    def run_and_read(*arguments):
        capsys.readouterr()
        code = run(*arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_and_read


@pytest.fixture
def rows_of(call):
    """Return what runs a command with --json and returns its list, which is flat."""

    def run_and_parse(*arguments):
        code, out, complaint = call(*arguments, "--json")
        assert (code, complaint) == (0, "")
        rows = json.loads(out)
        assert not any(isinstance(value, list | dict) for row in rows for value in row.values())
        return rows

    return run_and_parse
