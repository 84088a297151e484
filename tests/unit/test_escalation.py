"""The ladder of Jiangsu 2022 (催报梯级): who is written to on which day, with the dates written out."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.work_calendar import published_calendar
from phaseout.domain.calendar import CHINA, days_between
from phaseout.domain.campaign import Audience, CalendarPolicy, CountedIn, Hardness, Rung
from phaseout.domain.decision import Decision
from phaseout.domain.escalation import climb_of, plan_letters, rung_to_send
from phaseout.domain.exemption import Exemption
from phaseout.domain.letter import LetterItem, LetterKind
from phaseout.domain.obligation import Obligation, Standing, StandingView, Submitted, paper_of, standing_of
from phaseout.settings import PROJECT

CALENDAR = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
LADDER = FileDefinitions(PROJECT).campaign("jiangsu-2022").ladder
REQUEST, REMINDER, OVERDUE = LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE
SUPERVISION, CRITICISM = LetterKind.SUPERVISION, LetterKind.CRITICISM
COORDINATION = LetterKind.COORDINATION


def owed(due, *, opens=None, closes=None, unit="320500", name="summary", hardness=Hardness.HARD):
    """Return an obligation of Suzhou, or of another *unit*; its window is the whole campaign unless given."""
    return Obligation(
        id=f"jiangsu-2022/{unit}/{name}",
        campaign="jiangsu-2022",
        unit=unit,
        milestone=name,
        form="survey_summary",
        industry=None,
        period=None,
        opens=opens or date(2022, 5, 20),
        nominal_due=due,
        due=due,
        due_policy=CalendarPolicy.KEEP,
        reminder_date=CALENDAR.before(due),
        closes=closes or date(2022, 12, 31),
        hardness=hardness,
        basis="二（三）1",
    )


def stand(obligation, day, submissions=()):
    return standing_of(
        obligation,
        submissions,
        calendar=CALENDAR,
        correction_working_days=3,
        as_of=datetime(day.year, day.month, day.day, 9, tzinfo=CHINA),
    )


def letters_of(day, *obligations, written=(), submissions=(), ladder=LADDER, grace=None):
    """Return what is planned on a day."""
    known = {one.id: [each for each in submissions if each.obligation == one.id] for one in obligations}
    return plan_letters(
        [(obligation, stand(obligation, day, known[obligation.id])) for obligation in obligations],
        ladder=ladder,
        written=written,
        calendar=CALENDAR,
        today=day,
        grace=grace,
    )


def walked(first, last, *obligations, written=(), **how):
    """Plan each day in turn, as the daily run does; return day, kind and whether it waits for release, and items."""
    known, course = set(written), []
    for day in days_between(first, last):
        for letter in letters_of(day, *obligations, written=known, **how):
            known |= {item for line in letter.lines for item in line.items}
            course.append((day, letter.kind, letter.release))
    return course, known


def walk(first, last, *obligations, **how):
    """Plan each day in turn, from a clean sheet; return day, kind and whether it waits for release."""
    return walked(first, last, *obligations, **how)[0]


def item_of(obligation, rung, *, climb=0):
    return LetterItem(obligation.id, rung, climb)


SENT, DRAFT = False, True


@pytest.mark.parametrize(
    ("due", "opens", "course"),
    [
        pytest.param(
            date(2022, 8, 12),
            date(2022, 7, 25),
            [
                (date(2022, 7, 25), REQUEST, SENT),
                (date(2022, 8, 3), REMINDER, SENT),
                (date(2022, 8, 9), REMINDER, SENT),
                (date(2022, 8, 11), REMINDER, SENT),
                (date(2022, 8, 15), OVERDUE, SENT),
                (date(2022, 8, 17), SUPERVISION, DRAFT),
                (date(2022, 8, 23), CRITICISM, DRAFT),
            ],
            id="the summary, due on a Friday",
        ),
        pytest.param(
            date(2022, 6, 3),
            date(2022, 5, 20),
            [
                (date(2022, 5, 20), REQUEST, SENT),
                (date(2022, 5, 25), REMINDER, SENT),
                (date(2022, 5, 31), REMINDER, SENT),
                (date(2022, 6, 2), REMINDER, SENT),
                (date(2022, 6, 6), OVERDUE, SENT),
                (date(2022, 6, 8), SUPERVISION, DRAFT),
                (date(2022, 6, 14), CRITICISM, DRAFT),
            ],
            id="the contact list, due on Dragon Boat Festival",
        ),
        pytest.param(
            date(2022, 9, 30),
            date(2022, 9, 23),
            [
                (date(2022, 9, 23), REQUEST, SENT),
                (date(2022, 9, 27), REMINDER, SENT),
                (date(2022, 9, 29), REMINDER, SENT),
                (date(2022, 10, 8), OVERDUE, SENT),
                (date(2022, 10, 10), SUPERVISION, DRAFT),
                (date(2022, 10, 14), CRITICISM, DRAFT),
            ],
            id="September's progress, over the National Day week with two make-up days",
        ),
        pytest.param(
            date(2022, 10, 30),
            date(2022, 10, 23),
            [
                (date(2022, 10, 24), REQUEST, SENT),
                (date(2022, 10, 26), REMINDER, SENT),
                (date(2022, 10, 28), REMINDER, SENT),
                (date(2022, 10, 31), OVERDUE, SENT),
                (date(2022, 11, 2), SUPERVISION, DRAFT),
                (date(2022, 11, 8), CRITICISM, DRAFT),
            ],
            id="October's progress, opened and due on Sundays",
        ),
    ],
)
def test_a_unit_that_never_answers_climbs_the_ladder_day_by_day(due, opens, course):
    obligation = owed(due, opens=opens)

    assert walk(date(2022, 5, 1), date(2022, 12, 31), obligation) == course


def test_a_soft_obligation_is_reminded_and_never_escalated():
    inventory = owed(date(2022, 7, 30), opens=date(2022, 6, 6), closes=date(2022, 10, 31), hardness=Hardness.SOFT)

    assert walk(date(2022, 6, 1), date(2022, 10, 31), inventory) == [
        (date(2022, 6, 6), REQUEST, SENT),
        (date(2022, 7, 21), REMINDER, SENT),
        (date(2022, 7, 27), REMINDER, SENT),
        (date(2022, 7, 29), REMINDER, SENT),
    ]


@pytest.mark.parametrize(
    ("today", "last_order", "rung"),
    [
        pytest.param(date(2022, 8, 2), 0, None, id="silence eight working days before"),
        pytest.param(date(2022, 8, 3), 0, 1, id="a first reminder seven before"),
        pytest.param(date(2022, 8, 8), 1, None, id="not twice"),
        pytest.param(date(2022, 8, 12), 3, None, id="silence on the due date itself"),
        pytest.param(date(2022, 8, 13), 3, None, id="silence on the Saturday after, no working day late yet"),
        pytest.param(date(2022, 8, 15), 3, 4, id="overdue on the Monday after"),
        pytest.param(date(2022, 8, 22), 0, 5, id="an outage of weeks gives the highest rung reached alone"),
        pytest.param(date(2022, 8, 23), 6, None, id="nothing above the last rung"),
        pytest.param(date(2022, 12, 30), 6, None, id="nothing months later"),
    ],
)
def test_the_rung_of_a_day_is_the_highest_reached_and_not_yet_written(today, last_order, rung):
    found = rung_to_send(LADDER, due=date(2022, 8, 12), today=today, last_order=last_order, calendar=CALENDAR)

    assert (found.order if found else None) == rung


def test_after_an_outage_a_unit_gets_one_letter_and_not_the_backlog():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))
    requested = {LetterItem(summary.id, 0, 0)}

    missed = letters_of(date(2022, 8, 15), summary, written=requested)

    assert [(letter.kind, letter.release) for letter in missed] == [(OVERDUE, SENT)]
    assert [line.items for line in missed[0].lines] == [(LetterItem(summary.id, 4, 0),)]
    assert letters_of(date(2022, 8, 15), summary, written=requested | set(missed[0].lines[0].items)) == ()


def test_a_window_that_opens_within_the_reminders_makes_one_request_that_settles_both():
    late_opened = owed(date(2022, 9, 30), opens=date(2022, 9, 26))

    (letter,) = letters_of(date(2022, 9, 26), late_opened)

    assert letter.kind is REQUEST
    assert letter.lines[0].items == (LetterItem(late_opened.id, 0, 0), LetterItem(late_opened.id, 1, 0))


def test_all_that_a_unit_owes_goes_into_one_letter_of_the_most_urgent_kind():
    late = owed(date(2022, 8, 12), name="summary")
    soon = owed(date(2022, 8, 24), name="inventory")
    opening = owed(date(2022, 8, 30), opens=date(2022, 8, 15), name="monthly_progress")
    elsewhere = owed(date(2022, 8, 24), unit="320100", name="inventory")
    requested = {LetterItem(one.id, 0, 0) for one in (late, soon, elsewhere)}

    letters = letters_of(date(2022, 8, 15), late, soon, opening, elsewhere, written=requested)

    assert [(letter.unit, letter.kind) for letter in letters] == [("320100", REMINDER), ("320500", OVERDUE)]
    assert {line.obligation.milestone: line.letter for line in letters[1].lines} == {
        "summary": OVERDUE,
        "inventory": REMINDER,
        "monthly_progress": REQUEST,
    }


def test_notices_that_wait_for_release_are_drafts_of_their_own_beside_the_digest():
    supervised = owed(date(2022, 8, 12), name="summary")
    criticised = owed(date(2022, 8, 8), name="inventory")
    opening = owed(date(2022, 8, 30), opens=date(2022, 8, 17), name="monthly_progress")
    # The overdue notices have gone out; so has the supervision letter about the second.
    told = {LetterItem(supervised.id, 4, 0), LetterItem(criticised.id, 4, 0)}
    written = told | {LetterItem(criticised.id, 5, 0)}

    letters = letters_of(date(2022, 8, 17), supervised, criticised, opening, written=written)

    assert [(letter.kind, letter.release, len(letter.lines)) for letter in letters] == [
        (REQUEST, SENT, 1),
        (CRITICISM, DRAFT, 1),
        (SUPERVISION, DRAFT, 1),
    ]


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2022, 8, 13), id="a Saturday"),
        pytest.param(date(2022, 8, 14), id="a Sunday"),
        pytest.param(date(2022, 6, 3), id="Dragon Boat Festival"),
        pytest.param(date(2022, 10, 5), id="the National Day week"),
    ],
)
def test_nothing_is_written_on_a_day_off(day):
    assert letters_of(day, owed(date(2022, 6, 2)), owed(date(2022, 8, 1), unit="320100")) == ()


@pytest.mark.parametrize(
    ("day", "is_written"),
    [
        pytest.param(date(2022, 8, 24), False, id="the day before the window opens"),
        pytest.param(date(2022, 8, 25), True, id="the day it opens"),
        pytest.param(date(2022, 9, 22), True, id="the close date"),
        pytest.param(date(2022, 9, 23), False, id="the day after the close date"),
    ],
)
def test_an_obligation_is_written_about_within_its_window_alone(day, is_written):
    progress = owed(date(2022, 8, 30), opens=date(2022, 8, 25), closes=date(2022, 9, 22))

    assert bool(letters_of(day, progress)) is is_written


def test_a_goal_is_never_written_about():
    goal = replace(owed(date(2022, 11, 30), hardness=Hardness.GOAL), form=None)

    assert letters_of(date(2022, 12, 1), goal) == ()


@pytest.mark.parametrize(
    ("decision", "standing"),
    [
        pytest.param(Decision.ACCEPTED, Standing.ACCEPTED, id="accepted"),
        pytest.param(Decision.HELD, Standing.HELD, id="held for a person"),
        pytest.param(None, Standing.RECEIVED, id="received, not decided yet"),
    ],
)
def test_a_unit_that_has_filed_is_left_alone(decision, standing):
    summary = owed(date(2022, 8, 12))
    arrived = datetime(2022, 8, 15, 8, tzinfo=CHINA)
    filed = Submitted(summary.id, 1, arrived, arrived if decision else None, decision, 0, {})

    assert stand(summary, date(2022, 8, 17), [filed]).standing is standing
    assert letters_of(date(2022, 8, 17), summary, submissions=[filed]) == ()


def test_a_returned_submission_climbs_from_its_correction_date():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))
    decided = datetime(2022, 8, 22, 10, tzinfo=CHINA)  # wanted again three working days later, on 08-25
    returned = Submitted(summary.id, 1, decided, decided, Decision.RETURNED, 2, {})

    assert walk(date(2022, 8, 23), date(2022, 12, 31), summary, submissions=[returned]) == [
        (date(2022, 8, 24), REMINDER, SENT),
        (date(2022, 8, 26), OVERDUE, SENT),
        (date(2022, 8, 30), SUPERVISION, DRAFT),
        (date(2022, 9, 5), CRITICISM, DRAFT),
    ]


def test_each_returned_version_climbs_anew():
    summary = owed(date(2022, 8, 12))
    first = datetime(2022, 8, 15, 10, tzinfo=CHINA)
    second = datetime(2022, 8, 22, 10, tzinfo=CHINA)
    returned = [
        Submitted(summary.id, 1, first, first, Decision.RETURNED, 2, {}),
        Submitted(summary.id, 2, second, second, Decision.RETURNED, 1, {}),
    ]
    written = {LetterItem(summary.id, rung, 1) for rung in (3, 4)}

    (letter,) = letters_of(date(2022, 8, 24), summary, written=written, submissions=returned)

    assert letter.lines[0].items == (LetterItem(summary.id, 3, 2),)
    assert letter.lines[0].due == date(2022, 8, 25)


def test_a_return_before_the_due_date_leaves_the_unit_until_then():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))
    decided = datetime(2022, 7, 28, 10, tzinfo=CHINA)
    returned = Submitted(summary.id, 1, decided, decided, Decision.RETURNED, 2, {})

    course = walk(date(2022, 7, 29), date(2022, 8, 16), summary, submissions=[returned])

    assert course == [(date(2022, 8, 11), REMINDER, SENT), (date(2022, 8, 15), OVERDUE, SENT)]


def test_a_line_says_how_late_it_is_in_working_days():
    summary = owed(date(2022, 9, 30))
    requested = {LetterItem(summary.id, 0, 0)}

    letters = letters_of(date(2022, 10, 10), summary, written=requested)

    assert [(letter.kind, letter.lines[0].days_late) for letter in letters] == [(OVERDUE, 3), (SUPERVISION, 3)]


def test_a_draft_that_waits_does_not_silence_the_letter_to_the_unit():
    summary = owed(date(2022, 8, 12))
    withheld = {LetterItem(summary.id, 6, 0)}

    (letter,) = letters_of(date(2022, 8, 24), summary, written=withheld)

    # It was never asked: the notice goes to the unit itself, with the form that the request would have brought.
    assert (letter.kind, letter.release) == (OVERDUE, SENT)
    assert [item.rung for item in letter.lines[0].items] == [0, 4]


def test_the_letters_follow_from_standing_whatever_the_order_asked():
    view = StandingView(Standing.LATE, "", None, None, 1, 0, 0, None)
    obligations = [owed(date(2022, 8, 12), unit=unit, name=name) for unit in "ba" for name in ("summary", "inventory")]
    asked = [(obligation, view) for obligation in obligations]

    forwards, backwards = (
        plan_letters(order, ladder=LADDER, written=(), calendar=CALENDAR, today=date(2022, 8, 15))
        for order in (asked, asked[::-1])
    )

    assert [(letter.unit, letter.kind) for letter in forwards] == [("a", OVERDUE), ("b", OVERDUE)]
    assert {frozenset(letter.lines) for letter in forwards} == {frozenset(letter.lines) for letter in backwards}


def moved(obligation, due, *, times=1):
    """Return an obligation as an extension, or a new plan, leaves it."""
    return obligation.extended_to(due, times=times, calendar=CALENDAR)


def test_an_extension_starts_a_new_climb_with_reminders_before_the_new_date():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))

    before, written = walked(date(2022, 7, 25), date(2022, 8, 10), summary)
    after, _ = walked(date(2022, 8, 11), date(2022, 12, 31), moved(summary, date(2022, 8, 22)), written=written)

    assert before == [
        (date(2022, 7, 25), REQUEST, SENT),
        (date(2022, 8, 3), REMINDER, SENT),
        (date(2022, 8, 9), REMINDER, SENT),
    ]
    assert after == [
        (date(2022, 8, 11), REMINDER, SENT),  # seven working days before the new date; and no second request
        (date(2022, 8, 17), REMINDER, SENT),
        (date(2022, 8, 19), REMINDER, SENT),
        (date(2022, 8, 23), OVERDUE, SENT),
        (date(2022, 8, 25), SUPERVISION, DRAFT),
        (date(2022, 8, 31), CRITICISM, DRAFT),
    ]


def test_an_extension_of_a_unit_that_is_late_takes_it_down_to_the_reminders():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))

    before, written = walked(date(2022, 8, 12), date(2022, 8, 17), summary, written={item_of(summary, 0)})
    after, _ = walked(date(2022, 8, 18), date(2022, 8, 30), moved(summary, date(2022, 8, 26)), written=written)

    assert before == [
        (date(2022, 8, 12), REMINDER, SENT),
        (date(2022, 8, 15), OVERDUE, SENT),
        (date(2022, 8, 17), SUPERVISION, DRAFT),
    ]
    assert after == [
        (date(2022, 8, 18), REMINDER, SENT),
        (date(2022, 8, 23), REMINDER, SENT),
        (date(2022, 8, 25), REMINDER, SENT),
        (date(2022, 8, 29), OVERDUE, SENT),
    ]


def test_a_second_extension_is_a_third_climb():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))
    twice = moved(summary, date(2022, 9, 2), times=2)
    written = {item_of(summary, rung, climb=climb) for rung in range(4) for climb in (0, 1)}

    (letter,) = letters_of(date(2022, 9, 1), twice, written=written)

    assert letter.lines[0].items == (LetterItem(summary.id, 3, 2),)


@pytest.mark.parametrize(
    ("planned", "anew", "course"),
    [
        pytest.param(
            date(2022, 10, 30),
            date(2022, 11, 4),
            [
                (date(2022, 10, 26), REMINDER, SENT),
                (date(2022, 11, 1), REMINDER, SENT),
                (date(2022, 11, 3), REMINDER, SENT),
                (date(2022, 11, 7), OVERDUE, SENT),
            ],
            id="to a later day",
        ),
        pytest.param(
            date(2022, 10, 30),
            date(2022, 10, 28),
            [
                (date(2022, 10, 26), REMINDER, SENT),  # three before the old day, and what the new day asks is reached
                (date(2022, 10, 27), REMINDER, SENT),
                (date(2022, 10, 31), OVERDUE, SENT),
                (date(2022, 11, 2), SUPERVISION, DRAFT),
            ],
            id="to an earlier day",
        ),
    ],
)
def test_a_new_plan_starts_a_new_climb(planned, anew, course):
    progress = owed(planned, opens=date(2022, 10, 10), name="monthly_progress")
    replanned = replace(progress, due=anew, moves=1)
    written = {item_of(progress, rung) for rung in (0, 1)}

    assert walked(date(2022, 10, 26), date(2022, 11, 7), replanned, written=written)[0] == course


def test_a_return_after_an_extension_climbs_by_its_correction_date_on_rungs_of_its_own():
    summary = moved(owed(date(2022, 8, 12), opens=date(2022, 7, 25)), date(2022, 8, 22))
    decided = datetime(2022, 8, 19, 10, tzinfo=CHINA)  # wanted again on 08-24
    returned = Submitted(summary.id, 1, decided, decided, Decision.RETURNED, 2, {})
    # What was written before the extension, and after it.
    written = {item_of(summary, rung, climb=climb) for rung in range(4) for climb in (0, 1)}

    course, written = walked(date(2022, 8, 22), date(2022, 8, 29), summary, written=written, submissions=[returned])

    assert course == [
        (date(2022, 8, 23), REMINDER, SENT),
        (date(2022, 8, 25), OVERDUE, SENT),
        (date(2022, 8, 29), SUPERVISION, DRAFT),
    ]
    assert {item for item in written if item.version == 2} == {item_of(summary, rung, climb=2) for rung in (3, 4, 5)}


def test_a_returned_form_is_not_asked_for_anew():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))
    decided = datetime(2022, 7, 28, 10, tzinfo=CHINA)
    returned = Submitted(summary.id, 1, decided, decided, Decision.RETURNED, 2, {})

    (letter,) = letters_of(date(2022, 8, 11), summary, submissions=[returned])

    assert (letter.kind, letter.lines[0].items) == (REMINDER, (item_of(summary, 3, climb=1),))


def test_a_file_between_two_extensions_never_leads_back_to_a_climb_that_was_begun():
    obligation = owed(date(2022, 8, 12))
    returned = StandingView(Standing.RETURNED, "", None, None, 0, 2, 1, date(2022, 8, 25))
    late = StandingView(Standing.LATE, "", None, None, 0, 0, 0, None)

    climbs = [
        climb_of(obligation, late),
        climb_of(moved(obligation, date(2022, 8, 22)), late),
        climb_of(moved(obligation, date(2022, 8, 22)), returned),
        climb_of(moved(obligation, date(2022, 8, 29), times=2), returned),
    ]

    assert climbs == [0, 1, 3, 4]


CALENDAR_DAYS = (
    Rung(1, -3, REMINDER, (Audience.CONTACT,), release=False, counted_in=CountedIn.CALENDAR_DAYS),
    Rung(2, 1, OVERDUE, (Audience.CONTACT,), release=False, counted_in=CountedIn.CALENDAR_DAYS),
    Rung(3, 10, SUPERVISION, (Audience.LEADER,), release=True, counted_in=CountedIn.CALENDAR_DAYS),
)


@pytest.mark.parametrize(
    ("due", "course"),
    [
        pytest.param(
            date(2022, 8, 12),
            [
                (date(2022, 8, 9), REMINDER, SENT),
                (date(2022, 8, 15), OVERDUE, SENT),  # the day after is a Saturday
                (date(2022, 8, 22), SUPERVISION, DRAFT),
            ],
            id="due on a Friday",
        ),
        pytest.param(
            date(2022, 9, 30),
            [
                (date(2022, 9, 27), REMINDER, SENT),
                (date(2022, 10, 8), OVERDUE, SENT),  # a make-up Saturday after the National Day week
                (date(2022, 10, 10), SUPERVISION, DRAFT),
            ],
            id="due before the National Day week",
        ),
        pytest.param(
            date(2022, 8, 16),
            [
                (date(2022, 8, 15), REMINDER, SENT),  # three days before is a Saturday
                (date(2022, 8, 17), OVERDUE, SENT),
                (date(2022, 8, 26), SUPERVISION, DRAFT),
            ],
            id="a reminder on a Saturday waits until Monday",
        ),
    ],
)
def test_a_rung_may_be_counted_in_calendar_days_and_is_written_on_the_next_working_day(due, course):
    summary = owed(due, opens=date(2022, 7, 25))

    walked_course, _ = walked(
        date(2022, 8, 1), date(2022, 10, 31), summary, written={item_of(summary, 0)}, ladder=CALENDAR_DAYS
    )

    assert walked_course == course


@pytest.mark.parametrize(
    ("grace", "course"),
    [
        pytest.param(
            0,
            [
                (date(2022, 8, 15), OVERDUE, SENT),
                (date(2022, 8, 17), SUPERVISION, DRAFT),
                (date(2022, 8, 23), CRITICISM, DRAFT),
            ],
            id="none",
        ),
        pytest.param(
            2,
            [
                (date(2022, 8, 17), OVERDUE, SENT),
                (date(2022, 8, 17), SUPERVISION, DRAFT),
                (date(2022, 8, 23), CRITICISM, DRAFT),
            ],
            id="two working days",
        ),
        pytest.param(
            5,
            [
                (date(2022, 8, 22), OVERDUE, SENT),
                (date(2022, 8, 22), SUPERVISION, DRAFT),
                (date(2022, 8, 23), CRITICISM, DRAFT),
            ],
            id="a week",
        ),
        pytest.param(
            10,
            [(date(2022, 8, 29), OVERDUE, SENT), (date(2022, 8, 29), CRITICISM, DRAFT)],
            id="longer than the ladder: its highest rung alone",
        ),
    ],
)
def test_in_the_grace_nothing_but_reminders_is_written(grace, course):
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))
    told = {item_of(summary, rung) for rung in (0, 1, 2, 3)}

    assert walked(date(2022, 8, 13), date(2022, 9, 30), summary, written=told, grace={"summary": grace})[0] == course


def test_in_the_grace_a_reminder_that_is_due_is_written():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))

    (letter,) = letters_of(date(2022, 8, 15), summary, written={item_of(summary, 0)}, grace={"summary": 3})

    assert letter.kind is REMINDER


def test_the_grace_of_one_milestone_is_not_anothers():
    summary, contact = owed(date(2022, 8, 12)), owed(date(2022, 8, 12), name="contact_list")
    asked = {item_of(one, rung) for one in (summary, contact) for rung in range(4)}

    (letter,) = letters_of(date(2022, 8, 15), summary, contact, written=asked, grace={"summary": 3})

    assert [line.obligation for line in letter.lines] == [contact]


@pytest.mark.parametrize("hardness", [Hardness.OPEN, Hardness.INFO])
def test_an_open_act_and_history_are_never_written_about(hardness):
    assert walk(date(2022, 5, 20), date(2022, 12, 31), owed(date(2022, 8, 12), hardness=hardness)) == []


def test_what_a_unit_is_exempt_from_is_not_written_about():
    summary = owed(date(2022, 8, 12))
    late = StandingView(Standing.LATE, "", None, None, 1, 0, 0, None)
    exempt = late.exempted(Exemption(summary.id, "王某", "已划转", datetime(2022, 8, 10, tzinfo=CHINA)))

    def letters(view):
        return plan_letters([(summary, view)], ladder=LADDER, written=(), calendar=CALENDAR, today=date(2022, 8, 15))

    assert letters(late)
    assert letters(exempt) == ()


def test_a_run_after_an_outage_of_weeks_writes_todays_rung_and_never_that_of_yesterday():
    summary = owed(date(2022, 8, 12), opens=date(2022, 7, 25))
    requested = {item_of(summary, 0)}

    letters = letters_of(date(2022, 8, 24), summary, written=requested)

    assert [(letter.kind, letter.release) for letter in letters] == [(OVERDUE, SENT), (CRITICISM, DRAFT)]
    done = requested | {item for letter in letters for line in letter.lines for item in line.items}
    assert walked(date(2022, 8, 25), date(2022, 12, 31), summary, written=done)[0] == []


# Paper


def paper_with(file):
    """Return a file's obligation with that of its paper."""
    return file, paper_of(file)


def test_paper_is_reminded_of_once_its_file_is_accepted_and_never_asked_for_or_escalated():
    file, paper = paper_with(owed(date(2022, 8, 12), opens=date(2022, 7, 25)))
    accepted = datetime(2022, 8, 8, 10, tzinfo=CHINA)
    filed = Submitted(file.id, 1, accepted, accepted, Decision.ACCEPTED, 0, {})

    assert walk(date(2022, 8, 9), date(2022, 12, 31), file, paper, submissions=[filed]) == [
        (date(2022, 8, 9), REMINDER, SENT),
        (date(2022, 8, 11), REMINDER, SENT),
    ]


def test_paper_of_a_file_that_has_not_come_is_not_asked_for():
    file, paper = paper_with(owed(date(2022, 8, 12), opens=date(2022, 7, 25)))

    (letter,) = letters_of(date(2022, 7, 25), file, paper)

    assert [line.obligation for line in letter.lines] == [file]


def test_on_the_day_of_the_receipt_that_asks_for_it_paper_is_not_reminded_of():
    file, paper = paper_with(owed(date(2022, 8, 12), opens=date(2022, 7, 25)))
    accepted = datetime(2022, 8, 9, 8, tzinfo=CHINA)
    filed = Submitted(file.id, 1, accepted, accepted, Decision.ACCEPTED, 0, {})

    assert letters_of(date(2022, 8, 9), file, paper, submissions=[filed]) == ()
    assert [letter.kind for letter in letters_of(date(2022, 8, 10), file, paper, submissions=[filed])] == [REMINDER]


# Enterprises

ENTERPRISES = (
    Rung(1, 5, COORDINATION, (Audience.COORDINATION_BODY,), release=True),
    Rung(2, 20, COORDINATION, (Audience.COORDINATION_BODY,), release=True),
)


def goal(*, unit="320500", moves=0, due=date(2022, 11, 30)):
    closure = owed(due, opens=date(2022, 8, 12), unit=unit, name="closure", hardness=Hardness.GOAL)
    return replace(closure, form=None, moves=moves)


@pytest.mark.parametrize(
    ("standing", "course"),
    [
        pytest.param(
            Standing.LATE,
            [(date(2022, 12, 7), COORDINATION, DRAFT), (date(2022, 12, 28), COORDINATION, DRAFT)],
            id="not met",
        ),
        pytest.param(Standing.ACCEPTED, [], id="met"),
    ],
)
def test_closures_that_are_not_done_climb_a_ladder_of_their_own(standing, course):
    view = StandingView(standing, "", None, None, 0, 0, 0, None)

    assert walked_views(date(2022, 11, 1), date(2022, 12, 31), goal(), view) == course


def test_what_concerns_enterprises_always_waits_for_a_person():
    careless = tuple(replace(rung, release=False) for rung in ENTERPRISES)
    view = StandingView(Standing.LATE, "", None, None, 5, 0, 0, None)

    (letter,) = plan_letters(
        [(goal(), view)],
        ladder=LADDER,
        written=(),
        calendar=CALENDAR,
        today=date(2022, 12, 7),
        enterprise_ladder=careless,
    )

    assert (letter.kind, letter.release) == (COORDINATION, DRAFT)


def test_a_later_day_for_the_closures_is_a_new_climb():
    view = StandingView(Standing.LATE, "", None, None, 5, 0, 0, None)
    later = goal(moves=1, due=date(2022, 12, 9))

    assert walked_views(date(2022, 12, 8), date(2022, 12, 31), later, view, written={LetterItem(later.id, 1, 0)}) == [
        (date(2022, 12, 16), COORDINATION, DRAFT)
    ]


def walked_views(first, last, obligation, view, *, written=()):
    """Plan each day in turn for an obligation that stands as *view* says."""
    known, course = set(written), []
    for day in days_between(first, last):
        for letter in plan_letters(
            [(obligation, view)],
            ladder=LADDER,
            written=known,
            calendar=CALENDAR,
            today=day,
            enterprise_ladder=ENTERPRISES,
        ):
            known |= {item for line in letter.lines for item in line.items}
            course.append((day, letter.kind, letter.release))
    return course


# The order in which a letter speaks


def test_a_letter_belongs_last_to_the_conversation_of_what_is_most_urgent():
    late, later = owed(date(2022, 8, 12)), owed(date(2022, 8, 11), name="inventory")
    opening = owed(date(2022, 8, 30), opens=date(2022, 8, 15), name="monthly_progress")
    asked = {item_of(one, rung) for one in (late, later) for rung in range(4)}

    (letter,) = letters_of(date(2022, 8, 15), late, opening, later, written=asked)

    assert [one.milestone for one in letter.by_urgency] == ["monthly_progress", "summary", "inventory"]
