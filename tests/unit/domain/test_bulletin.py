from dataclasses import replace
from datetime import date

import pytest

from phaseout.domain.bulletin import UnitFigures, bulletin, bulletin_facts, filing_word, ranks_of
from phaseout.domain.campaign import Campaign, Office
from phaseout.domain.obligation import Standing


def unit(name, *, sets=10, done=0, **more):
    figures = UnitFigures(
        code=name,
        name=name,
        enterprises=40,
        outdated_enterprises=4,
        items=sets,
        sets=sets,
        done=done,
        done_before=0,
        sealed=0,
        inspected=0,
        filing="按时",
        returns=0,
        overdue_items=0,
        closed_enterprises=1,
    )
    return replace(figures, **more)


@pytest.mark.parametrize(
    ("done_of_sets", "expected"),
    [
        pytest.param({"甲市": (5, 10), "乙市": (9, 10)}, {"甲市": 2, "乙市": 1}, id="the higher rate comes first"),
        pytest.param({"甲市": (5, 10), "乙市": (50, 100)}, {"甲市": 2, "乙市": 1}, id="of equal rates, who did more"),
        pytest.param(
            {"甲市": (5, 10), "乙市": (5, 10), "丙市": (1, 10)},
            {"甲市": 1, "乙市": 1, "丙市": 3},
            id="equals share a rank and the next one is left out",
        ),
        pytest.param({"甲市": (1, 3), "乙市": (2, 6)}, {"甲市": 2, "乙市": 1}, id="thirds are equal to two sixths"),
        pytest.param({"甲市": (0, 0), "乙市": (0, 10)}, {"乙市": 1}, id="no tasks, no rank"),
        pytest.param({"甲市": (0, 8), "乙市": (0, 10)}, {"甲市": 1, "乙市": 1}, id="nothing done is equal for all"),
        pytest.param({}, {}, id="no units"),
    ],
)
def test_units_are_ranked(done_of_sets, expected):
    units = [unit(name, done=done, sets=sets) for name, (done, sets) in done_of_sets.items()]

    assert ranks_of(units) == expected


def test_a_unit_without_tasks_says_so_instead_of_a_rank():
    row = bulletin([unit("甲市", sets=0), unit("乙市", done=1)]).rows[0]

    assert (row.rank, row.rank_word, row.rate) == (None, "无任务", None)


def test_a_unit_that_never_said_what_it_has_is_not_said_to_have_no_tasks():
    row = bulletin([unit("甲市", sets=0, has_inventory=False)]).rows[0]

    assert (row.rank, row.rank_word) == (None, "底数未报")


def test_the_rows_keep_the_order_of_codes():
    rows = bulletin([unit("甲市", done=1), unit("乙市", done=9)]).rows

    assert [(row.unit_name, row.rank) for row in rows] == [("甲市", 2), ("乙市", 1)]


def test_the_month_is_what_was_done_since_the_month_before():
    row = bulletin([unit("甲市", done=7, done_before=3)]).rows[0]

    assert (row.done_this_month, row.done, row.rate) == (4, 7, 0.7)


def test_totals_add_up_and_rates_are_of_the_sums():
    totals = bulletin(
        [
            unit("甲市", sets=10, done=5, sealed=2, inspected=4, returns=1, overdue_items=3),
            unit("乙市", sets=30, done=5, done_before=1, filing="未报", returns=2),
            unit("丙市", sets=0, filing="无需报送"),
        ]
    ).totals

    assert (totals.unit_name, totals.rank, totals.enterprises, totals.items) == ("合计", None, 120, 40)
    assert (totals.sets, totals.done, totals.done_this_month, totals.sealed, totals.inspected) == (40, 10, 9, 2, 4)
    assert (totals.rate, totals.enterprise_rate) == (0.25, 0.25)
    assert (totals.filing, totals.returns, totals.overdue_items) == ("按时1/2", 3, 3)


def test_no_enterprise_rate_is_given_while_one_unit_was_not_counted():
    content = bulletin([unit("甲市", done=1), unit("乙市", done=1, closed_enterprises=None)])

    assert content.totals.enterprise_rate is None
    assert [row.enterprise_rate for row in content.rows] == [0.25, None]


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        pytest.param([unit("甲市", done=2), unit("乙市", done=9)], ("乙市",), id="a leader that lifts the whole"),
        pytest.param(
            [unit("甲市", done=8), unit("乙市", done=9), unit("丙市", done=0)], ("乙市", "甲市"), id="best first"
        ),
        pytest.param([unit("甲市", done=9, filing="逾期2个工作日"), unit("乙市")], (), id="not one that filed late"),
        pytest.param([unit("甲市"), unit("乙市")], (), id="not for nothing, even at rank one"),
        pytest.param([unit("甲市", sets=0)], (), id="not one without tasks"),
        pytest.param(
            [unit(name, done=10) for name in ("甲市", "乙市", "丙市", "丁市", "戊市")],
            ("甲市", "乙市", "丙市", "丁市", "戊市"),
            id="everyone who has finished",
        ),
        pytest.param(
            [unit(name, sets=sets, done=sets) for name, sets in (("甲市", 5), ("乙市", 6), ("丙市", 7), ("丁市", 8))],
            ("丁市", "丙市", "乙市", "甲市"),
            id="who has finished is good at any rank",
        ),
    ],
)
def test_good_units_are_named(units, expected):
    assert bulletin(units).good == expected


def test_units_with_something_to_mend_are_named():
    content = bulletin(
        [
            unit("甲市", done=0),
            unit("乙市", done=1, filing="逾期3个工作日"),
            unit("丙市", done=1, filing="未报"),
            unit("丁市", done=1, filing="退回待更正"),
            unit("戊市", sets=0),
        ]
    )

    assert content.nothing_done == ("甲市",)
    assert content.late == ("乙市", "丙市")
    assert content.incomplete == ("丁市",)


@pytest.mark.parametrize(
    ("standing", "has_arrived", "days_late", "expected"),
    [
        pytest.param(None, False, 0, "无需报送", id="nothing owed this month"),
        pytest.param(Standing.ACCEPTED, True, 0, "按时", id="accepted on time"),
        pytest.param(Standing.ACCEPTED, True, 2, "逾期2个工作日", id="accepted late"),
        pytest.param(Standing.RECEIVED, True, -1, "按时", id="received and not yet checked"),
        pytest.param(Standing.RETURNED, True, 2, "退回待更正", id="returned"),
        pytest.param(Standing.LATE, False, 2, "未报", id="late and not filed"),
        pytest.param(Standing.NEVER_FILED, False, 30, "未报", id="never filed"),
        pytest.param(Standing.OPEN, False, -4, "未到期限", id="its due date was moved by an extension"),
    ],
)
def test_a_word_says_how_a_unit_filed(standing, has_arrived, days_late, expected):
    assert filing_word(standing, has_arrived=has_arrived, days_late=days_late) == expected


def test_figures_of_an_earlier_month_blame_nobody():
    content = bulletin([unit("甲市", is_accepted=False, overdue_items=2), unit("乙市", done=1, filing="未到期限")])

    assert content.carried == ("甲市", "乙市")
    assert (content.nothing_done, content.overdue, content.late) == ((), (), ())


def test_who_has_something_left_and_did_nothing_this_month_stands_still():
    content = bulletin(
        [
            unit("甲市", done=4, done_before=4),
            unit("乙市", done=10, done_before=10),
            unit("丙市", done=4, done_before=4, filing="无需报送"),
        ]
    )

    assert content.standing_still == ("甲市",)


def test_a_unit_with_overdue_items_is_not_praised():
    assert bulletin([unit("甲市", done=9, overdue_items=1), unit("乙市", done=1)]).good == ()


def test_last_month_is_what_was_done_between_the_two_months_before():
    units = [unit("甲市", done=9, done_before=6, done_before_that=2), unit("乙市", done=1)]

    assert bulletin(units).done_last_month == 4


def test_the_facts_name_campaign_and_office_beside_the_figures():
    campaign = Campaign(
        id="sample-2022",
        title="示例省2022年淘汰落后生产工艺装备工作",
        notice="示例通知",
        year=2022,
        opens=date(2022, 5, 20),
        closures_due=date(2022, 11, 30),
        correction_working_days=3,
        office=Office(body="示例省工业和信息化厅", desk="示例处", mailbox="office@sample.example", phone=""),
        units=(),
        industries=(),
        milestones=(),
        ladder=(),
        source_hash="",
    )
    facts = bulletin_facts(
        campaign,
        [unit("甲市", done=4)],
        period="2022-08",
        number=1,
        next_due=date(2022, 9, 30),
    )

    assert (facts["office_body"], facts["office_desk"], facts["number"]) == ("示例省工业和信息化厅", "示例处", 1)
    assert facts["rows"][0]["unit_name"] == "甲市"
    assert facts["totals"]["rate"] == 0.4
    assert facts["good"] == ("甲市",)
