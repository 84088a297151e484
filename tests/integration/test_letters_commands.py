"""`phaseout letters`: drafts are listed, shown, released and withheld; what cannot be is refused in one line."""

import json
import sys

import pytest

from phaseout.cli import main
from tests.filled_forms import CAMPAIGN, SUZHOU, contact_form, put_into_inbox

NO_DRAFT = "phaseout: letter {} is no draft that waits for release: {}\n"


def run(*arguments):
    sys.argv = ["phaseout", *map(str, arguments)]
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home in which a supervision letter to each city was drafted."""
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [])
    assert run("campaign", "open", CAMPAIGN, "--as-of", "2022-05-20") == 0
    assert run("remind", "--as-of", "2022-06-08") == 0
    return tmp_path


@pytest.fixture
def call(home, capsys):
    def run_and_read(*arguments):
        capsys.readouterr()
        code = run(*arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_and_read


@pytest.fixture
def draft(call):
    """The number of Suzhou's draft."""
    _, listed, _ = call("letters", "list", "--state", "draft", "--json")
    return next(one["id"] for one in json.loads(listed) if one["unit"] == SUZHOU)


def state_of(call, number):
    _, listed, _ = call("letters", "list", "--json")
    return next(one["state"] for one in json.loads(listed) if one["id"] == number)


def test_a_draft_can_be_read_before_it_is_decided(call, draft):
    code, said, _ = call("letters", "show", draft)

    assert code == 0
    assert said.startswith("【督办】")
    assert "现予督办" in said


@pytest.mark.parametrize(
    ("act", "said", "state"), [("release", "released", "queued"), ("withhold", "withheld", "withheld")]
)
def test_a_draft_is_decided_by_a_named_person(call, draft, act, said, state):
    assert call("letters", act, draft, "--by", " 李示例 ", "--reason", "意见") == (
        0,
        f"letter {draft} {said} by 李示例.\n",
        "",
    )
    assert state_of(call, draft) == state


@pytest.mark.parametrize("name", ["", "  "], ids=["no name", "blanks"])
def test_nobody_decides_without_a_name(call, draft, name):
    assert call("letters", "release", draft, "--by", name) == (2, "", "phaseout: say who decides: --by NAME\n")
    assert state_of(call, draft) == "draft"


@pytest.mark.parametrize("act", ["show", "release", "withhold"])
def test_a_letter_that_there_is_not_is_refused(call, act):
    named = ("--by", "李示例") if act != "show" else ()

    assert call("letters", act, 999, *named) == (2, "", "phaseout: the ledger has no letter 999\n")


@pytest.mark.parametrize(
    ("first", "second", "done"), [("release", "withhold", "released"), ("withhold", "release", "withheld")]
)
def test_a_decision_the_other_way_is_refused(call, draft, first, second, done):
    call("letters", first, draft, "--by", "李示例", "--as-of", "2022-06-09T15:30")

    assert call("letters", second, draft, "--by", "李示例") == (
        2,
        "",
        NO_DRAFT.format(draft, f"it was {done} by 李示例 on 2022-06-09 at 15:30"),
    )


def test_what_a_file_took_back_is_not_released(call, draft, home):
    put_into_inbox(home, contact_form())
    call("collect", "--as-of", "2022-06-09")

    assert call("letters", "release", draft, "--by", "李示例") == (
        2,
        "",
        NO_DRAFT.format(draft, "a file has arrived meanwhile, or it was written anew"),
    )


def test_the_office_is_told_of_drafts_that_wait(call, draft):
    assert call("remind", "--as-of", "2022-06-09")[1].endswith("; the office is reminded of those that wait.\n")
    assert call("remind", "--as-of", "2022-06-09")[1] == "0 letters, 0 drafts.\n"
