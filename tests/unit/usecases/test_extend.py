"""Extending (延期): a named person grants one unit a later due date, within the window."""

from datetime import date

import pytest

from phaseout.domain.obligation import UnknownObligation
from phaseout.usecases.extend import NobodyGrants, NoExtension, extend
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU

SURVEY = f"{CAMPAIGN}/{SUZHOU}/summary/survey_summary/ferroalloy"


def grant(office, due, *, obligation=SURVEY, by="周示例", moment="2022-08-10 09:00"):
    extend(obligation, due, by=by, reason="台风", as_of=at(moment), ledger=office.ledger)


def due_of(office):
    return next(one.due for one in office.ledger.obligations(CAMPAIGN) if one.id == SURVEY)


@pytest.mark.parametrize(
    "due", [pytest.param(date(2022, 8, 13), id="next day"), pytest.param(date(2022, 12, 31), id="the close date")]
)
def test_a_later_due_date_within_the_window_is_granted(small_office, due):
    grant(small_office, due)

    assert due_of(small_office) == due


@pytest.mark.parametrize(
    "due",
    [
        pytest.param(date(2022, 8, 11), id="earlier"),
        pytest.param(date(2022, 8, 12), id="the same"),
        pytest.param(date(2023, 1, 1), id="after the close date"),
    ],
)
def test_any_other_day_is_refused_and_both_limits_are_named(small_office, due):
    with pytest.raises(NoExtension, match=f"extended to {due}: it is due on 2022-08-12 and closes on 2022-12-31"):
        grant(small_office, due)

    assert due_of(small_office) == date(2022, 8, 12)


def test_a_second_extension_counts_from_the_first(small_office):
    grant(small_office, date(2022, 8, 22))

    with pytest.raises(NoExtension, match="due on 2022-08-22"):
        grant(small_office, date(2022, 8, 19), moment="2022-08-11 09:00")
    grant(small_office, date(2022, 8, 26), moment="2022-08-11 10:00")

    assert due_of(small_office) == date(2022, 8, 26)


@pytest.mark.parametrize("name", ["", "  "], ids=["no name", "blanks"])
def test_nobody_is_not_a_person(small_office, name):
    with pytest.raises(NobodyGrants, match="--by NAME"):
        grant(small_office, date(2022, 8, 22), by=name)

    assert due_of(small_office) == date(2022, 8, 12)


def test_what_nobody_owes_cannot_be_extended(small_office):
    with pytest.raises(UnknownObligation, match="nobody"):
        grant(small_office, date(2022, 8, 22), obligation="nobody")
