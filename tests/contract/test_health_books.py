"""The contract of what health remembers: how passes ended, and what the watch saw and told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from phaseout.adapters.health.pass_book import PassFiles
from phaseout.adapters.health.watch_book import WatchFiles
from phaseout.adapters.memory.health import PassesInMemory, WatchInMemory
from phaseout.domain.calendar import CHINA
from phaseout.domain.health_news import Known, WatchState

NINE = datetime(2022, 8, 10, 9, tzinfo=CHINA)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "files"])
def passes(request, tmp_path):
    return PassesInMemory() if request.param == "memory" else PassFiles(tmp_path / "passes")


@pytest.fixture(params=["memory", "files"])
def watch(request, tmp_path):
    return WatchInMemory() if request.param == "memory" else WatchFiles(tmp_path / "health")


def test_before_the_first_pass_nothing_is_known(passes):
    assert list(passes.records()) == []


def test_a_pass_that_ended_well_is_remembered_with_its_instant(passes):
    passes.note("collect", at=NINE)

    [record] = passes.records()
    assert (record.name, record.ended_at, record.well_at, record.failing_since, record.failures) == (
        *("collect", NINE, NINE),
        *(None, 0),
    )


def test_failures_are_counted_in_a_row_from_the_first(passes):
    passes.note("collect", at=NINE)
    for number in (1, 2):
        passes.note("collect", at=NINE + number * MINUTE, reason="LoginRefused")

    [record] = passes.records()
    assert (record.well_at, record.failing_since, record.failures) == (NINE, NINE + MINUTE, 2)
    assert (record.ended_at, record.reason) == (NINE + 2 * MINUTE, "LoginRefused")


def test_a_pass_that_ends_well_ends_the_row(passes):
    passes.note("collect", at=NINE, reason="LoginRefused")
    passes.note("collect", at=NINE + MINUTE)

    [record] = passes.records()
    assert (record.failing_since, record.failures, record.reason) == (None, 0, "")


def test_each_kind_and_each_campaign_has_a_record_of_its_own(passes):
    for name, campaign in (("collect", None), ("remind", "jiangsu-2022"), ("remind", "jiangyin-2022")):
        passes.note(name, at=NINE, campaign=campaign)

    assert [record.subject for record in passes.records()] == [
        "collect",
        "remind/jiangsu-2022",
        "remind/jiangyin-2022",
    ]


def test_a_file_that_was_cut_short_counts_as_none_and_is_written_anew(tmp_path):
    passes = PassFiles(tmp_path)
    passes.note("collect", at=NINE)
    (tmp_path / "collect.json").write_text('{"name": "coll', encoding="utf-8")

    assert list(passes.records()) == []
    passes.note("collect", at=NINE + MINUTE)
    assert [record.well_at for record in passes.records()] == [NINE + MINUTE]


def test_a_disk_that_takes_no_more_stops_no_pass(tmp_path, caplog):
    (tmp_path / "passes").write_text("a file where the folder should be", encoding="utf-8")

    PassFiles(tmp_path / "passes").note("collect", at=NINE)

    assert "the end of collect could not be noted" in caplog.text


STATE = WatchState(
    started_at=NINE,
    looked_at=NINE + MINUTE,
    known=(Known("disk_low/home", NINE, NINE + MINUTE, NINE, "磁盘空间不足"),),
    told_at=NINE,
    letters=2,
    number=7,
    tried_at=None,
    campaign="jiangsu-2022",
)


def test_before_the_first_look_nothing_is_remembered(watch):
    assert watch.state() is None
    assert watch.shown() is None


@pytest.mark.parametrize("state", [STATE, replace(STATE, known=(), told_at=None, tried_at=NINE, campaign=None)])
def test_what_is_remembered_comes_back_as_it_was(watch, state):
    watch.remember(WatchState(NINE, NINE))
    watch.remember(state)

    assert watch.state() == state


def test_what_the_board_shows_comes_back_as_it_was(watch):
    watch.show({"looked_at": NINE.isoformat(), "troubles": [{"title": "磁盘空间不足"}]})

    assert watch.shown() == {"looked_at": NINE.isoformat(), "troubles": [{"title": "磁盘空间不足"}]}


def test_one_watch_at_a_time_holds_the_book(watch):
    with watch.alone() as first, watch.alone() as second:
        assert (first, second) == (True, False)
    with watch.alone() as again:
        assert again


def test_of_letters_that_could_not_leave_the_last_one_lies_there_until_one_leaves(tmp_path):
    watch = WatchFiles(tmp_path)
    watch.keep_unsent("first.eml", b"1")
    watch.keep_unsent("second.eml", b"2")

    assert [path.name for path in (tmp_path / "unsent").iterdir()] == ["second.eml"]
    watch.drop_unsent()
    assert list((tmp_path / "unsent").iterdir()) == []


def test_on_a_full_disk_what_was_told_is_still_remembered(tmp_path, monkeypatch):
    watch = WatchFiles(tmp_path)
    watch.remember(WatchState(NINE, NINE))

    def no_room(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("phaseout.adapters.health.watch_book.write", lambda *_, **__: no_room())
    watch.remember(STATE)

    assert watch.state() == STATE


def test_a_book_that_was_cut_short_counts_as_none(tmp_path):
    watch = WatchFiles(tmp_path)
    watch.remember(STATE)
    (tmp_path / "watch.json").write_text("{", encoding="utf-8")

    assert watch.state() is None
