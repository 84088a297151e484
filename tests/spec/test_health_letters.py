"""The rhythm of letters on troubles (运行情况告知): new ones at once, lasting ones rarely, and one when all is well."""

from datetime import datetime, timedelta

import pytest

from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import CHINA
from phaseout.domain.health import Check, Grade, Trouble
from phaseout.domain.health_news import after_letter, after_look, news_of
from phaseout.settings import PROJECT

CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
PAUSED = Trouble("pool_paused", Check.FLOW_RUNS, Grade.FAILING)
AWAY = Trouble("server_away", Check.FLOW_RUNS, Grade.FAILING, patience=timedelta(minutes=20))
DISK = Trouble("disk_low", Check.DISK, Grade.WARNING, "home")
NOTE = Trouble("ledger_older", Check.LEDGER, Grade.NOTE)


def at(moment):
    """Return an instant of October 2022 on China's clocks, such as at("12 11:00")."""
    return datetime.fromisoformat(f"2022-10-{moment}").replace(tzinfo=CHINA)


class Watch:
    """Looks from time to time; each letter leaves."""

    def __init__(self):
        self.state = None
        self.letters = []

    def look(self, moment, *troubles):
        """Look at a moment; return what the letter says, if there is one: its kind, and the codes in it."""
        as_of = at(moment)
        titles = {one.key: one.code for one in troubles}
        self.state = after_look(self.state, troubles, titles=titles, as_of=as_of)
        news = news_of(self.state, troubles, as_of=as_of, is_working_day=CALENDAR.is_working_day)
        if news is None:
            return None
        self.state = after_letter(self.state, news, as_of=as_of)
        self.letters.append(moment)
        return str(news.kind), [one.code for one in news.troubles], [one.title for one in news.over]


@pytest.fixture
def watch():
    return Watch()


def test_where_all_is_well_nobody_is_written_to(watch):
    assert watch.look("12 11:17") is None
    assert watch.look("13 11:17") is None


def test_what_is_new_is_told_at_once_and_not_at_the_next_look(watch):
    assert watch.look("12 11:17", PAUSED) == ("new", ["pool_paused"], [])
    assert watch.look("12 11:18", PAUSED) is None
    assert watch.look("12 12:17", PAUSED) is None
    assert watch.look("12 23:17", PAUSED) is None


def test_a_look_every_minute_writes_one_letter_a_working_day(watch):
    for day in (10, 11, 12, 13, 14, 15, 16, 17):  # Monday to Monday
        for minute in range(0, 24 * 60, 10):
            watch.look(f"{day} {minute // 60:02d}:{minute % 60:02d}", PAUSED)

    assert watch.letters == ["10 00:00", "11 08:30", "12 08:30", "13 08:30", "14 08:30", "17 08:30"]


def test_what_is_only_a_warning_is_told_again_after_a_week(watch):
    told = [day for day in range(10, 32) if watch.look(f"{day} 09:17", DISK)]

    assert told == [10, 17, 24, 31]


def test_what_passes_by_itself_is_told_only_when_it_has_not(watch):
    assert watch.look("12 11:00", AWAY) is None
    assert watch.look("12 11:19", AWAY) is None
    assert watch.look("12 11:20", AWAY) == ("new", ["server_away"], [])


def test_what_passed_meanwhile_is_never_told(watch):
    watch.look("12 11:00", AWAY)

    assert watch.look("12 11:17") is None
    assert watch.look("12 11:30", AWAY) is None


def test_a_note_is_for_the_screen_alone(watch):
    assert watch.look("12 11:17", NOTE) is None


def test_a_second_trouble_stands_before_the_first_in_the_next_letter(watch):
    watch.look("12 11:17", PAUSED)

    assert watch.look("12 12:17", PAUSED, DISK) == ("new", ["disk_low", "pool_paused"], [])


def test_a_second_trouble_within_the_hour_waits_for_the_next_look(watch):
    watch.look("12 11:17", PAUSED)

    assert watch.look("12 11:30", PAUSED, DISK) is None
    assert watch.look("12 12:17", PAUSED, DISK) == ("new", ["disk_low", "pool_paused"], [])


def test_whatever_comes_there_are_four_letters_a_day_and_the_rest_comes_tomorrow(watch):
    many = [Trouble("pass_late", Check.PASSES, Grade.FAILING, f"p{number}") for number in range(8)]
    for hour in range(9, 17):
        watch.look(f"12 {hour:02d}:17", *many[: hour - 8])

    assert watch.letters == ["12 09:17", "12 10:17", "12 11:17", "12 12:17"]
    assert watch.look("13 00:17", *many) == ("new", ["pass_late"] * 8, [])


def test_when_all_is_well_again_that_is_said_once_and_not_at_the_first_glimpse(watch):
    watch.look("12 09:17", PAUSED)
    watch.look("12 10:17", PAUSED)

    assert watch.look("12 11:17") is None
    assert watch.look("12 12:17") == ("well", [], ["pool_paused"])
    assert watch.look("12 13:17") is None
    assert watch.look("13 09:17") is None


def test_what_comes_and_goes_is_told_once(watch):
    watch.look("12 09:17", PAUSED)
    looks = [watch.look(f"12 {hour:02d}:17", *([PAUSED] if hour % 2 else [])) for hour in range(10, 20)]

    assert looks == [None] * 10


def test_what_is_over_while_another_lasts_stands_in_the_next_letter_and_in_no_other(watch):
    watch.look("11 09:17", PAUSED, DISK)

    assert watch.look("11 12:17", PAUSED) is None
    assert watch.look("12 09:17", PAUSED) == ("still", ["pool_paused"], ["disk_low"])
    assert watch.look("13 09:17", PAUSED) == ("still", ["pool_paused"], [])


def test_what_is_over_and_was_never_told_is_not_told(watch):
    watch.look("12 11:00", AWAY)

    assert watch.look("12 15:00") is None


def test_a_trouble_that_turned_into_a_note_is_over(watch):
    watch.look("12 09:17", DISK)
    small = Trouble("disk_low", Check.DISK, Grade.NOTE, "home")

    assert [watch.look(f"12 {hour}:17", small) for hour in (10, 11)] == [None, ("well", [], ["disk_low"])]


def test_a_letter_says_since_when_and_a_look_late_does_not_make_it_younger(watch):
    told = Trouble("runs_late", Check.FLOW_RUNS, Grade.WARNING, "collect", at("12 08:00"))
    watch.look("12 09:17", told, PAUSED)
    watch.look("12 10:17", told, PAUSED)

    assert watch.state.since(told) == at("12 08:00")
    assert watch.state.since(PAUSED) == at("12 09:17")


def test_what_was_gone_for_a_while_lasts_from_its_new_beginning(watch):
    def late(since):
        return Trouble("pass_late", Check.PASSES, Grade.FAILING, "collect", at(since))

    watch.look("12 09:17", late("12 08:30"))
    watch.look("12 10:17")
    watch.look("12 11:17", late("12 10:40"))

    assert watch.state.known[0].since == at("12 10:40")


def test_a_clock_that_was_put_back_neither_silences_nor_repeats(watch):
    watch.look("12 09:17", PAUSED)

    assert watch.look("11 09:17", PAUSED) is None
    assert watch.look("11 10:17", PAUSED, DISK) == ("new", ["disk_low", "pool_paused"], [])
