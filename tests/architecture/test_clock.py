"""Time is an argument (as_of): two lines of all our Python ask what time it is."""

import ast
import re

import pytest

from phaseout.settings import PROJECT

PACKAGES = ("src", "flows", "tasks", "deployments", "tools")
# The measuring clocks (monotonic, perf_counter) are free: they say how long, not when.
OF_MODULE_TIME = {"time", "time_ns", "localtime", "gmtime"}
ASKS = {owner: {"now", "utcnow", "today"} for owner in ("datetime", "date", "dt")} | {"time": OF_MODULE_TIME}
THE_TWO = ["flows/__init__.py", "src/phaseout/cli/common.py"]


def asks_the_clock(node):
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", None)
    return node.attr in ASKS.get(owner, set())


def is_clock_import(node):
    return (
        isinstance(node, ast.ImportFrom) and node.module == "time" and {one.name for one in node.names} & OF_MODULE_TIME
    )


def lines_that_ask(text):
    return [node.lineno for node in ast.walk(ast.parse(text)) if asks_the_clock(node) or is_clock_import(node)]


def test_two_lines_of_the_whole_project_ask_what_time_it_is():
    found = [
        path.relative_to(PROJECT).as_posix()
        for package in PACKAGES
        for path in sorted((PROJECT / package).rglob("*.py"))
        for _ in lines_that_ask(path.read_text("utf-8"))
    ]

    assert sorted(found) == THE_TWO


def test_both_say_why_they_may():
    for name in THE_TWO:
        (line,) = [line for line in (PROJECT / name).read_text("utf-8").splitlines() if "datetime.now" in line]

        assert re.search(r"# noqa: TID251  \S", line)


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "field(default_factory=datetime.now)",
        "from time import time",
    ],
)
def test_a_line_that_asks_is_found(line):
    assert lines_that_ask(line) == [1]


@pytest.mark.parametrize("line", ["time.monotonic()", "time.sleep(1)", "datetime.combine(day, time(9))"])
def test_a_line_that_measures_or_composes_is_free(line):
    assert lines_that_ask(line) == []
