"""Calendar entries (日程): that strangers' programs can read them, and what they say of a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from phaseout.adapters.invitations import IcalInvitations
from phaseout.domain.campaign import Office
from phaseout.domain.deadline import Deadline
from tests.ical_rules import read

OFFICE = Office("某省工业和信息化厅", "产业转型升级处", "chanye@gxt.example", "025-80000000")
SUMMARY = Deadline(
    uid="province-2022-320500-summary@gxt.example",
    sequence=0,
    day=date(2022, 8, 12),
    title="报送截止：企业生产工艺装备情况调查汇总",
    detail="2022年8月12日截止：铁合金、造纸\n依据：二（三）1; 见附件, 第2页\\第3页",
    alarm_on=date(2022, 8, 11),
)
WRITTEN_AT = datetime(2022, 7, 25, 1, 0, tzinfo=UTC)


def invited(**changes):
    return IcalInvitations().invite(
        replace(SUMMARY, **changes), organizer=OFFICE, attendee="gxj@suzhou.example", written_at=WRITTEN_AT
    )


def published(*deadlines):
    return IcalInvitations().publish(deadlines, name="2022年工作", organizer=OFFICE, written_at=WRITTEN_AT)


def event_of(raw):
    (event,) = icalendar.Calendar.from_ical(raw).events
    return event


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(invited(), id="request"),
        pytest.param(invited(is_cancelled=True, sequence=1), id="cancel"),
        pytest.param(invited(title="长" * 300, detail="行\n" * 90), id="long lines"),
        pytest.param(published(SUMMARY, replace(SUMMARY, uid="other@gxt.example", alarm_on=None)), id="publish"),
        pytest.param(published(), id="nothing is due"),
    ],
)
def test_what_is_written_keeps_to_the_standards(raw):
    read(raw)


def test_an_entry_reads_back_as_it_was_written():
    event = event_of(invited())

    assert (event["UID"], event["SEQUENCE"]) == (SUMMARY.uid, 0)
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (SUMMARY.title, SUMMARY.detail)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2022, 8, 12), date(2022, 8, 13))
    assert event["DTSTAMP"].dt == WRITTEN_AT


def test_an_entry_is_taken_over_without_an_answer_and_makes_nobody_busy():
    event = event_of(invited())

    assert event["ORGANIZER"] == "mailto:chanye@gxt.example"
    assert event["ORGANIZER"].params["CN"] == "某省工业和信息化厅产业转型升级处"
    assert event["ATTENDEE"] == "mailto:gxj@suzhou.example"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")


@pytest.mark.parametrize(
    ("day", "alarm_on", "trigger"),
    [
        pytest.param(date(2022, 8, 12), date(2022, 8, 11), timedelta(hours=-15), id="the day before is a working day"),
        pytest.param(date(2022, 10, 30), date(2022, 10, 28), timedelta(hours=-39), id="a Sunday rings on Friday"),
        pytest.param(date(2022, 10, 8), date(2022, 9, 30), timedelta(days=-8, hours=9), id="before a week of holidays"),
    ],
)
def test_it_rings_at_nine_on_the_working_day_before(day, alarm_on, trigger):
    (alarm,) = event_of(invited(day=day, alarm_on=alarm_on)).walk("VALARM")

    assert alarm["TRIGGER"].dt == trigger
    assert datetime.combine(day, datetime.min.time()) + trigger == datetime.combine(
        alarm_on, datetime.min.time()
    ).replace(hour=9)


def test_a_cancelled_entry_takes_the_same_one_away_and_rings_no_more():
    calendar = icalendar.Calendar.from_ical(invited(is_cancelled=True, sequence=3))
    (event,) = calendar.events

    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == (SUMMARY.uid, 3)
    assert list(event.walk("VALARM")) == []


def test_the_same_entry_is_the_same_bytes():
    assert invited() == invited()
    assert published(SUMMARY) == published(SUMMARY)
