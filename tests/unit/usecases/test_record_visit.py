"""Recording visits (调研督导): unit, day, place, what was found, and by whom."""

from datetime import date

import pytest

from phaseout.domain.campaign import UnknownUnit
from phaseout.usecases.record_visit import NobodyRecords, NoVisit, record_visit
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU


def record(office, *, unit=SUZHOU, moment="2022-08-11 09:00", **changed):
    said = {
        "day": date(2022, 8, 10),
        "place": " 昆山市 ",
        "finding": "封存条件未落实",
        "visited_by": "李示例",
        "by": "周示例",
        "reason": "例行督导",
    } | changed
    return record_visit(CAMPAIGN, unit, **said, as_of=at(moment), definitions=office.definitions, ledger=office.ledger)


def test_a_visit_is_recorded_once(office):
    assert record(office)
    assert not record(office, moment="2022-08-12 09:00")

    (visit,) = office.ledger.visits(CAMPAIGN)
    assert (visit.unit, visit.day, visit.place, visit.finding) == (
        SUZHOU,
        date(2022, 8, 10),
        "昆山市",
        "封存条件未落实",
    )
    assert (visit.visited_by, visit.by, visit.reason) == ("李示例", "周示例", "例行督导")


def test_a_visit_that_found_nothing_is_one(office):
    assert record(office, finding="")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        pytest.param({"by": ""}, NobodyRecords, id="nobody records it"),
        pytest.param({"reason": " "}, NobodyRecords, id="no reason"),
        pytest.param({"place": " "}, NoVisit, id="no place"),
        pytest.param({"visited_by": ""}, NoVisit, id="nobody was there"),
        pytest.param({"day": date(2022, 8, 12)}, NoVisit, id="a day to come"),
        pytest.param({"unit": "320999"}, UnknownUnit, id="an unknown unit"),
    ],
)
def test_what_cannot_be_a_visit_is_refused(office, changed, error):
    with pytest.raises(error):
        record(office, **changed)

    assert list(office.ledger.visits(CAMPAIGN)) == []
