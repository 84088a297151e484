"""How far the closures are (关停淘汰进展): silence is not zero, and nothing to close is not zero either."""

import pytest

from phaseout.domain.progress import months_of, total_of, units_of

MONTHS = ("2022-08", "2022-09")


def month(unit, period, *, sets=None, dismantled=0, sealed=0, **more):
    is_filed = sets is not None
    row = {
        "unit_code": unit,
        "unit_name": unit,
        "period": period,
        "is_filed": is_filed,
        "is_owed": True,
        "is_exempt": False,
        "is_due": True,
        "enterprises": int(bool(sets)) if is_filed else None,
        "closed_enterprises": int(bool(sets) and sets == dismantled + sealed) if is_filed else None,
        "sets": sets,
        "dismantled": dismantled if is_filed else None,
        "sealed": sealed if is_filed else None,
    }
    return row | more


def surveyed(*units, **more):
    row = {"expected": 2, "accepted": 0, "enterprises": 0, "sets": 0}
    return [{"unit_code": unit, "unit_name": unit} | row | more for unit in units]


def ranks(*rows):
    units = units_of(rows, surveyed(*dict.fromkeys(row["unit_code"] for row in rows)))
    return [(unit.name, unit.rank) for unit in units]


def test_the_rate_ranks_first_then_the_number_and_equals_share_a_place():
    assert ranks(
        month("甲", "2022-09", sets=10, dismantled=5),
        month("乙", "2022-09", sets=20, dismantled=8, sealed=2),
        month("丙", "2022-09", sets=10, sealed=5),
        month("丁", "2022-09", sets=4),
        month("戊", "2022-09", sets=3, dismantled=3),
    ) == [("戊", 1), ("乙", 2), ("甲", 3), ("丙", 3), ("丁", 5)]


def test_units_without_tasks_come_after_the_ranked_and_the_silent_come_last():
    rows = [month("甲", "2022-09"), month("乙", "2022-09", sets=0), month("丙", "2022-09", sets=2)]

    assert ranks(*rows) == [("丙", 1), ("乙", None), ("甲", None)]


@pytest.mark.parametrize(
    ("rows", "inventory", "expected"),
    [
        pytest.param([month("甲", "2022-09")], {}, "未报", id="due and not filed"),
        pytest.param([month("甲", "2022-09")], {"accepted": 1}, "未报", id="surveyed in part: the rest is silence"),
        pytest.param([month("甲", "2022-09")], {"accepted": 2}, "无任务", id="surveyed, and nothing found"),
        pytest.param([month("甲", "2022-09")], {"accepted": 2, "sets": 3}, "未报", id="surveyed, and something found"),
        pytest.param([month("甲", "2022-09", is_due=False)], {}, "未到期", id="not due yet"),
        pytest.param([month("甲", "2022-09", is_exempt=True)], {}, "免报", id="exempt"),
        pytest.param([month("甲", "2022-09", is_owed=False, is_due=False)], {}, "无需报送", id="not owed"),
        pytest.param([month("甲", "2022-09", sets=0)], {}, "无任务", id="a form that says there is nothing"),
    ],
)
def test_a_unit_without_a_rank_says_why(rows, inventory, expected):
    (unit,) = units_of(rows, surveyed("甲", **inventory))

    assert (unit.rank, unit.word) == (None, expected)


def test_the_newest_accepted_form_counts_and_is_carried_over_a_month_that_is_missing():
    (unit,) = units_of([month("甲", "2022-08", sets=4, sealed=1), month("甲", "2022-09")], surveyed("甲"))

    assert (unit.period, unit.is_carried) == ("2022-08", True)
    assert [(one.word, one.closed_in_month) for one in unit.months] == [("", 1), ("未报", None)]


def test_a_form_that_is_not_due_yet_carries_nothing_over():
    rows = [month("甲", "2022-08", sets=4), month("甲", "2022-09", is_due=False)]
    (unit,) = units_of(rows, surveyed("甲"))

    assert unit.is_carried is False
    assert unit.months[-1].word == "未到期"


def test_a_silent_unit_adds_nothing_to_the_total():
    units = units_of(
        [month("甲", "2022-09", sets=4, dismantled=1), month("乙", "2022-09")], surveyed("甲", "乙", sets=9)
    )

    assert total_of(units).sets == 4
    assert total_of(units).rate == 0.25
    assert total_of(()).rate is None


def test_what_was_sealed_and_is_dismantled_now_goes_from_one_to_the_other():
    totals = [
        {"period": "2022-08", "items": 10, "closed": 4, "sealed": 4},
        {"period": "2022-09", "items": 10, "closed": 6, "sealed": 1},
    ]
    by_unit = [month("甲", period, sets=10) for period in MONTHS] + [month("乙", "2022-08"), month("乙", "2022-09")]
    first, second = months_of(totals, by_unit)

    assert (first.dismantled_in_month, first.sealed_in_month) == (0, 4)
    assert (second.dismantled_in_month, second.sealed_in_month, second.closed_in_month) == (5, -3, 2)
    assert (second.filed, second.expected) == (1, 2)


def test_an_exempt_unit_is_not_expected():
    rows = [month("甲", "2022-08", sets=1), month("乙", "2022-08", is_exempt=True)]
    (only,) = months_of([{"period": "2022-08", "items": 1, "closed": 0, "sealed": 0}], rows)

    assert (only.filed, only.expected) == (1, 1)
