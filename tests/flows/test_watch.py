"""The watch as a flow, and how the ends of runs are noted beside Prefect."""

import json

import pytest

import tasks.health
from flows.collect import collect
from flows.remind import remind
from flows.watch import watch
from phaseout.bootstrap import open_app
from phaseout.domain.letter import LetterKind
from phaseout.errors import TransientError
from tests.filled_forms import CAMPAIGN
from tests.flows.test_named_flows import at

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


def noted(home, name):
    return json.loads((home / "health" / "passes" / f"{name}.json").read_text("utf-8"))


def test_where_all_is_well_the_run_says_so_in_its_state(home):
    state = watch(as_of=at(5, 20), return_state=True)

    assert (state.name, state.message) == ("运行正常", "未发现问题。")


def test_a_trouble_stands_in_the_state_and_in_one_letter(home):
    (home / "ledger.sqlite").chmod(0o644)
    states = [watch(as_of=at(5, 20, minute=minute), return_state=True) for minute in (0, 17)]

    assert [state.name for state in states] == ["发现 1 项问题"] * 2
    assert [state.message for state in states] == [
        "台账文件可被他人读取。已发函告知。",
        "台账文件可被他人读取。问题没有变化的，不重复发函。",
    ]
    with open_app() as app:
        # Nobody delivers here, so the letter left past the outbox; without a mail server it lies in the folder.
        assert [record.letter.kind for record in app.ledger.letters() if record.letter.kind is LetterKind.HEALTH] == []
    assert [path.name for path in (home / "outgoing").iterdir()] == ["2022-05-20-health-1.eml"]


def test_two_watches_at_once_are_one(home, monkeypatch):
    monkeypatch.setattr(tasks.health.health, "watch", lambda *_, **__: None)

    assert watch(as_of=at(5, 20), return_state=True).name == "监测正在进行"


def test_the_ends_of_runs_are_noted_in_the_home(home, monkeypatch):
    collect(as_of=at(5, 20))
    remind(as_of=at(5, 20))

    assert (noted(home, "collect")["failures"], noted(home, f"remind.{CAMPAIGN}")["failures"]) == (0, 0)

    def fail():
        raise TransientError("the mailbox is away")

    monkeypatch.setattr("flows.collect.is_anything_waiting", fail)
    collect(as_of=at(5, 20), return_state=True)

    known = noted(home, "collect")
    assert (known["failures"], known["reason"]) == (1, "TransientError")
    assert known["well_at"] < known["failing_since"]
