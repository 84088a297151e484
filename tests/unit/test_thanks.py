"""The closing letter (致谢及办结函): to whom, and when, with the dates written out."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from phaseout.domain.calendar import CHINA, days_between
from phaseout.domain.campaign import Hardness
from phaseout.domain.exemption import Exemption
from phaseout.domain.letter import LetterItem, LetterKind
from phaseout.domain.obligation import Standing, StandingView, paper_of
from phaseout.domain.thanks import THANKS_ORDER, plan_thanks
from tests.unit.test_escalation import CALENDAR, goal, owed

SUMMARY = owed(date(2022, 8, 12))
FINAL = owed(date(2022, 12, 15), name="final_list", closes=date(2023, 1, 13))
CLOSURE = goal()
PAPER = paper_of(SUMMARY)


def view(standing):
    return StandingView(standing, "", None, None, 0, 0, 0, None)


MET = view(Standing.ACCEPTED)


def thanked(day, *owed_with_views, written=()):
    """Return the units that get the letter on a day."""
    plans = plan_thanks(owed_with_views, written=written, calendar=CALENDAR, today=day)
    assert {plan.kind for plan in plans} <= {LetterKind.THANKS}
    assert not any(plan.release for plan in plans)
    return [plan.unit for plan in plans]


@pytest.mark.parametrize(
    ("day", "is_written"),
    [
        pytest.param(date(2022, 8, 15), False, id="something is to come"),
        pytest.param(date(2022, 12, 15), False, id="the last due date is still to end"),
        pytest.param(date(2022, 12, 16), True, id="the day after"),
        pytest.param(date(2022, 12, 17), False, id="a Saturday"),
        pytest.param(date(2022, 12, 19), True, id="the Monday after"),
        pytest.param(date(2023, 1, 13), True, id="the last close date"),
        pytest.param(date(2023, 1, 16), False, id="the campaign is over"),
    ],
)
def test_a_unit_is_thanked_when_nothing_is_to_come(day, is_written):
    assert bool(thanked(day, (SUMMARY, MET), (FINAL, MET), (CLOSURE, MET))) is is_written


@pytest.mark.parametrize(
    ("obligation", "standing", "is_written"),
    [
        pytest.param(SUMMARY, Standing.ACCEPTED, True, id="all accepted"),
        pytest.param(SUMMARY, Standing.NEVER_FILED, False, id="one never filed"),
        pytest.param(SUMMARY, Standing.LATE, False, id="one late"),
        pytest.param(SUMMARY, Standing.RETURNED, False, id="one returned"),
        pytest.param(SUMMARY, Standing.HELD, False, id="one held"),
        pytest.param(SUMMARY, Standing.RECEIVED, False, id="one not decided"),
        pytest.param(
            replace(SUMMARY, hardness=Hardness.SOFT), Standing.NEVER_FILED, False, id="a soft one never filed"
        ),
        pytest.param(CLOSURE, Standing.LATE, False, id="closures not done"),
        pytest.param(PAPER, Standing.LATE, False, id="paper not registered"),
    ],
)
def test_a_unit_is_thanked_when_all_is_met(obligation, standing, is_written):
    assert bool(thanked(date(2022, 12, 16), (FINAL, MET), (obligation, view(standing)))) is is_written


def test_what_a_unit_is_exempt_from_is_no_hindrance():
    exempt = view(Standing.LATE).exempted(Exemption(SUMMARY.id, "王某", "已划转", datetime(2022, 8, 1, tzinfo=CHINA)))

    assert thanked(date(2022, 12, 16), (SUMMARY, exempt), (FINAL, MET)) == ["320500"]


def test_a_unit_is_thanked_once():
    written, days = set(), []
    for day in days_between(date(2022, 12, 1), date(2023, 1, 31)):
        owed_now = [(SUMMARY, MET), (FINAL, MET)]
        for plan in plan_thanks(owed_now, written=written, calendar=CALENDAR, today=day):
            written |= {item for line in plan.lines for item in line.items}
            days.append(day)

    assert days == [date(2022, 12, 16)]
    assert written == {LetterItem(SUMMARY.id, THANKS_ORDER, 0), LetterItem(FINAL.id, THANKS_ORDER, 0)}


def test_one_units_delay_keeps_no_other_from_its_letter():
    late = owed(date(2022, 12, 15), unit="320100", name="final_list")

    assert thanked(date(2022, 12, 16), (late, view(Standing.LATE)), (FINAL, MET)) == ["320500"]
