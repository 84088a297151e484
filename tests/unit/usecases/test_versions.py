"""Versions (版次) and duplicates (重复件): what arrived last is current, however late the rest is decided."""

from itertools import permutations

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import Standing
from phaseout.domain.submission import Outcome
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import NOT_AN_EXCEL_FILE, SUZHOU, survey

SURVEY = "320500/summary/survey_summary/ferroalloy"
STRANGER = "zhang.shili@elsewhere.example"
# The same furnace, counted anew: the count tells the versions apart.
SENT = {1: "2022-08-08 09:00", 2: "2022-08-08 10:00", 3: "2022-08-08 11:00"}
WRONG = {"uscc": "91320281MA1TE5T1XX"}


def count_in_force(office):
    """Return the count of each machine that the core layer holds as current."""
    connection = office.warehouse._database.connection()  # noqa: SLF001 - looks into the core layer
    return [count for (count,) in connection.execute("SELECT equip_count FROM core.survey_summary_current").fetchall()]


def take_in(office, moment, file, *, assessed):
    """Let a mail arrive that is collected, and assessed, later than others."""
    office.mail(moment, SUZHOU, ("表2.xlsx", file))
    office.collect(assessed)
    office.assess(assessed)


@pytest.mark.parametrize(
    "order", [pytest.param(order, id="".join(map(str, order))) for order in permutations((1, 2, 3))]
)
def test_in_whichever_order_three_versions_are_decided_the_one_that_arrived_last_is_current(office, order):
    for step, version in enumerate(order):
        take_in(office, SENT[version], survey({"equip_count": version}), assessed=f"2022-08-09 0{step}:00")

    assert count_in_force(office) == [3]
    view = office.view(SURVEY, "2022-08-10 09:00")
    assert (view.standing, view.versions, view.arrived_at) == (Standing.ACCEPTED, 3, at(SENT[1]))


def test_an_older_file_that_is_decided_late_is_kept_and_its_sender_told_so(office):
    office.receive(SENT[2], SUZHOU, ("表2.xlsx", survey({"equip_count": 2})))
    take_in(office, SENT[1], survey({"equip_count": 1}), assessed="2022-08-08 12:00")

    assert office.submissions() == [(f"{SURVEY}#1", Decision.ACCEPTED), (f"{SURVEY}#2", Decision.HELD)]
    assert office.outcomes()[0] == (Outcome.HELD, "此后到达的版本已先行办理，存档备查")
    answer = office.answers()[-1]
    assert answer.kind is LetterKind.RECEIPT
    assert "此后到达的版本已先行办理，本件仅存档备查，不作为现行版本" in office.text(answer)


def test_an_older_file_does_not_undo_that_the_newer_one_was_returned(office):
    office.receive(SENT[2], SUZHOU, ("表2.xlsx", survey(WRONG)))
    take_in(office, SENT[1], survey({"equip_count": 1}), assessed="2022-08-08 12:00")

    assert office.view(SURVEY, "2022-08-10 09:00").standing is Standing.RETURNED
    assert count_in_force(office) == []


def test_a_file_that_came_in_time_counts_though_one_came_after_the_close_and_was_decided_before(office):
    office.receive("2023-01-03 10:00", SUZHOU, ("表2.xlsx", survey({"equip_count": 2})))
    take_in(office, SENT[1], survey({"equip_count": 1}), assessed="2023-01-04 09:00")

    assert [decision for _, decision in office.submissions()] == [Decision.HELD, Decision.ACCEPTED]
    assert count_in_force(office) == [1]


def test_what_comes_after_the_close_is_kept_with_that_reason(office):
    office.receive("2023-01-03 10:00", SUZHOU, ("表2.xlsx", survey({})))

    assert office.outcomes() == [(Outcome.HELD, "已过报送关闭日，存档备查")]


# The same bytes again


def test_a_returned_file_that_comes_again_is_told_again_what_is_wrong(office):
    for moment, name in (("2022-08-08 10:00", "表2.xlsx"), ("2022-08-09 10:00", "表2（再报）.xlsx")):
        office.receive(moment, SUZHOU, (name, survey(WRONG)))

    first, again = (office.text(answer) for answer in office.answers())
    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.RETURNED, Outcome.DUPLICATE]
    for text in (first, again):
        assert "统一社会信用代码“91320281MA1TE5T1XX”未通过校验位核验" in text
    assert "与铁合金表2第1版内容完全相同，不再重复办理。该件已退回更正" in again
    assert len(office.submissions()) == 1


def test_an_accepted_file_that_comes_again_is_told_that_it_was_accepted(office):
    for moment in ("2022-08-08 10:00", "2022-08-09 10:00"):
        office.receive(moment, SUZHOU, ("表2.xlsx", survey({})))

    assert "该件已审核通过" in office.text(office.answers()[1])


@pytest.mark.parametrize(
    "content",
    [pytest.param(NOT_AN_EXCEL_FILE, id="no workbook"), pytest.param(survey({}, industry="水泥"), id="not owed")],
)
def test_a_refused_file_that_comes_again_under_another_name_is_refused_in_the_same_words(office, content):
    for moment, name in (("2022-08-08 10:00", "甲.xlsx"), ("2022-08-09 10:00", "乙.xlsx")):
        office.receive(moment, SUZHOU, (name, content))

    first, again = (office.text(answer) for answer in office.answers())
    (said,) = {text.split("结果：")[1].splitlines()[0] for text in (first, again)}
    assert said.startswith("不予受理")
    assert office.outcomes()[0] == office.outcomes()[1] == (Outcome.REFUSED, "有附件无法识别为报表")
