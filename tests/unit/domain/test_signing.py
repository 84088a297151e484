"""Drafts that wait for a signature (待签发): the ages at which the office is reminded, and how long decisions take."""

from datetime import date, datetime

import pytest

from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import SigningReminders
from phaseout.domain.letter import Approval, Letter, LetterKind, LetterRecord, LetterState
from phaseout.domain.signing import SigningTime, WaitingDraft, age_of, is_reminder_due, rung_reached, signing_time
from phaseout.settings import PROJECT

REMINDERS = SigningReminders(working_days=(1, 3, 7), then_every=5)
CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")


def letter(number, day, *, kind=LetterKind.SUPERVISION, state=LetterState.DRAFT):
    drafted = date.fromisoformat(day)
    return LetterRecord(
        id=number,
        letter=Letter(
            key=f"letter-{number}",
            campaign="jiangsu-2022",
            unit="320500",
            kind=kind,
            day=drafted,
            recipient="lingdao@suzhou.example",
            copy_to=(),
            subject="【督办】",
            message_id=f"<{number}@phaseout.example>",
            raw_sha256="0" * 64,
            state=state,
            created_at=datetime(drafted.year, drafted.month, drafted.day, 9, tzinfo=CHINA),
        ),
        settled_at=None,
        note=None,
    )


def reminder(number, day, **how):
    return letter(number, day, kind=LetterKind.SIGNING, **{"state": LetterState.SENT} | how)


@pytest.mark.parametrize(
    ("age", "rung"),
    [(0, 0), (1, 1), (2, 1), (3, 3), (6, 3), (7, 7), (11, 7), (12, 12), (16, 12), (17, 17), (250, 247)],
)
def test_the_office_is_reminded_at_some_ages_and_then_at_equal_distances(age, rung):
    assert rung_reached(age, REMINDERS) == rung


@pytest.mark.parametrize(
    ("today", "age"),
    [
        pytest.param("2022-06-02", 0, id="the day it was drafted"),
        pytest.param("2022-06-05", 0, id="the holidays that follow"),
        pytest.param("2022-06-06", 1, id="the first working day after them"),
        pytest.param("2022-06-07", 2, id="the second"),
    ],
)
def test_a_draft_ages_by_working_days(today, age):
    drafted = letter(1, "2022-06-02")

    assert age_of(drafted, calendar=CALENDAR, today=date.fromisoformat(today)) == age


def is_due(today, drafts, *reminders):
    day = date.fromisoformat(today)
    waiting = [WaitingDraft(draft, age_of(draft, calendar=CALENDAR, today=day)) for draft in drafts]
    return is_reminder_due(waiting, [*drafts, *reminders], REMINDERS, calendar=CALENDAR, today=day)


WEDNESDAY = letter(1, "2022-06-08")


@pytest.mark.parametrize(
    ("today", "reminders", "expected"),
    [
        pytest.param("2022-06-08", [], False, id="nothing on the day it was drafted"),
        pytest.param("2022-06-09", [], True, id="the day after"),
        pytest.param("2022-06-09", ["2022-06-09"], False, id="once a day"),
        pytest.param("2022-06-10", ["2022-06-09"], False, id="not at two days"),
        pytest.param("2022-06-11", ["2022-06-09"], False, id="not on a Saturday"),
        pytest.param("2022-06-13", ["2022-06-09"], True, id="at three working days"),
        pytest.param("2022-06-14", ["2022-06-09", "2022-06-13"], False, id="not at four"),
        pytest.param("2022-06-14", ["2022-06-09"], True, id="a day late after an outage"),
        pytest.param("2022-06-24", ["2022-06-09"], True, id="weeks late after an outage"),
        pytest.param("2022-06-24", ["2022-06-09", "2022-06-24"], False, id="and then once"),
    ],
)
def test_the_office_is_reminded_once_of_each_age(today, reminders, expected):
    sent = [reminder(number, day) for number, day in enumerate(reminders, start=100)]

    assert is_due(today, [WEDNESDAY], *sent) is expected


def test_a_reminder_that_was_taken_back_unsent_has_told_nobody():
    taken_back = reminder(100, "2022-06-09", state=LetterState.WITHDRAWN)

    assert is_due("2022-06-10", [WEDNESDAY], taken_back)


def test_a_younger_draft_has_ages_of_its_own():
    friday = letter(2, "2022-06-10")

    assert is_due("2022-06-13", [friday], reminder(100, "2022-06-09"))
    assert not is_due("2022-06-14", [WEDNESDAY, friday], reminder(100, "2022-06-13"))


def approval(number, day):
    return Approval(
        letter=number, is_released=True, by="李示例", reason="", at=datetime.fromisoformat(f"{day}T16:00+08:00")
    )


def test_the_time_of_decisions_counts_working_days_from_draft_to_decision():
    letters = [letter(1, "2022-06-08"), letter(2, "2022-06-08"), letter(3, "2022-06-10")]
    waiting = [WaitingDraft(letters[2], 4)]

    taken = signing_time(letters, [approval(1, "2022-06-08"), approval(2, "2022-06-13")], waiting, calendar=CALENDAR)

    assert taken == SigningTime(decided=2, mean=1.5, longest=3, waiting=1, oldest=4)


def test_where_nothing_was_drafted_there_is_no_time():
    assert signing_time([], [], [], calendar=CALENDAR) == SigningTime(0, None, None, 0, None)
