"""Reminding the office of drafts that wait for a signature (提请签发提醒)."""

import pytest

from phaseout.domain.letter import OFFICE, LetterKind, LetterState
from tests.unit.usecases.papers import SUZHOU, contact_form


@pytest.fixture
def drafted(small_office):
    """An office in which a supervision letter to each of two cities was drafted on a Wednesday."""
    small_office.remind("2022-06-08 09:00")
    return small_office


def reminders(office):
    return [record.letter for record in office.ledger.letters() if record.letter.kind is LetterKind.SIGNING]


def text_of(office, letter):
    return office.archive.get(letter.raw_sha256)


def test_the_office_hears_of_all_that_waits_in_one_letter(drafted):
    assert drafted.remind_signing("2022-06-09 09:00") == 1

    (letter,) = reminders(drafted)
    assert (letter.unit, letter.recipient, letter.copy_to) == (OFFICE, "chanye@gxt-jiangsu.example", ())
    assert letter.key == "office/jiangsu-2022/2022-06-09"
    assert letter.subject.endswith("：2件函件拟稿待签发，最长已等待1个工作日")
    assert letter.state is LetterState.QUEUED


@pytest.mark.parametrize(
    ("moments", "days"),
    [
        pytest.param(["2022-06-08 17:00"], [], id="nothing on the day itself"),
        pytest.param(["2022-06-09 09:00", "2022-06-09 17:00"], ["2022-06-09"], id="once a day"),
        pytest.param(["2022-06-11 09:00", "2022-06-12 09:00"], [], id="nothing at a week-end"),
        pytest.param(
            ["2022-06-09 09:00", "2022-06-10 09:00", "2022-06-13 09:00", "2022-06-14 09:00"],
            ["2022-06-09", "2022-06-13"],
            id="at one and three working days",
        ),
        pytest.param(["2022-06-29 09:00", "2022-06-30 09:00"], ["2022-06-29"], id="once after weeks of silence"),
    ],
)
def test_the_office_is_reminded_at_the_ages_of_the_campaign(drafted, moments, days):
    for moment in moments:
        drafted.remind_signing(moment)

    assert [letter.day.isoformat() for letter in reminders(drafted)] == days


def test_a_reminder_that_could_not_leave_is_written_anew_the_next_day(drafted):
    drafted.remind_signing("2022-06-09 09:00")
    drafted.remind("2022-06-10 09:00")  # takes back what a day gone by left in the queue

    assert drafted.remind_signing("2022-06-10 09:00") == 1

    assert [(letter.day.isoformat(), letter.state) for letter in reminders(drafted)] == [
        ("2022-06-09", LetterState.WITHDRAWN),
        ("2022-06-10", LetterState.QUEUED),
    ]


def test_nobody_is_reminded_of_what_is_decided_or_taken_back(drafted):
    of_wuxi, _ = drafted.ledger.letters(states={LetterState.DRAFT})
    drafted.receive("2022-06-08 10:00", SUZHOU, ("联系人.xlsx", contact_form()))
    drafted.release(of_wuxi.id, "2022-06-08 15:00", is_released=False)

    assert drafted.remind_signing("2022-06-09 09:00") == 0


def test_nobody_is_reminded_of_what_has_closed(drafted):
    assert drafted.remind_signing("2023-01-16 09:00") == 0


def test_the_drafts_themselves_stay_where_they_are(drafted):
    drafted.remind_signing("2022-06-09 09:00")

    assert len(drafted.ledger.letters(states={LetterState.DRAFT})) == 2
    assert b"attachment" not in text_of(drafted, reminders(drafted)[0])
