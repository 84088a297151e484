"""The benchmarks: what they promise is there, and each way of measuring works; no figure is looked at."""

import io
import json
import sqlite3
import sys
from importlib import import_module
from inspect import signature
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from benchmarks import floor, usual
from benchmarks.__main__ import Done, report, run_part
from benchmarks.contestant import HEADER_ROWS
from benchmarks.copies import Copier
from benchmarks.figure import Figure, cost, figure_of, misses, table, yields
from benchmarks.intake import write_files
from benchmarks.machine import facts
from benchmarks.measuring import Clock, CommandFailed, ran
from benchmarks.office import CAMPAIGN, crowd_of, survey_of
from benchmarks.parts import PARTS, UnknownPart, parts_named
from phaseout.domain.credit_code import is_valid
from phaseout.settings import PROJECT

PROMISED = (
    "intake_workbooks_per_s",
    "intake_cpu_ratio_to_usual",
    "growth_ratio",
    "replay_s",
    "plan_letters_s",
    "smtp_letters_per_s",
    "snapshot_s",
    "rebuild_s",
)
KEYS = {"figure", "value", "unit", "yardstick", "ratio"}


@pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])
def test_each_part_takes_the_sizes_at_which_it_is_tried(part):
    signature(import_module(f"benchmarks.{part.name}").run).bind(**part.tiny)


@pytest.mark.parametrize("name", PROMISED)
def test_a_figure_that_is_promised_is_measured(name):
    sources = [path.read_text("utf-8") for path in Path(PROJECT, "benchmarks").glob("*.py")]

    assert sum(f'"{name}"' in source for source in sources) == 1


def test_parts_run_in_their_order_and_an_unknown_one_is_told():
    assert [part.name for part in parts_named(["receipt", "intake"])] == ["intake", "receipt"]
    assert "national" not in [part.name for part in parts_named([])]
    with pytest.raises(UnknownPart, match="nothing"):
        parts_named(["nothing"])


def test_a_part_in_a_process_of_its_own_leaves_its_figures(tmp_path):
    (letters,) = parts_named(["letters"])
    report([run_part(letters, is_tiny=True)], tmp_path / "bench" / "results.json")
    figures = json.loads((tmp_path / "bench" / "results.json").read_text("utf-8"))

    assert all(set(one) >= KEYS for one in figures)
    assert [one["figure"] for one in figures] == [
        "plan_letters_s",
        "letters_with_form_per_s",
        "smtp_letters_per_s",
        "largest_process_of_letters_mib",
    ]


def test_a_run_begins_with_the_facts_of_its_machine():
    assert "cores" in next(facts())


def test_a_part_that_fails_takes_no_figure_with_it(tmp_path, capsys):
    intake, letters = parts_named(["intake", "letters"])
    report(
        [Done(letters, [cost("plan_letters_s", 2.0, "s", at_most=1.0)], 0, 1.0), Done(intake, [], 1, 1.0)],
        tmp_path / "r",
    )
    said = capsys.readouterr().out

    assert "missed: plan_letters_s is 2 s, asked for ≤ 1" in said
    assert "failed: intake (code 1)" in said
    assert [one["figure"] for one in json.loads((tmp_path / "r").read_text("utf-8"))] == ["plan_letters_s"]


def test_more_than_one_is_better_than_the_yardstick_either_way():
    slow = cost("rebuild_s", 200.0, "s", at_most=120.0, yardstick=20.0, against="files read bare")
    quick = yields("smtp_letters_per_s", 600.0, "/s", at_least=300.0)

    assert (slow.ratio, slow.is_met) == (0.1, False)
    assert (quick.ratio, quick.is_met, quick.against) == (2.0, True, "asked for")
    assert Figure("rows", 5, "rows").is_met is None


def test_a_figure_is_the_same_after_it_was_told():
    one = cost("rebuild_s", 1234.5, "s", at_most=1200.0, note="12,000 workbooks")

    assert figure_of(json.loads(json.dumps(one.as_json()))) == one
    assert list(misses([one])) == ["missed: rebuild_s is 1,234 s, asked for ≤ 1,200"]
    assert list(table([one]))[-1] == "[1] 12,000 workbooks"


def test_a_call_within_a_call_counts_once():
    clock = Clock()
    inner = clock.on("inner", {"a": 1})
    outer = clock.on("outer", {"b": inner})

    assert outer.get("b").get("a") == 1
    assert clock.calls == {"inner": 1, "outer": 1}


def test_a_command_that_fails_is_no_measurement(tmp_path):
    with pytest.raises(CommandFailed, match="code 3"):
        ran([sys.executable, "-c", "raise SystemExit(3)"], home=tmp_path)


@pytest.fixture(scope="module")
def crowd():
    return crowd_of(3)


@pytest.fixture(scope="module")
def workbooks(crowd, tmp_path_factory):
    """Return the paths of twelve workbooks, one in five with ten faults."""
    return write_files(crowd, tmp_path_factory.mktemp("files") / "written")


def test_the_two_scripts_beside_ours_find_the_same_faults(crowd, workbooks, tmp_path):
    columns = [field.name for field in survey_of(crowd).columns]
    usual.take_in(workbooks, tmp_path / "usual", columns=columns, above=HEADER_ROWS)
    floor.take_in(workbooks, tmp_path / "floor", columns=columns, above=HEADER_ROWS)
    with sqlite3.connect(tmp_path / "usual") as of_usual, duckdb.connect(tmp_path / "floor") as of_floor:
        told = of_usual.execute("SELECT file, rule FROM finding").fetchall()
        told_again = of_floor.execute("SELECT file, rule FROM finding").fetchall()

    assert sorted(told) == sorted(told_again)
    assert len({rule for _, rule in told}) > 4


def test_a_copy_for_another_unit_differs_in_unit_and_codes_alone(crowd, workbooks):
    first, second, _ = crowd.campaign(CAMPAIGN).units
    content = workbooks[1].read_bytes()
    copier = Copier(first, second, number=7)

    copied, again = (cells_of(copier.copy(content)) for _ in range(2))
    pairs = [(old, new) for old, new in zip(cells_of(content), copied, strict=True) if old != new]

    assert copied == again
    assert all(is_valid(new) for old, new in pairs if is_valid(old))
    assert {old.replace(first.short_name, second.short_name) == new for old, new in pairs if not is_valid(old)} == {
        True
    }


def cells_of(content):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return [str(cell) for row in sheet.to_python() for cell in row]
