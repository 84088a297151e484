"""The named flows are level-triggered: run any day, run twice, they do what is due then and no more."""

from datetime import datetime

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

from flows.closure import closure
from flows.collect import collect
from flows.contact_list import contact_list
from flows.deliver import deliver
from flows.final_list import final_list
from flows.inventory import inventory
from flows.milestone import milestone
from flows.monthly_progress import monthly_progress
from flows.publish import publish
from flows.remind import remind
from flows.summary import summary
from phaseout.adapters.duckdb_warehouse.extracts import BOOK
from phaseout.bootstrap import open_app
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.usecases.remind import remind as write_letters
from tests.filled_forms import CAMPAIGN, SUZHOU, contact_form, put_into_inbox
from tests.waiting import wait_for

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


def at(month, day, hour=9, minute=0):
    return datetime(2022, month, day, hour, minute, tzinfo=CHINA)


def run(flow, **arguments):
    """Run a flow; return the name of the state it ended in, and its message."""
    state = flow(**arguments, return_state=True)
    assert state.is_completed(), state
    return state.name, state.message


def what_there_is(home):
    """Return all that a run could have added: the ledger's revision and the files."""
    files = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    with open_app() as app:
        return app.ledger.revision(), files


def letters():
    with open_app() as app:
        return app.ledger.letters()


def task_runs(state):
    """Return the names of the task runs of the flow run that ended in *state*."""
    of_run = FlowRunFilter(id=FlowRunFilterId(any_=[state.state_details.flow_run_id]))
    with get_client(sync_client=True) as client:
        return sorted(run.name for run in client.read_task_runs(flow_run_filter=of_run))


@pytest.mark.parametrize(
    ("flow", "as_of", "stock"),
    [
        pytest.param(contact_list, at(6, 6), ("contact_list", None), id="contact_list after 06-03"),
        pytest.param(inventory, at(8, 1), ("inventory", None), id="inventory after 07-30"),
        pytest.param(summary, at(8, 15), ("summary", None), id="summary after 08-12"),
        pytest.param(monthly_progress, at(8, 31), ("monthly_progress", "2022-08"), id="monthly_progress after 08-30"),
        pytest.param(closure, at(12, 3), ("closure", None), id="closure after 11-30"),
        pytest.param(final_list, at(12, 17), ("final_list", None), id="final_list after 12-15"),
    ],
)
def test_a_milestone_writes_letters_and_takes_stock_once(home, flow, as_of, stock):
    name, message = run(flow, as_of=as_of)
    first = what_there_is(home)

    assert name == "已报 0/13"
    assert message.endswith("；已清点")
    with open_app() as app:
        assert stock in app.ledger.stock_taken(CAMPAIGN)
    assert {record.letter.day for record in letters()} <= {as_of.date()}  # none on a Saturday
    assert (home / "published" / "phaseout.duckdb").exists()

    assert run(flow, as_of=as_of) == (name, message.removesuffix("；已清点"))
    assert what_there_is(home) == first


def test_a_milestone_of_any_id_runs_like_the_named_ones(home):
    assert run(milestone, milestone_id="contact_list", as_of=at(5, 19))[0] == "已报 0/13"
    assert letters() == []


def test_a_milestone_takes_in_what_lies_there_and_names_how_many_have_filed(home):
    put_into_inbox(home, contact_form())

    name, message = run(contact_list, as_of=at(6, 4))

    assert name == "已报 1/13"
    assert message.startswith("逾期 12 个单位：南京市、")
    assert "苏州市" not in message
    assert {record.letter.kind for record in letters() if record.letter.unit == SUZHOU} == {LetterKind.RECEIPT}


def test_nobody_is_late_before_the_due_day_has_ended(home):
    assert run(contact_list, as_of=at(6, 3)) == ("已报 0/13", "无逾期")


def test_remind_asks_every_unit_on_the_first_day_and_not_again(home):
    assert run(remind, as_of=at(5, 20)) == ("催报 13 件", "待签发拟稿 0 件")
    first = what_there_is(home)

    assert run(remind, as_of=at(5, 20, 15)) == ("催报 0 件", "待签发拟稿 0 件")
    assert what_there_is(home) == first
    assert {record.letter.state for record in letters()} == {LetterState.SENT}
    assert len(list((home / "outgoing").iterdir())) == 13


@pytest.mark.parametrize(
    "as_of",
    [
        pytest.param(at(6, 3), id="Dragon Boat Festival, the due day"),
        pytest.param(at(6, 4), id="a Saturday"),
    ],
)
def test_remind_writes_nothing_on_a_day_off(home, as_of):
    before = what_there_is(home)

    assert run(remind, as_of=as_of) == ("催报 0 件", "待签发拟稿 0 件")
    assert letters() == []
    assert what_there_is(home)[0] == before[0]


def test_remind_drafts_what_waits_for_release_and_sends_none_of_it(home):
    _, message = run(remind, as_of=at(6, 8))

    assert message == "待签发拟稿 13 件"
    drafts = [record for record in letters() if record.letter.state is LetterState.DRAFT]
    assert {record.letter.kind for record in drafts} == {LetterKind.SUPERVISION}
    assert not list((home / "outgoing").glob("*supervision*"))


def test_remind_spares_a_unit_whose_form_lies_in_the_inbox(home):
    run(remind, as_of=at(5, 20))
    put_into_inbox(home, contact_form())

    name, _ = run(remind, as_of=at(6, 2))

    assert name == "催报 12 件"
    assert [record.letter.kind for record in letters() if record.letter.unit == SUZHOU] == [
        LetterKind.REQUEST,
        LetterKind.RECEIPT,
    ]


def test_collect_answers_what_lies_in_the_folders_and_fails_when_the_mailbox_cannot_be_read(home, monkeypatch, caplog):
    put_into_inbox(home, contact_form())
    monkeypatch.setenv("PHASEOUT_MAILBOX_URL", "imaps://office@127.0.0.1/nowhere")
    monkeypatch.setenv("PHASEOUT_MAILBOX_PASSWORD", "an-invented-code")
    monkeypatch.setenv("PHASEOUT_MAILBOX_CA_FILE", str(home / "no-such-file"))

    state = collect(as_of=at(6, 1, 10), return_state=True)

    assert state.is_failed()
    assert (state.name, "no-such-file" in state.message) == ("收件邮箱的证书未获信任", False)
    assert "no-such-file" in caplog.text  # for the administrator
    assert [letter.letter.kind for letter in letters()] == [LetterKind.RECEIPT]


def test_collect_answers_a_file_and_finds_nothing_afterwards(home):
    put_into_inbox(home, contact_form())

    name, message = run(collect, as_of=at(6, 1, 10))

    assert name == "收件 1"
    assert message == "报表审核通过 1 份，退回 0 份，无法识别 0 份"
    assert [path.name for path in (home / "outgoing").iterdir()] == ["2022-06-01-000001-320500-receipt.eml"]
    first = what_there_is(home)
    assert run(collect, as_of=at(6, 1, 10, 5))[0] == "无新来件"
    assert what_there_is(home) == first


def test_an_idle_collect_has_no_task_run(home):
    idle = collect(as_of=at(6, 1, 10), return_state=True)
    put_into_inbox(home, contact_form())
    busy = collect(as_of=at(6, 1, 10, 5), return_state=True)

    # The server notes task runs some time after they ended: once those of the second run are there, so are the first's.
    wait_for(lambda: task_runs(busy) == ["发件", "发布", "审核", "收件"])
    assert task_runs(idle) == []


def test_collect_returns_a_form_that_breaks_a_rule(home):
    put_into_inbox(home, contact_form(contact_name=None))

    name, message = run(collect, as_of=at(6, 1, 10))

    assert (name, message) == ("收件 1", "报表审核通过 0 份，退回 1 份，无法识别 0 份")
    assert [record.letter.kind for record in letters()] == [LetterKind.RETURN]


def test_deliver_sends_what_the_outbox_holds_once(home):
    with open_app() as app:
        write_letters(
            CAMPAIGN,
            as_of=at(5, 20),
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
            desk=app.desk(app.definitions.campaign(CAMPAIGN)),
            forms=app.form_files,
            pages=app.pages,
        )

    assert run(deliver, as_of=at(5, 20, 9, 5)) == ("发出 13 件", "未能发出 0 件，撤回 0 件")
    assert run(deliver, as_of=at(5, 20, 9, 10))[0] == "无待发函件"


def test_publish_writes_snapshot_and_board_only_when_something_changed(home):
    assert run(publish, as_of=at(5, 21, 2))[0] == "已发布"
    board = (home / "published" / "site" / "index.html").read_bytes()
    generation = (home / "published" / "parquet").readlink()
    assert (home / "published" / BOOK).is_file()

    assert run(publish, as_of=at(5, 21, 3))[0] == "无变化"
    assert (home / "published" / "site" / "index.html").read_bytes() == board

    put_into_inbox(home, contact_form())
    run(collect, as_of=at(5, 21, 4))  # shows on the board what came in
    assert (home / "published" / "site" / "index.html").read_bytes() != board
    assert run(publish, as_of=at(5, 21, 5))[0] == "无变化"
    # Parquet and workbook follow once a day.
    assert (home / "published" / "parquet").readlink() == generation
    assert run(publish, as_of=at(5, 22, 2))[0] == "已发布"
    assert (home / "published" / "parquet").readlink() != generation
