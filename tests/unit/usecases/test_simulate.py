"""Simulating (模拟): the letters of a whole campaign before it is opened, by how a unit files."""

from dataclasses import replace
from datetime import date

import pytest

from phaseout.domain.calendar import DayOff
from phaseout.domain.campaign import UnknownUnit
from phaseout.domain.letter import LetterKind
from phaseout.usecases.simulate import Behaviour, NotLate, simulate
from tests.unit.usecases.office import Office, calendar, definitions, two_cities
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU

NEVER, LATE, ON_TIME = Behaviour.NEVER, Behaviour.LATE, Behaviour.ON_TIME


def simulated(**how):
    return simulate(definitions().campaign(CAMPAIGN), calendar=calendar(), **how)


def letters_about(milestone, behaviour, *, period=None, **how):
    """Return day, kind and whether it waits for release of Suzhou's letters about a milestone."""
    return [
        (one.day.isoformat(), one.letter.value, one.release)
        for one in simulated(units=[SUZHOU], behaviours=[behaviour], **how).letters
        if one.about == ((milestone, period),)
    ]


SUMMARY_UNTIL_DUE = [
    ("2022-07-25", "request", False),
    ("2022-08-03", "reminder", False),
    ("2022-08-09", "reminder", False),
    ("2022-08-11", "reminder", False),
]


def test_a_city_that_never_files_its_summary_climbs_the_whole_ladder():
    assert letters_about("summary", NEVER) == [
        *SUMMARY_UNTIL_DUE,
        ("2022-08-15", "overdue", False),
        ("2022-08-17", "supervision", True),
        ("2022-08-23", "criticism", True),
    ]


def test_a_city_that_files_on_the_last_day_hears_no_more_than_the_receipt():
    assert letters_about("summary", ON_TIME) == [*SUMMARY_UNTIL_DUE, ("2022-08-12", "receipt", False)]


@pytest.mark.parametrize(
    ("late_by", "then"),
    [
        pytest.param(1, [("2022-08-15", "overdue"), ("2022-08-15", "receipt")], id="by one working day"),
        pytest.param(
            5, [("2022-08-15", "overdue"), ("2022-08-17", "supervision"), ("2022-08-19", "receipt")], id="by five"
        ),
    ],
)
def test_a_city_that_is_late_is_escalated_until_its_file_is_there(late_by, then):
    told = letters_about("summary", LATE, late_by=late_by)

    assert [letter[:2] for letter in told[len(SUMMARY_UNTIL_DUE) :]] == then


def test_a_soft_obligation_is_only_reminded_of():
    assert {kind for _, kind, _ in letters_about("inventory", NEVER)} == {"reminder"}


def test_what_falls_on_one_day_is_one_letter():
    (letter,) = [
        one
        for one in simulated(units=[SUZHOU], behaviours=[NEVER]).letters
        if one.day == date(2022, 12, 1) and not one.release
    ]

    assert letter.letter is LetterKind.OVERDUE
    assert letter.about == (("monthly_progress", "2022-11"), ("final_list", None))
    assert letter.lines == 3


@pytest.mark.parametrize(("behaviour", "is_owed"), [(ON_TIME, False), (LATE, True), (NEVER, False)], ids=str)
def test_only_who_is_known_to_have_something_open_owes_december_too(behaviour, is_owed):
    assert bool(letters_about("monthly_progress", behaviour, period="2022-12")) is is_owed


@pytest.mark.parametrize(("behaviour", "day"), [(ON_TIME, "2022-12-16"), (LATE, "2023-01-10"), (NEVER, None)], ids=str)
def test_who_has_met_everything_is_thanked_once(behaviour, day):
    thanks = [
        one for one in simulated(units=[SUZHOU], behaviours=[behaviour]).letters if one.letter is LetterKind.THANKS
    ]

    assert [one.day.isoformat() for one in thanks] == ([day] if day else [])


def test_no_letter_is_written_on_a_day_off_and_one_is_on_a_make_up_day():
    days = {one.day for one in simulated().letters}

    assert all(calendar().is_working_day(day) for day in days)
    assert date(2022, 10, 8) in days  # a Saturday on which offices are open


def test_every_city_gets_what_it_alone_would_get():
    everybody = simulated().letters

    for unit in ("320300", SUZHOU):  # with six industries, and with eleven
        assert [one for one in everybody if one.unit == unit] == list(simulated(units=[unit]).letters)
    assert len({one.unit for one in everybody}) == 13


def test_the_days_on_which_offices_are_closed_are_named_with_what_happens_instead():
    clashes = [
        (one.milestone, one.period, one.occasion, one.day, one.cause, one.heard_on) for one in simulated().clashes
    ]

    assert clashes == [
        ("contact_list", None, "due", date(2022, 6, 3), DayOff.STATUTORY_HOLIDAY, date(2022, 6, 2)),
        ("inventory", None, "due", date(2022, 7, 30), DayOff.WEEKEND, date(2022, 7, 29)),
        ("monthly_progress", "2022-10", "opens", date(2022, 10, 23), DayOff.WEEKEND, date(2022, 10, 24)),
        ("monthly_progress", "2022-10", "due", date(2022, 10, 30), DayOff.WEEKEND, date(2022, 10, 28)),
    ]


def test_the_busiest_days_count_the_letters_of_all_units():
    busiest = [one for one in simulated(behaviours=[NEVER]).busy_days if one.day == date(2022, 8, 23)]

    assert [(one.letters, one.drafts) for one in busiest] == [(26, 13)]


def test_a_year_whose_holidays_are_not_published_is_named():
    later = replace(calendar(), provisional_years=frozenset({2022, 2023, 2024}))

    assert simulate(definitions().campaign(CAMPAIGN), calendar=later, behaviours=[NEVER]).provisional_years == (
        2022,
        2023,
    )
    assert simulated(behaviours=[NEVER]).provisional_years == ()


def test_a_campaign_whose_forms_are_still_to_come_can_be_simulated():
    known = definitions().campaign(CAMPAIGN)
    milestones = [replace(one, forms=("nobody_has_defined_it",) if one.forms else ()) for one in known.milestones]
    planned = replace(known, milestones=tuple(milestones), forms_to_come=("nobody_has_defined_it",))

    letters = simulate(planned, calendar=calendar(), units=[SUZHOU], behaviours=[NEVER]).letters

    assert [one.day for one in letters][:2] == [date(2022, 5, 20), date(2022, 5, 25)]


def test_what_is_simulated_is_what_the_office_would_write():
    office = Office(definitions=two_cities())
    expected = [
        (one.day, one.unit, one.letter, one.lines)
        for one in simulate(two_cities().campaign(CAMPAIGN), calendar=calendar(), behaviours=[NEVER]).letters
    ]
    office.open()

    for day in calendar().working_days:
        if date(2022, 5, 20) <= day <= date(2023, 1, 13):
            office.remind(f"{day} 09:00")
            office.deliver(f"{day} 09:05")
    written = [
        (letter.day, letter.unit, letter.kind, len({item.obligation for item in letter.items}))
        for letter in office.letters()
    ]

    assert sorted(written) == sorted(expected)


def test_a_unit_that_the_campaign_does_not_have_is_refused():
    with pytest.raises(UnknownUnit, match="999999"):
        simulated(units=["999999"])


@pytest.mark.parametrize("late_by", [0, -3])
def test_late_by_no_day_is_refused(late_by):
    with pytest.raises(NotLate, match="one or more"):
        simulated(late_by=late_by)
