"""The overview (总览): what the rows of the marts become in columns, cells and groups."""

from datetime import date

import pytest

from phaseout.adapters.definitions import FileDefinitions
from phaseout.domain.obligation import Standing
from phaseout.domain.overview import attention, cells, columns, group_word, groups, totals
from phaseout.settings import PROJECT

DEFINITIONS = FileDefinitions(PROJECT)
CAMPAIGN = DEFINITIONS.campaign("jiangsu-2022")
COUNTED = {"expected": 13, "received": 12, "on_time": 11, "accepted": 10, "accepted_first_time": 9}


def column_row(milestone, due, *, period=None, **more):
    return {"milestone": milestone, "period": period, "due_date": due, **COUNTED, **more}


def cell_row(standing="accepted", *, milestone="summary", owed=1, **more):
    row = {
        "unit_code": "320100",
        "milestone": milestone,
        "period": None,
        "is_exempt": False,
        "owed": owed,
        "accepted": 0,
        "days_late": 0,
        "standing": standing,
        "reason": "说明",
        "standings": {standing: owed},
    }
    return row | more


def unit_row(code, **more):
    counts = ("expected", "received", "on_time", "accepted", "accepted_first_time", "overdue")
    return {"unit_code": code, "unit_name": f"示例{code}", "sets": None, "closed_sets": None} | {
        **dict.fromkeys(counts, 0),
        **more,
    }


def heads(*rows, today=date(2022, 9, 5)):
    return columns(CAMPAIGN, rows, today=today)


def cell(*args, **more):
    row = cell_row(*args, **more)
    (found,) = cells([row], heads())["320100"].values()
    return found


def test_columns_stand_in_the_order_in_which_they_are_due():
    known = heads(column_row("summary", date(2022, 12, 20)))

    assert [head.due for head in known] == sorted(head.due for head in known)
    assert known[-1].title == "企业生产工艺装备情况调查汇总"  # as all units were given time


def test_a_conditional_month_has_its_column_once_somebody_owes_it():
    december = column_row("monthly_progress", date(2022, 12, 30), period="2022-12")

    assert "monthly_progress/2022-12" not in [head.key for head in heads()]
    assert "monthly_progress/2022-12" in [head.key for head in heads(december)]


def test_a_column_is_past_from_the_day_after_it_was_due():
    assert not next(head for head in heads(today=date(2022, 8, 12)) if head.key == "summary").is_past
    assert next(head for head in heads(today=date(2022, 8, 13)) if head.key == "summary").is_past


@pytest.mark.parametrize(
    ("row", "word", "look"),
    [
        pytest.param({"standing": "late"}, "逾期未报", "late", id="a form"),
        pytest.param({"standing": "late", "milestone": "closure"}, "逾期未完成", "late", id="a goal"),
        pytest.param({"milestone": "closure", "reason": "无任务"}, "无任务", "none", id="a goal with nothing to close"),
        pytest.param({"standing": "open", "is_exempt": True, "owed": 0}, "免报", "none", id="an exemption"),
    ],
)
def test_a_cell_has_a_word_and_a_look(row, word, look):
    assert (cell(**row).word, cell(**row).look) == (word, look)


def test_a_cell_of_several_forms_says_how_they_stand():
    found = cell("late", owed=3, accepted=2, days_late=2, standings={"accepted": 2, "late": 1})

    assert (found.owed, found.accepted, found.reason) == (3, 2, "共3项：逾期未报1项，审核通过2项")


def test_what_is_early_is_not_late():
    assert cell("open", days_late=-58).days_late == 0


def test_who_has_to_act_stands_with_the_worst_first_and_what_is_soft_last():
    rows = [
        cell_row("returned", unit_code="320100"),
        cell_row("late", unit_code="320200", days_late=2),
        cell_row("late", unit_code="320300", days_late=9),
        cell_row("late", unit_code="320400", days_late=20, milestone="inventory"),
        cell_row("accepted", unit_code="320500"),
    ]
    known = heads()
    units = [unit_row(row["unit_code"]) for row in rows]

    told = attention(units, known, cells(rows, known))

    assert [(one.unit_code, one.cell.standing) for one in told] == [
        ("320300", Standing.LATE),
        ("320200", Standing.LATE),
        ("320100", Standing.RETURNED),
        ("320400", Standing.LATE),
    ]


def test_units_are_added_up_and_there_is_no_share_of_nothing():
    both = totals([unit_row("1", expected=3, received=2, overdue=1, sets=4, closed_sets=1), unit_row("2", sets=0)])

    assert (both.units, both.late_units, both.share("received"), both.completion) == (2, 1, 2 / 3, 0.25)
    assert (totals([unit_row("2")]).share("received"), totals([unit_row("2")]).completion) == (None, None)


def test_units_are_grouped_by_the_place_above_them():
    told = groups([unit_row("320102"), unit_row("320102001"), unit_row("320205")])

    assert [(group.code, len(group.units), group.file) for group in told] == [
        ("3201", 2, "group-3201.html"),
        ("3202", 1, "group-3202.html"),
    ]
    assert [group.name for group in told] == ["示例320102—示例320102001", "示例320205"]


@pytest.mark.parametrize(
    ("campaign", "word"),
    [
        ("jiangsu-2022", "各市"),
        ("luojiang-2023", "各乡镇（街道）"),
        ("jiangyin-2022", "各单位"),
        ("jiangmen-2021", "各单位"),
    ],
)
def test_the_units_of_a_campaign_are_called_what_they_are(campaign, word):
    assert group_word(DEFINITIONS.campaign(campaign)) == word
