"""Registering paper (纸质件登记): sealed copies that have come, held against the accepted file."""

from datetime import date

import pytest

from phaseout.domain.obligation import Standing, UnknownObligation
from phaseout.domain.paper import PaperFault
from phaseout.usecases.register_paper import (
    NobodyRegisters,
    NoCheckFigure,
    NoReceipt,
    outstanding_papers,
    register_paper,
)
from tests.unit.usecases.office import at, calendar
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, survey

FILE = "320500/summary/survey_summary/ferroalloy"
PAPER = f"{FILE}/paper"
MONDAY = "2022-08-15 09:00"


@pytest.fixture
def office(small_office):
    """Return an office that has accepted 苏州's survey of ferroalloy."""
    small_office.receive("2022-08-10 09:00", SUZHOU, ("表2.xlsx", survey()))
    return small_office


def figure(office):
    return office.ledger.submissions(CAMPAIGN)[-1].check_figure


def register(office, *, moment=MONDAY, unit=SUZHOU, industry="ferroalloy", **changed):
    said = {
        "form": "survey_summary",
        "copies": 2,
        "is_sealed": True,
        "figure": changed["figure"] if "figure" in changed else figure(office),
        "received_on": date(2022, 8, 15),
        "by": "周示例",
        "reason": "收件登记",
    } | changed
    return register_paper(
        CAMPAIGN,
        unit,
        industry=industry,
        **said,
        as_of=at(moment),
        definitions=office.definitions,
        ledger=office.ledger,
    )


def outstanding(office, moment=MONDAY):
    found = outstanding_papers(
        CAMPAIGN, as_of=at(moment), definitions=office.definitions, calendar=calendar(), ledger=office.ledger
    )
    return {(row["unit"], row["industry"]): row for row in found}


def test_two_sealed_copies_of_the_accepted_file_are_complete(office):
    done = register(office)

    assert (done.faults, done.is_new) == ((), True)
    view = office.view(PAPER, MONDAY)
    assert (view.standing, view.days_late) == (Standing.ACCEPTED, 1)


@pytest.mark.parametrize(
    ("wrong", "faults"),
    [
        pytest.param({"copies": 1}, [PaperFault.TOO_FEW], id="one copy"),
        pytest.param({"is_sealed": False}, [PaperFault.NO_SEAL], id="no seal"),
        pytest.param({"figure": "7777-7777"}, [PaperFault.OTHER_FIGURE], id="another check figure"),
        pytest.param(
            {"copies": 1, "is_sealed": False, "figure": ""},
            [PaperFault.OTHER_FIGURE, PaperFault.NO_SEAL, PaperFault.TOO_FEW],
            id="everything",
        ),
    ],
)
def test_what_is_wrong_is_said_and_the_paper_is_held(office, wrong, faults):
    assert list(register(office, **wrong).faults) == faults

    view = office.view(PAPER, MONDAY)
    assert (view.standing, view.open_findings) == (Standing.HELD, len(faults))


@pytest.mark.parametrize("written", ["ABC", "7KM3-XWP", "7KM3-XWP0", "？"], ids=["short", "cut", "a nought", "a sign"])
def test_what_cannot_be_a_check_figure_is_refused_with_how_one_looks(office, written):
    with pytest.raises(NoCheckFigure, match="it looks like 7KM3-XWP9"):
        register(office, figure=written)

    assert office.ledger.papers(CAMPAIGN) == []


def test_the_check_figure_is_read_however_it_was_copied(office):
    assert register(office, figure=f" {figure(office).lower().replace('-', ' ')} ").faults == ()


def test_a_copy_that_comes_later_completes_the_first(office):
    assert register(office, copies=1).faults == (PaperFault.TOO_FEW,)
    later = register(office, copies=1, received_on=date(2022, 8, 16), moment="2022-08-16 09:00")

    assert later.faults == ()
    assert office.view(PAPER, "2022-08-16 09:00").standing is Standing.ACCEPTED


def test_a_later_version_makes_the_paper_outstanding_again(office):
    register(office)
    office.receive("2022-08-16 09:00", SUZHOU, ("表2.xlsx", survey({"equip_count": 5})))

    assert office.view(PAPER, "2022-08-16 10:00").standing is Standing.HELD
    row = outstanding(office, "2022-08-16 10:00")[SUZHOU, "ferroalloy"]
    assert (row["check_figure"], row["wrong"]) == (figure(office), "other_figure")


def test_paper_before_its_file_waits_for_it(small_office):
    done = register(small_office, figure="7777-7777")

    assert (done.faults, done.figure) == ((PaperFault.NOT_ACCEPTED,), None)


def test_registered_twice_it_has_come_once(office):
    register(office, copies=1)

    assert not register(office, copies=1, moment="2022-08-15 10:00").is_new
    assert len(office.ledger.papers(CAMPAIGN)) == 1


def test_an_industry_may_be_named_as_people_name_it(office):
    assert register(office, industry="铁合金").receipt.obligation == f"{CAMPAIGN}/{PAPER}"


def test_a_workbook_never_answers_what_is_owed_on_paper(office):
    assert [one.obligation for one in office.ledger.submissions(CAMPAIGN)] == [f"{CAMPAIGN}/{FILE}"]
    assert office.view(PAPER, "2022-08-11 09:00").standing is Standing.OPEN


def test_outstanding_is_what_is_not_complete_with_the_figure_that_it_should_bear(office):
    assert outstanding(office)[SUZHOU, "ferroalloy"] == {
        "unit": SUZHOU,
        "unit_name": "苏州市",
        "form": "survey_summary",
        "industry": "ferroalloy",
        "period": None,
        "due_date": date(2022, 8, 12),
        "standing": Standing.LATE,
        "copies": 2,
        "check_figure": figure(office),
        "file_accepted_on": date(2022, 8, 10),
        "received_on": None,
        "wrong": None,
    }
    register(office)
    assert (SUZHOU, "ferroalloy") not in outstanding(office)
    assert outstanding(office, "2022-07-01 09:00") == {}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        pytest.param({"by": " "}, NobodyRegisters, id="nobody"),
        pytest.param({"reason": ""}, NobodyRegisters, id="no reason"),
        pytest.param({"copies": 0}, NoReceipt, id="no copy"),
        pytest.param({"received_on": date(2022, 8, 16)}, NoReceipt, id="a day to come"),
        pytest.param({"form": "progress"}, UnknownObligation, id="a form that is not filed on paper"),
        pytest.param({"unit": "320999"}, UnknownObligation, id="an unknown unit"),
        pytest.param({"industry": "leather"}, UnknownObligation, id="an industry that is not owed"),
    ],
)
def test_what_cannot_be_a_receipt_is_refused(office, changed, error):
    with pytest.raises(error):
        register(office, **changed)

    assert list(office.ledger.papers(CAMPAIGN)) == []
