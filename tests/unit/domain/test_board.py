from dataclasses import replace
from datetime import date, datetime

import pytest

from phaseout.domain.board import board_facts
from phaseout.domain.calendar import CHINA
from phaseout.domain.campaign import (
    CalendarPolicy,
    Campaign,
    Condition,
    Hardness,
    Milestone,
    MilestoneKind,
    Office,
    OwedPer,
    Term,
    Unit,
)
from phaseout.domain.exemption import Exemption
from phaseout.domain.obligation import Obligation, Standing, StandingView

AS_OF = datetime(2022, 9, 1, 9, 5, tzinfo=CHINA)


def term(due, *, period=None, condition=Condition.ALWAYS):
    return Term(period=period, opens=date(2022, 5, 20), nominal_due=due, closes=date(2023, 1, 13), condition=condition)


def milestone(name, title, *terms, hardness=Hardness.HARD):
    return Milestone(
        id=name,
        kind=MilestoneKind.SUMMARY,
        title=title,
        short_title="短",
        basis="二（三）",
        forms=(),
        owed_per=OwedPer.UNIT,
        hardness=hardness,
        calendar_policy=CalendarPolicy.KEEP,
        terms=terms,
        stock_steps=(),
    )


def unit(code, name):
    return Unit(
        code=code,
        name=name,
        short_name=name,
        body=f"{name}工业和信息化局",
        mailbox="unit@sample.example",
        leader_mailbox="leader@sample.example",
        industries=(),
        counties=(),
    )


SUMMARY = milestone("summary", "排查汇总", term(date(2022, 8, 12)))
INVENTORY = milestone("inventory", "排查底数", term(date(2022, 7, 30)), hardness=Hardness.SOFT)
CLOSURE = milestone("closure", "关停到期", term(date(2022, 11, 30)), hardness=Hardness.GOAL)
PROGRESS = milestone(
    "monthly_progress",
    "月度进展",
    term(date(2022, 8, 30), period="2022-08"),
    term(date(2022, 12, 30), period="2022-12", condition=Condition.OPEN_ITEMS),
    term(date(2023, 1, 30), period="2023-01"),
)


def campaign(*milestones):
    return Campaign(
        id="sample-2022",
        title="示例省2022年淘汰落后生产工艺装备工作",
        notice="示例通知",
        year=2022,
        opens=date(2022, 5, 20),
        closures_due=date(2022, 11, 30),
        correction_working_days=3,
        office=Office(body="示例省工业和信息化厅", desk="示例处", mailbox="office@sample.example", phone=""),
        units=(unit("100100", "甲市"), unit("100200", "乙市")),
        industries=(),
        milestones=milestones,
        ladder=(),
        source_hash="",
    )


def obligation(name, *, unit="100100", milestone="summary", period=None, due=date(2022, 8, 12)):
    return Obligation(
        id=name,
        campaign="sample-2022",
        unit=unit,
        milestone=milestone,
        form=None,
        industry=None,
        period=period,
        opens=date(2022, 5, 20),
        nominal_due=due,
        due=due,
        due_policy=CalendarPolicy.KEEP,
        reminder_date=due,
        closes=date(2023, 1, 13),
        hardness=Hardness.HARD,
        basis="二（三）",
    )


def view(standing, *, days_late=0, reason="说明", versions=1):
    filed = standing in {Standing.ACCEPTED, Standing.RECEIVED, Standing.HELD, Standing.RETURNED}
    return StandingView(
        standing=standing,
        reason=reason,
        arrived_at=datetime(2022, 8, 12, 10, 0, tzinfo=CHINA) if filed else None,
        accepted_at=None,
        days_late=days_late,
        versions=versions if filed else 0,
        open_findings=0,
        correction_due=None,
    )


def facts_of(*milestones, owed=()):
    return board_facts(
        campaign(*milestones),
        [obligation for obligation, _ in owed],
        {obligation.id: view for obligation, view in owed},
    )


def owed_by_first_unit(*views):
    return [(obligation(f"o{number}"), view) for number, view in enumerate(views)]


def cell_of(*views, milestone=SUMMARY):
    return facts_of(milestone, owed=owed_by_first_unit(*views))["rows"][0]["cells"][milestone.id]


@pytest.mark.parametrize(
    ("standings", "worst"),
    [
        pytest.param([Standing.ACCEPTED], "accepted", id="one alone is itself"),
        pytest.param([Standing.ACCEPTED, Standing.NOT_OPEN], "not_open", id="not open before accepted"),
        pytest.param([Standing.NOT_OPEN, Standing.OPEN], "open", id="open before not open"),
        pytest.param([Standing.OPEN, Standing.RECEIVED], "received", id="received before open"),
        pytest.param([Standing.RECEIVED, Standing.HELD], "held", id="held before received"),
        pytest.param([Standing.HELD, Standing.RETURNED], "returned", id="returned before held"),
        pytest.param([Standing.RETURNED, Standing.LATE], "late", id="late before returned"),
        pytest.param([Standing.LATE, Standing.NEVER_FILED], "never_filed", id="never filed before all"),
    ],
)
def test_a_cell_shows_the_standing_that_most_needs_somebody(standings, worst):
    assert cell_of(*map(view, standings))["standing"] == worst
    assert cell_of(*map(view, reversed(standings)))["standing"] == worst


def test_a_cell_of_one_obligation_gives_its_reason():
    assert cell_of(view(Standing.LATE, days_late=3, reason="未报送，已逾期3个工作日")) == {
        "standing": Standing.LATE,
        "word": "逾期未报",
        "days_late": 3,
        "reason": "未报送，已逾期3个工作日",
        "count": 1,
        "accepted": 0,
    }


def test_a_cell_of_several_obligations_counts_them():
    cell = cell_of(view(Standing.ACCEPTED), view(Standing.ACCEPTED, days_late=5), view(Standing.LATE, days_late=2))

    assert (cell["word"], cell["count"], cell["accepted"], cell["days_late"]) == ("逾期未报", 3, 2, 5)
    assert cell["reason"] == "共3项：逾期未报1项，审核通过2项"


def exempted(view):
    return view.exempted(Exemption("o", by="周示例", reason="全市无此行业", at=AS_OF))


def test_a_cell_of_what_a_unit_is_exempt_from_says_so():
    facts = facts_of(SUMMARY, owed=owed_by_first_unit(exempted(view(Standing.LATE, days_late=3))))

    cell = facts["rows"][0]["cells"]["summary"]
    assert (cell["word"], cell["days_late"], cell["reason"]) == ("免报", 0, "经周示例批准免报：全市无此行业")


def test_a_cell_counts_what_is_not_exempt():
    views = (exempted(view(Standing.LATE, days_late=3)), view(Standing.ACCEPTED), view(Standing.ACCEPTED))
    facts = facts_of(SUMMARY, owed=owed_by_first_unit(*views))

    cell = facts["rows"][0]["cells"]["summary"]
    assert (cell["standing"], cell["count"], cell["accepted"]) == (Standing.ACCEPTED, 2, 2)


def test_paper_has_no_cell_of_its_own():
    paper = replace(obligation("paper"), is_paper=True)
    owed = [(obligation("file"), view(Standing.ACCEPTED)), (paper, view(Standing.LATE, days_late=3))]
    cell = facts_of(SUMMARY, owed=owed)["rows"][0]["cells"]["summary"]

    assert (cell["standing"], cell["count"], cell["days_late"]) == (Standing.ACCEPTED, 1, 0)


def test_a_unit_that_owes_nothing_has_an_empty_cell():
    rows = facts_of(SUMMARY, owed=owed_by_first_unit(view(Standing.OPEN)))["rows"]

    assert (rows[1]["unit_name"], rows[1]["cells"]) == ("乙市", {"summary": None})


@pytest.mark.parametrize(
    ("reason", "word"),
    [pytest.param("已全部关停", "已完成", id="all closed"), pytest.param("无任务", "无任务", id="nothing to close")],
)
def test_a_goal_is_worded_as_a_goal(reason, word):
    owed = [(obligation("goal", milestone="closure"), view(Standing.ACCEPTED, reason=reason))]

    assert facts_of(CLOSURE, owed=owed)["rows"][0]["cells"]["closure"]["word"] == word


def test_a_monthly_milestone_has_a_column_for_each_period_that_is_owed():
    columns = facts_of(SUMMARY, PROGRESS)["columns"]

    assert [(column["key"], column["title"]) for column in columns] == [
        ("summary", "排查汇总"),
        ("monthly_progress/2022-08", "月度进展（8月）"),
        ("monthly_progress/2023-01", "月度进展（2023年1月）"),
    ]


def test_a_conditional_period_has_its_column_once_somebody_owes_it():
    owed = [(obligation("december", milestone="monthly_progress", period="2022-12"), view(Standing.OPEN))]

    assert "monthly_progress/2022-12" in [column["key"] for column in facts_of(PROGRESS, owed=owed)["columns"]]


@pytest.mark.parametrize(
    ("period", "title"),
    [
        pytest.param("2023", "年度总结（2023年）", id="a year"),
        pytest.param("上半年", "年度总结（上半年）", id="the campaign's own word"),
    ],
)
def test_a_period_need_not_be_a_month(period, title):
    yearly = milestone("review", "年度总结", term(date(2022, 12, 20), period=period))

    assert facts_of(yearly)["columns"][0]["title"] == title


def test_a_column_tells_soft_dates_and_goals_apart():
    columns = facts_of(SUMMARY, INVENTORY, CLOSURE)["columns"]

    assert [(column["is_soft"], column["is_goal"]) for column in columns] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_one_extension_does_not_move_the_due_date_of_the_column():
    owed = [
        (obligation("extended", due=date(2022, 8, 31)), view(Standing.OPEN)),
        (obligation("first", unit="100200"), view(Standing.OPEN)),
        (obligation("second", unit="100200"), view(Standing.OPEN)),
    ]

    assert facts_of(SUMMARY, owed=owed)["columns"][0]["due"] == date(2022, 8, 12)
