"""What waits for a person (待办), where neither a letter nor a delivery tells it."""

from datetime import date

import pytest

from phaseout.domain.todo import Pressing, Todo, by_urgency
from phaseout.domain.visit import Visit
from phaseout.domain.waiver import Waiver
from phaseout.usecases.publish.waiting import Waiting, held_todos, visit_todos, waiver_todos
from tests.unit.usecases.office import Office, at, new_warehouse, two_cities
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI

TODAY = "2022-09-05 18:00"


@pytest.fixture
def waiting():
    office = Office(definitions=two_cities(), warehouse=None)
    office.open()
    return Waiting(office.definitions.campaign(CAMPAIGN), office.ledger, at(TODAY))


def waiver(until, **more):
    return Waiver(
        CAMPAIGN, SUZHOU, "SUM-111", None, None, None, None, until, "周示例", "来函", at("2022-08-01 09:00"), **more
    )


def visit(day, finding="台账不全"):
    return Visit(CAMPAIGN, WUXI, day, "江阴市", finding, "郑示例", "周示例", "督导", at("2022-09-01 09:00"))


@pytest.mark.parametrize(
    ("until", "told"),
    [
        pytest.param(date(2022, 9, 4), [], id="run out"),
        pytest.param(date(2022, 9, 5), ["第1号豁免有效至9月5日，还有0天"], id="on its last day"),
        pytest.param(date(2022, 9, 19), ["第1号豁免有效至9月19日，还有14天"], id="two weeks before"),
        pytest.param(date(2022, 9, 20), [], id="earlier than that"),
        pytest.param(None, [], id="without an end"),
    ],
)
def test_a_waiver_is_told_before_it_runs_out(waiting, until, told):
    waiting.ledger.waive(waiver(until))

    assert [todo.detail for todo in waiver_todos(waiting)] == told


def test_a_waiver_that_was_withdrawn_is_nobodys_task(waiting):
    number = waiting.ledger.waive(waiver(date(2022, 9, 10)))
    waiting.ledger.withdraw_waiver(number, by="周示例", reason="误批", as_of=at("2022-08-20 09:00"))

    assert list(waiver_todos(waiting)) == []


def test_what_a_visit_found_is_followed_up_for_a_month_and_not_repeated(waiting):
    for one in (
        visit(date(2022, 8, 5)),
        visit(date(2022, 8, 6)),
        visit(date(2022, 8, 25)),
        visit(date(2022, 9, 1), ""),
    ):
        waiting.ledger.record_visit(one)

    (todo,) = visit_todos(waiting)
    assert (todo.unit_name, todo.detail, todo.since) == ("无锡市", "近30天调研督导2次发现问题", date(2022, 8, 6))


def test_a_form_that_came_after_the_close_date_waits_for_a_decision(waiting):
    warehouse = new_warehouse()
    key = {"unit_code": SUZHOU, "form": "progress", "sha256": "", "arrived_at": at("2022-09-02 10:00")}
    submissions = [
        key | {"submission_id": "o#1", "obligation_id": "o", "version": 1, "decision": "returned"},
        key | {"submission_id": "o#2", "obligation_id": "o", "version": 2, "decision": "held"},
        key | {"submission_id": "p#1", "obligation_id": "p", "version": 1, "decision": "held"},
        key | {"submission_id": "p#2", "obligation_id": "p", "version": 2, "decision": "accepted"},
    ]
    owed = [{"obligation_id": name, "unit_code": SUZHOU, "milestone": "monthly_progress"} for name in ("o", "p")]
    warehouse.refresh({"submission": submissions, "obligation": owed}, campaign=CAMPAIGN)

    (todo,) = held_todos(waiting, warehouse.query("board/held", parameters={"campaign_id": CAMPAIGN}))

    assert (todo.pressing, todo.unit_name, todo.since) == (Pressing.NOW, "苏州市", date(2022, 9, 2))
    assert todo.detail == "报送关闭后收到报表1件"


def test_the_most_pressing_comes_first_and_the_oldest_of_those():
    def todo(pressing, day):
        return Todo(pressing, "事项", "苏州市", "", date(2022, 9, day), "")

    told = by_urgency([todo(Pressing.FOLLOW, 1), todo(Pressing.NOW, 3), todo(Pressing.SOON, 1), todo(Pressing.NOW, 2)])

    assert [(one.pressing, one.since.day) for one in told] == [
        (Pressing.NOW, 2),
        (Pressing.NOW, 3),
        (Pressing.SOON, 1),
        (Pressing.FOLLOW, 1),
    ]
    assert [one.age(date(2022, 9, 3)) for one in told] == [1, 0, 2, 2]
