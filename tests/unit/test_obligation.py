"""Where an obligation (报送义务) stands, as tables; units and submissions are invented."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from phaseout.domain.calendar import CHINA, WorkCalendar, days_between
from phaseout.domain.campaign import CalendarPolicy, Hardness
from phaseout.domain.decision import Decision
from phaseout.domain.exemption import Exemption
from phaseout.domain.obligation import (
    Obligation,
    Standing,
    Submitted,
    correction_date,
    goal_standing,
    paper_of,
    standing_of,
    standings,
)

CALENDAR = WorkCalendar(
    years=frozenset({2022, 2023}),
    working_days=tuple(day for day in days_between(date(2022, 1, 1), date(2023, 12, 31)) if day.weekday() < 5),
)
# Window from Monday 08-01, due on Friday 08-12, closed after Wednesday 08-31.
SUMMARY = Obligation(
    id="lianyun-2022/jia/summary/survey_summary/ferroalloy",
    campaign="lianyun-2022",
    unit="jia",
    milestone="summary",
    form="survey_summary",
    industry="ferroalloy",
    period=None,
    opens=date(2022, 8, 1),
    nominal_due=date(2022, 8, 12),
    due=date(2022, 8, 12),
    due_policy=CalendarPolicy.KEEP,
    reminder_date=date(2022, 8, 11),
    closes=date(2022, 8, 31),
    hardness=Hardness.HARD,
    basis="二（三）1",
)
GOAL = replace(
    SUMMARY,
    id="lianyun-2022/jia/closure",
    milestone="closure",
    form=None,
    industry=None,
    opens=date(2022, 9, 1),
    due=date(2022, 11, 30),
    closes=date(2022, 12, 31),
    hardness=Hardness.GOAL,
)


def at(month, day, hour=9, *, year=2022):
    return datetime(year, month, day, hour, tzinfo=CHINA)


def submitted(arrived, decided=None, decision=None, *, version=1, findings=0, figures=None, period=None):
    obligation = f"lianyun-2022/jia/monthly_progress/progress/{period}" if period else SUMMARY.id
    return Submitted(obligation, version, arrived, decided, decision, findings, figures or {})


def standing(*submissions, as_of, obligation=SUMMARY):
    return standing_of(obligation, submissions, calendar=CALENDAR, correction_working_days=3, as_of=as_of)


ACCEPTED_IN_TIME = submitted(at(8, 10), at(8, 10, 10), Decision.ACCEPTED)
RETURNED_IN_TIME = submitted(at(8, 10), at(8, 10, 10), Decision.RETURNED, findings=4)
HELD = submitted(at(8, 10), at(8, 10, 10), Decision.HELD, findings=1)
CORRECTED = submitted(at(8, 16), at(8, 16, 10), Decision.ACCEPTED, version=2)
AFTER_CLOSE = submitted(at(9, 1), at(9, 1, 10), Decision.ACCEPTED)


@pytest.mark.parametrize(
    ("as_of", "expected", "days_late"),
    [
        pytest.param(at(7, 31), Standing.NOT_OPEN, -10, id="the day before the window"),
        pytest.param(at(8, 1, 0), Standing.OPEN, -9, id="the first minute of the window"),
        pytest.param(at(8, 12, 23), Standing.OPEN, 0, id="the last hour of the due day"),
        pytest.param(at(8, 13, 0), Standing.LATE, 1, id="the Saturday after"),
        pytest.param(at(8, 16), Standing.LATE, 2, id="the Tuesday after"),
        pytest.param(at(8, 31, 23), Standing.LATE, 13, id="the last hour of the close date"),
        pytest.param(at(9, 1, 0), Standing.NEVER_FILED, 13, id="the day after the close date"),
        pytest.param(at(12, 31), Standing.NEVER_FILED, 13, id="months later, no later than closed"),
    ],
)
def test_an_obligation_that_nobody_met_stands_by_the_day(as_of, expected, days_late):
    view = standing(as_of=as_of)

    assert (view.standing, view.days_late) == (expected, days_late)
    assert (view.arrived_at, view.accepted_at, view.versions) == (None, None, 0)


@pytest.mark.parametrize(
    ("submissions", "as_of", "expected", "days_late"),
    [
        pytest.param([ACCEPTED_IN_TIME], at(8, 9), Standing.OPEN, -3, id="before it arrived"),
        pytest.param([ACCEPTED_IN_TIME], at(8, 10), Standing.RECEIVED, -2, id="between arrival and decision"),
        pytest.param([ACCEPTED_IN_TIME], at(8, 10, 10), Standing.ACCEPTED, -2, id="decided"),
        pytest.param([HELD], at(8, 11), Standing.HELD, -2, id="held"),
        pytest.param([RETURNED_IN_TIME], at(8, 20), Standing.RETURNED, -2, id="returned, in time all the same"),
        pytest.param([RETURNED_IN_TIME, CORRECTED], at(8, 16), Standing.RECEIVED, -2, id="correction under check"),
        pytest.param([RETURNED_IN_TIME, CORRECTED], at(8, 17), Standing.ACCEPTED, -2, id="corrected"),
        pytest.param([CORRECTED, RETURNED_IN_TIME], at(8, 17), Standing.ACCEPTED, -2, id="in any order"),
        pytest.param(
            [ACCEPTED_IN_TIME, submitted(at(8, 16), at(8, 16, 10), Decision.RETURNED, version=2, findings=2)],
            at(8, 17),
            Standing.ACCEPTED,
            -2,
            id="a bad supplement does not undo an acceptance",
        ),
        pytest.param([AFTER_CLOSE], at(9, 2), Standing.NEVER_FILED, 13, id="arrived after the close date"),
        pytest.param(
            [RETURNED_IN_TIME, replace(AFTER_CLOSE, version=2)],
            at(9, 2),
            Standing.RETURNED,
            -2,
            id="corrected too late",
        ),
        pytest.param(
            [submitted(at(8, 13), at(8, 13, 10), Decision.ACCEPTED)],
            at(8, 15),
            Standing.ACCEPTED,
            1,
            id="on a Saturday",
        ),
        pytest.param(
            [submitted(at(8, 12, 23), at(8, 13), Decision.ACCEPTED)],
            at(8, 15),
            Standing.ACCEPTED,
            0,
            id="arrived in time, decided later",
        ),
    ],
)
def test_an_obligation_stands_by_what_had_arrived_and_was_decided(submissions, as_of, expected, days_late):
    view = standing(*submissions, as_of=as_of)

    assert (view.standing, view.days_late) == (expected, days_late)


def test_an_accepted_obligation_says_when_and_has_nothing_open():
    view = standing(RETURNED_IN_TIME, CORRECTED, as_of=at(8, 20))

    assert (view.arrived_at, view.accepted_at) == (at(8, 10), at(8, 16, 10))
    assert (view.versions, view.open_findings, view.correction_due) == (2, 0, None)
    assert (view.is_owed, view.reason) == (False, "按期报送，审核通过")


def test_a_returned_obligation_is_owed_until_its_correction_date():
    view = standing(RETURNED_IN_TIME, as_of=at(8, 11))

    assert (view.is_owed, view.open_findings) == (True, 4)
    assert view.correction_due == date(2022, 8, 15)
    assert view.reason == "按期报送，已退回，更正期限2022年8月15日"


def test_findings_of_a_submission_are_not_known_before_it_is_decided():
    assert standing(RETURNED_IN_TIME, as_of=at(8, 10)).open_findings == 0


def test_a_file_after_the_close_date_is_shown_as_a_version_but_does_not_count():
    view = standing(AFTER_CLOSE, as_of=at(9, 2))

    assert (view.versions, view.arrived_at, view.accepted_at) == (1, None, None)


def test_lateness_counts_from_the_mail_that_arrived_first_in_whatever_order_they_were_read():
    read_first = submitted(at(8, 16), at(8, 16, 10), Decision.RETURNED, version=1)
    read_second = submitted(at(8, 12), at(8, 16, 11), Decision.ACCEPTED, version=2)
    view = standing(read_first, read_second, as_of=at(8, 17))

    assert (view.arrived_at, view.days_late) == (at(8, 12), 0)


@pytest.mark.parametrize(
    ("as_of", "owed"),
    [
        pytest.param(at(7, 31), False, id="not open"),
        pytest.param(at(8, 1), True, id="open"),
        pytest.param(at(8, 15), True, id="late"),
        pytest.param(at(9, 1), False, id="never filed"),
    ],
)
def test_a_unit_has_to_act_while_the_window_is_open(as_of, owed):
    assert standing(as_of=as_of).is_owed is owed


@pytest.mark.parametrize(
    ("returned_on", "wanted"),
    [
        pytest.param(date(2022, 8, 11), date(2022, 8, 16), id="three working days over a weekend"),
        pytest.param(date(2022, 8, 3), date(2022, 8, 12), id="never before the due date"),
        pytest.param(date(2022, 8, 13), date(2022, 8, 17), id="returned on a day off"),
    ],
)
def test_a_correction_is_wanted_three_working_days_later(returned_on, wanted):
    assert correction_date(returned_on, SUMMARY.due, calendar=CALENDAR, working_days=3) == wanted


@pytest.mark.parametrize(
    ("due", "reminder_date", "closes"),
    [
        pytest.param(date(2022, 8, 22), date(2022, 8, 19), date(2022, 8, 31), id="within the window"),
        pytest.param(date(2022, 9, 9), date(2022, 9, 8), date(2022, 9, 9), id="past the close date"),
    ],
)
def test_an_extension_moves_due_and_reminder_date_and_keeps_the_window_open(due, reminder_date, closes):
    extended = SUMMARY.extended_to(due, times=1, calendar=CALENDAR)

    assert extended == replace(SUMMARY, due=due, reminder_date=reminder_date, closes=closes, moves=1)
    assert standing(as_of=at(8, 15), obligation=extended).standing is Standing.OPEN


# Goals


def progress(period, arrived, *, items, closed, version=1, decision=Decision.ACCEPTED):
    decided = arrived.replace(hour=arrived.hour + 1)
    return submitted(
        arrived, decided, decision, version=version, figures={"items": items, "closed": closed}, period=period
    )


SEPTEMBER = progress("2022-09", at(9, 29), items=8, closed=3)
OCTOBER = progress("2022-10", at(10, 28), items=8, closed=8)
NOVEMBER = progress("2022-11", at(11, 29), items=8, closed=8)


def goal(*forms, as_of):
    return goal_standing(GOAL, forms, calendar=CALENDAR, as_of=as_of)


@pytest.mark.parametrize(
    ("forms", "as_of", "expected", "reason", "days_late"),
    [
        pytest.param([], at(8, 31), Standing.NOT_OPEN, "尚未开始", 0, id="before it begins"),
        pytest.param([], at(9, 1), Standing.OPEN, "正在推进", -64, id="under way, nothing known"),
        pytest.param([SEPTEMBER], at(11, 30), Standing.OPEN, "正在推进", 0, id="under way on the last day"),
        pytest.param([SEPTEMBER], at(12, 1), Standing.LATE, "尚有5项未关停", 1, id="five items open the day after"),
        pytest.param([], at(12, 1), Standing.LATE, "未报送进展，无法判定", 1, id="nothing known the day after"),
        pytest.param([SEPTEMBER], at(1, 31, year=2023), Standing.LATE, "尚有5项未关停", 23, id="no later than closed"),
        pytest.param([SEPTEMBER, OCTOBER], at(10, 31), Standing.ACCEPTED, "已全部关停", -23, id="met in October"),
        pytest.param([SEPTEMBER, OCTOBER], at(10, 28), Standing.OPEN, "正在推进", -23, id="filed, not accepted yet"),
        pytest.param(
            [replace(OCTOBER, decision=Decision.RETURNED)], at(10, 31), Standing.OPEN, "正在推进", -22, id="returned"
        ),
        pytest.param(
            [progress("2022-09", at(9, 29), items=0, closed=0)],
            at(9, 30),
            Standing.ACCEPTED,
            "无任务",
            0,
            id="zero report",
        ),
        pytest.param(
            [progress("2022-11", at(12, 2), items=8, closed=8)],
            at(12, 5),
            Standing.ACCEPTED,
            "已全部关停",
            0,
            id="a late form about closures in time",
        ),
        pytest.param(
            [OCTOBER, progress("2022-11", at(11, 29), items=9, closed=8)],
            at(12, 1),
            Standing.LATE,
            "尚有1项未关停",
            1,
            id="an item found in November opens it again",
        ),
        pytest.param(
            [OCTOBER, progress("2022-09", at(10, 31), items=8, closed=4, version=2)],
            at(11, 1),
            Standing.ACCEPTED,
            "已全部关停",
            -23,
            id="September's late correction does not undo October",
        ),
        pytest.param(
            [progress("2022-10", at(10, 28), items=8, closed=7), replace(OCTOBER, version=2)],
            at(10, 31),
            Standing.ACCEPTED,
            "已全部关停",
            -23,
            id="a correction of the same month counts",
        ),
    ],
)
def test_a_goal_stands_by_the_newest_accepted_progress_form(forms, as_of, expected, reason, days_late):
    view = goal(*forms, as_of=as_of)

    assert (view.standing, view.reason, view.days_late) == (expected, reason, days_late)


@pytest.mark.parametrize(
    ("forms", "accepted_at"),
    [
        pytest.param([SEPTEMBER, OCTOBER, NOVEMBER], at(10, 28, 10), id="the first form that left nothing open"),
        pytest.param(
            [
                progress("2022-08", at(9, 1), items=2, closed=2),
                progress("2022-09", at(9, 29), items=8, closed=2),
                NOVEMBER,
            ],
            at(11, 29, 10),
            id="counted again after items were found",
        ),
    ],
)
def test_a_goal_was_met_when_nothing_was_open_any_more(forms, accepted_at):
    assert goal(*forms, as_of=at(12, 1)).accepted_at == accepted_at


def test_all_standings_are_asked_at_once_and_goals_see_their_own_unit_alone():
    september = replace(SUMMARY, id=SEPTEMBER.obligation, form="progress", industry=None, period="2022-09")
    october = replace(september, id=OCTOBER.obligation, period="2022-10")
    goal_of_other_unit = replace(GOAL, id="lianyun-2022/yi/closure", unit="yi")
    views = standings(
        [SUMMARY, september, october, GOAL, goal_of_other_unit],
        {SUMMARY.id: [ACCEPTED_IN_TIME], september.id: [SEPTEMBER], october.id: [OCTOBER]},
        calendar=CALENDAR,
        correction_working_days=3,
        as_of=at(12, 1),
    )

    assert views[SUMMARY.id].standing is Standing.ACCEPTED
    assert views[GOAL.id].standing is Standing.ACCEPTED
    assert views[goal_of_other_unit.id].standing is Standing.LATE


def standing_at(as_of, obligation, *submissions):
    asked = {"calendar": CALENDAR, "correction_working_days": 3, "as_of": as_of}
    return standings([obligation], {obligation.id: submissions}, **asked)[obligation.id]


EXEMPT = replace(SUMMARY, exempt=Exemption(SUMMARY.id, by="周示例", reason="全市无此行业", at=at(8, 10)))


@pytest.mark.parametrize(
    ("as_of", "standing", "days_late", "is_owed"),
    [
        pytest.param(at(8, 9), Standing.OPEN, -3, True, id="owed before it was granted"),
        pytest.param(at(8, 11), Standing.OPEN, 0, False, id="not owed after it"),
        pytest.param(at(8, 20), Standing.OPEN, 0, False, id="not late after the due date"),
        pytest.param(at(9, 20), Standing.OPEN, 0, False, id="not never filed after the close date"),
    ],
)
def test_what_a_unit_is_exempt_from_is_neither_late_nor_never_filed(as_of, standing, days_late, is_owed):
    view = standing_at(as_of, EXEMPT)

    assert (view.standing, view.days_late, view.is_owed) == (standing, days_late, is_owed)


def test_an_exemption_is_the_reason_of_the_standing():
    assert standing_at(at(8, 20), EXEMPT).reason == "经周示例批准免报：全市无此行业"


def test_what_was_accepted_all_the_same_shows_as_accepted():
    view = standing_at(at(8, 20), EXEMPT, ACCEPTED_IN_TIME)

    assert (view.standing, view.is_owed) == (Standing.ACCEPTED, False)
    assert "审核通过" in view.reason


def test_paper_is_owed_by_the_same_days_and_softly():
    paper = paper_of(SUMMARY)

    assert (paper.id, paper.hardness) == (f"{SUMMARY.id}/paper", Hardness.SOFT)
    assert (paper.is_paper, paper.is_expected, SUMMARY.is_expected) == (True, False, True)
    assert (paper.due, paper.closes) == (SUMMARY.due, SUMMARY.closes)


def test_a_goal_is_not_met_by_paper():
    month = replace(SUMMARY, id=SEPTEMBER.obligation, form="progress", industry=None, period="2022-09")
    paper = paper_of(month)
    views = standings(
        [month, paper, GOAL],
        {paper.id: [replace(ACCEPTED_IN_TIME, obligation=paper.id, figures={})]},
        calendar=CALENDAR,
        correction_working_days=3,
        as_of=at(12, 1),
    )

    assert views[GOAL.id].reason == "未报送进展，无法判定"
