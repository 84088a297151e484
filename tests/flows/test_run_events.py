"""A run tells the server what newly happened, once; a replay tells nothing."""

from datetime import datetime

import pytest
from prefect.events.clients import AssertingEventsClient
from prefect.events.worker import EventsWorker

from flows.collect import collect
from flows.remind import remind
from phaseout.bootstrap import REPLAY_MARK
from phaseout.domain.calendar import CHINA
from tests.filled_forms import contact_form, put_into_inbox

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.slow]


@pytest.fixture
def told(monkeypatch):
    """What was emitted; the client of the events is Prefect's own one for tests."""
    AssertingEventsClient.reset()
    EventsWorker.set_client_override(AssertingEventsClient)
    try:
        yield our_events
    finally:
        EventsWorker.instance().drain()
        EventsWorker.set_client_override(None)


def our_events():
    EventsWorker.instance().drain()
    told = [event for client in AssertingEventsClient.all for event in client.events]
    AssertingEventsClient.reset()
    return [event for event in told if event.event.startswith("phaseout.")]


def at(month, day, hour=9):
    return datetime(2022, month, day, hour, tzinfo=CHINA)


def test_what_was_accepted_is_told_once_and_who_shows_it_on_the_board(home, told):
    put_into_inbox(home, contact_form())
    collect(as_of=at(6, 1, 10))

    (event,) = told()
    assert event.event == "phaseout.submission.accepted"
    assert event.resource["prefect.resource.name"] == "苏州市《工作联系人信息》第1版审核通过"
    assert event.resource["phaseout.board"] == "current"
    assert event.payload["campaign"] == "jiangsu-2022"

    collect(as_of=at(6, 1, 10))
    assert told() == []


def test_what_a_reminder_takes_in_makes_the_board_outdated(home, told):
    put_into_inbox(home, contact_form())
    remind(as_of=at(6, 2))

    (event,) = [event for event in told() if event.event == "phaseout.submission.accepted"]
    assert event.resource["phaseout.board"] == "outdated"


def test_who_is_late_is_told_with_the_letter_that_says_so_and_not_again_that_day(home, told):
    remind(as_of=at(6, 8))

    names = [event.event for event in told()]
    assert names.count("phaseout.obligation.overdue") == 13
    assert names.count("phaseout.letter.drafted") == 13

    remind(as_of=at(6, 8, 15))
    assert told() == []


def test_a_replay_tells_nothing(home, told):
    (home / REPLAY_MARK).touch()
    remind(as_of=at(6, 8))

    assert told() == []
