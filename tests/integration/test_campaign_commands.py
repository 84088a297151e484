"""`phaseout campaign calendar --ics` and `simulate` as they are called."""

import json

import pytest

from tests.ical_rules import read
from tests.integration.conftest import run

CAMPAIGN, LATER = "jiangsu-2022", "jiangyin-2022"


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Return what runs a command in a new home and returns exit code, output and complaint."""
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PHASEOUT_SMTP_PER_DAY", "20")
    monkeypatch.setattr("sys.argv", [])  # put back when the test ends

    def run_and_read(*arguments):
        capsys.readouterr()
        code = run("campaign", *arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_and_read


@pytest.mark.parametrize("unit", [(), ("--unit", "320500")], ids=["the office", "a unit"])
def test_a_calendar_file_keeps_to_the_standard(call, unit):
    code, out, complaint = call("calendar", CAMPAIGN, "--ics", *unit, "--as-of", "2022-05-20")

    assert (code, complaint) == (0, "")
    assert read(out.encode()).value("METHOD") == "PUBLISH"


def test_the_same_calendar_is_the_same_file(call):
    asked = ("calendar", CAMPAIGN, "--ics", "--as-of", "2022-05-20")

    assert call(*asked) == call(*asked)


def test_a_simulation_is_a_flat_list(call):
    code, out, complaint = call("simulate", CAMPAIGN, "--unit", "320500", "--json")

    rows = json.loads(out)
    assert (code, complaint) == (0, "")
    assert rows[0] == {
        "unit": "320500",
        "behaviour": "on_time",
        "day": "2022-05-20",
        "letter": "request",
        "milestones": "contact_list",
        "lines": 1,
        "release": False,
    }
    assert {row["behaviour"] for row in rows} == {"on_time", "late", "never"}


def test_a_simulation_is_shown_as_tables_with_the_days_over_the_limit(call):
    code, out, _ = call("simulate", CAMPAIGN)

    assert code == 0
    assert "始终不报：徐州市、南通市、连云港市、淮安市、盐城市、扬州市、泰州市、宿迁市" in out
    assert "企业生产工艺装备情况调查汇总" in out
    assert "关停淘汰进展月报（2022年10月）" in out
    assert "超出20封" in out


def test_five_years_without_forms_are_simulated_and_unpublished_holidays_named(call):
    code, out, _ = call("simulate", LATER)

    assert code == 0
    assert out.startswith("2027: the holidays are not published yet")
    assert "年度整治计划（2027年）" in out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(("simulate", CAMPAIGN, "--unit", "999999"), "no reporting unit 999999", id="no such unit"),
        pytest.param(("simulate", CAMPAIGN, "--late-by", "0"), "one or more", id="late by nothing"),
        pytest.param(
            ("calendar", CAMPAIGN, "--ics", "--unit", "999999"), "no reporting unit 999999", id="its calendar"
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(call, arguments, word):
    code, out, complaint = call(*arguments)

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert word in complaint


@pytest.mark.parametrize("unit", ["苏州市", "苏州"])
def test_a_unit_may_be_named(call, unit):
    shown = [call(what, CAMPAIGN, "--unit", unit, "--json") for what in ("simulate", "calendar")]

    assert shown == [call(what, CAMPAIGN, "--unit", "320500", "--json") for what in ("simulate", "calendar")]
    assert all(code == 0 for code, _, _ in shown)


@pytest.mark.parametrize(
    ("asked", "ends"),
    [
        pytest.param(("list",), 0, id="list"),
        pytest.param(("show", CAMPAIGN), 0, id="show"),
        pytest.param(("validate", CAMPAIGN), 0, id="validate"),
        pytest.param(("calendar", CAMPAIGN), 0, id="calendar"),
        pytest.param(("calendar", CAMPAIGN, "--ics"), 0, id="calendar file"),
        pytest.param(("simulate", CAMPAIGN, "--unit", "320500"), 0, id="simulate"),
        pytest.param(("diff", CAMPAIGN), 2, id="diff"),
    ],
)
def test_a_question_leaves_no_ledger_behind(call, tmp_path, asked, ends):
    code, _, complaint = call(*asked)

    assert (code, "is not open" in complaint) == (ends, ends == 2)
    assert not (tmp_path / "home" / "ledger.sqlite").exists()
