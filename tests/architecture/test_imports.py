"""Who knows whom, and what a command does not load when it has no use for it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from phaseout.settings import PROJECT

HEAVY = {"prefect", "pandas", "great_expectations", "duckdb", "altair", "pyarrow"}
TELL = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
COMMAND = """
import sys
sys.argv = ["phaseout", *sys.argv[1:]]
from phaseout.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


def loaded_by(code, *arguments, home):
    """Run *code* in a fresh interpreter and return the packages that it loaded."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PHASEOUT_")}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{TELL}", *arguments],
        env=environment | {"PHASEOUT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_contracts_between_the_layers_hold():
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_imports_nothing_heavy(tmp_path):
    assert loaded_by("import phaseout.cli", home=tmp_path) & HEAVY == set()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["collect"], id="a collect with nothing to do"),
        pytest.param(["deliver"], id="a deliver with nothing to do"),
        pytest.param(["campaign", "list", "--json"], id="a look at the campaigns"),
        pytest.param(["campaign", "open", "jiangsu-2022", "--as-of", "2022-05-20"], id="the opening of a campaign"),
        pytest.param(["letters", "list", "--json"], id="a look at the letters"),
    ],
)
def test_a_command_loads_nothing_heavy_that_it_does_not_use(tmp_path, arguments):
    assert loaded_by(COMMAND, *arguments, home=tmp_path) & HEAVY == set()


def test_an_idle_flow_run_loads_nothing_heavy_but_prefect(tmp_path):
    assert loaded_by("import flows.collect, flows.deliver", home=tmp_path) & HEAVY == {"prefect"}


def test_an_idle_collect_leaves_no_warehouse_behind(tmp_path):
    loaded_by(COMMAND, "collect", home=tmp_path)

    assert not list(tmp_path.glob("*.duckdb"))
