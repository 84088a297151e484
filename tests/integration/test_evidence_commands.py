"""The evidence register on the command line: what is listed, what a person assigns, what is refused."""

import json
import sys

import pytest

from phaseout.bootstrap import open_app
from phaseout.cli import main
from phaseout.cli.evidence import escaped
from phaseout.domain.evidence import Evidence, EvidencePhase, MatchedBy, Picture
from phaseout.domain.submission import Channel, Delivery, FileKind
from phaseout.ports import Assessment
from tests.unit.usecases.office import at

CAMPAIGN, SUZHOU = "jiangsu-2022", "320500"
ALLOY, PAPER = "苏州示例合金有限公司", "吴中虚构造纸有限公司"
SIGNED = ("--by", "周示例", "--reason", "到场核对", "--as-of", "2022-12-12")
ONE, OTHER = "a" * 64, "b" * 64


def picture(name, sha256, *, enterprise, phase=EvidencePhase.BEFORE):
    return Evidence(
        delivery="delivery-1",
        campaign=CAMPAIGN,
        unit=SUZHOU,
        file_name=name,
        sha256=sha256,
        kind=FileKind.PICTURE,
        size=1000,
        received_at=at("2022-12-09 10:00"),
        picture=Picture(320, 240, at("2022-10-20 15:30"), "c6bc6a7e8a8c40d7"),
        enterprise=enterprise,
        phase=phase,
        matched_by=MatchedBy.NAME if enterprise else None,
    )


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Return what runs a command, in a home whose ledger holds two pictures that look alike."""
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["phaseout", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return ended.value.code or 0, captured.out, captured.err

    assert run("campaign", "open", CAMPAIGN, "--as-of", "2022-05-20")[0] == 0
    came = at("2022-12-09 10:00")
    evidence = (picture("甲\u202egpj.jpg", ONE, enterprise=None), picture("2.jpg", OTHER, enterprise=PAPER))
    with open_app() as home:
        home.ledger.record_delivery(Delivery("delivery-1", "sha", Channel.MAIL, "1", came, came, SUZHOU, None))
        third = picture("3.jpg", "c" * 64, enterprise=ALLOY)
        home.ledger.record(Assessment({}, {}, (), (), (), evidence=(*evidence, third)))
    return run


def rows(call, *arguments):
    code, out, _ = call("evidence", "list", *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_the_register_lists_what_came_and_what_serves_twice(call):
    one, other, third = rows(call)

    assert (one["sha256"], one["unit_name"], one["enterprise"], one["phase"]) == (ONE, "苏州市", None, "before")
    assert one["captured_at"] == "2022-10-20T15:30:00+08:00"
    assert (other["matched_by"], other["size"], other["width"]) == ("name", 1000, 320)
    assert (one["doubts"], third["doubts"]) == (
        None,
        f"two_enterprises (looks like bbbbbbbb 2.jpg of 320500, {PAPER})",
    )
    assert ALLOY in other["doubts"]


def test_the_register_is_narrowed_down(call):
    assert [row["file"] for row in rows(call, "--unassigned")] == ["甲\u202egpj.jpg"]
    assert rows(call, "--unit", "320100") == []
    assert call("evidence", "list", "--unit", "999999")[0] == 2


def test_a_name_that_turns_the_reading_direction_is_written_out(call):
    _, out, _ = call("evidence", "list")

    assert "甲\\u202egpj.jpg" in out
    assert "\u202e" not in out
    assert escaped("a\x1b[31m.jpg") == "a\\x1b[31m.jpg"


def test_a_person_assigns_a_picture_to_an_enterprise_that_the_unit_has_filed(call):
    arguments = ("evidence", "assign", ONE[:8], "--enterprise", PAPER, "--phase", "after", *SIGNED)

    assert call(*arguments) == (0, f"{ONE[:12]} assigned to {PAPER}, after.\n", "")
    assert call(*arguments)[1].startswith(f"{ONE[:12]} was assigned before")
    one, *_ = rows(call)
    assert (one["enterprise"], one["phase"], one["assigned_by"]) == (PAPER, "after", "周示例")
    assert "before_and_after" in rows(call)[1]["doubts"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param((ONE[:3], "--enterprise", PAPER), "give 6 digits or more", id="too few digits"),
        pytest.param(("ffffff", "--enterprise", PAPER), "not the hash of one", id="no such picture"),
        pytest.param((ONE, "--enterprise", "没有报过的厂"), "has filed no enterprise", id="no such enterprise"),
    ],
)
def test_an_assignment_that_means_nothing_ends_with_a_line(call, arguments, complaint):
    code, out, error = call("evidence", "assign", *arguments, *SIGNED)

    assert (code, out) == (2, "")
    assert complaint in error
