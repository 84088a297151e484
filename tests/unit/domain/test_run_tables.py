"""What a run's page shows a clerk: short, the most urgent first, in Chinese."""

from datetime import UTC, datetime

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.happened import Dispatched, Handled, HandledForm, UnitStanding, WrittenLetter
from phaseout.domain.letter import DispatchOutcome, LetterKind
from phaseout.domain.run_tables import (
    MOST_ROWS,
    TRY_WORDS,
    instant_words,
    intake_rows,
    letter_rows,
    names_in_short,
    standing_rows,
    standing_words,
    try_rows,
)
from phaseout.domain.submission import Outcome

NINE = datetime(2022, 6, 6, 1, tzinfo=UTC)


def standing(name, *, received=0, accepted=0, days_late=0, reason=""):
    return UnitStanding("", name, None, 1, received, accepted, days_late, reason)


def delivery(outcome, *, name="表.xlsx", unit_name="苏州市", reason="", forms=()):
    return Handled("d1", "made-up-2022", "320500", unit_name, name, NINE, outcome, reason, forms)


def letter(unit_name, *, kind=LetterKind.REMINDER, is_draft=False):
    return WrittenLetter(f"k/{unit_name}", "made-up-2022", unit_name, unit_name, kind, is_draft)


def test_who_is_late_longest_comes_first_and_who_is_through_comes_last():
    rows = standing_rows(
        [
            standing("甲市", received=1, accepted=1, days_late=-2),
            standing("乙市", days_late=1),
            standing("丙市", received=1),
            standing("丁市", days_late=3, reason="未报送，已逾期3个工作日"),
        ]
    )

    assert [row["填报单位"] for row in rows] == ["丁市", "乙市", "丙市", "甲市"]
    assert rows[0] == {
        "填报单位": "丁市",
        "应报": 1,
        "已报": 0,
        "审核通过": 0,
        "逾期（工作日）": 3,
        "办理状态": "未报送，已逾期3个工作日",
    }
    assert rows[-1]["逾期（工作日）"] == ""


def test_of_thousands_of_units_the_most_urgent_are_shown_and_the_rest_are_counted():
    rows = standing_rows([standing(f"第{n}镇", days_late=n) for n in range(3000)])

    assert len(rows) == MOST_ROWS + 1
    assert rows[0]["填报单位"] == "第2999镇"
    assert rows[-1] == dict.fromkeys(rows[0], "") | {"填报单位": "其余2800项从略"}


@pytest.mark.parametrize(
    ("is_goal", "words"),
    [
        pytest.param(False, "应报单位2个，已报送1个，审核通过0个，逾期1个。", id="a form"),
        pytest.param(True, "应完成单位2个，已完成0个，逾期1个。", id="a goal"),
    ],
)
def test_a_milestone_is_told_in_a_sentence(is_goal, words):
    rows = [standing("甲市", received=1), standing("乙市", days_late=1)]

    said = standing_words(rows, title="进展月报", taken=["进展月报（2022年9月）"], as_of=NINE, is_goal=is_goal)

    assert said == f"## 进展月报\n\n截至2022年6月6日9时00分，{words}\n\n本次到期清点：进展月报（2022年9月）。"


def test_what_needs_a_person_comes_first_and_says_what_was_wrong():
    returned = HandledForm("s1", "《工作联系人信息》", 1, Decision.RETURNED, "联系人未填写等3处")
    rows = intake_rows(
        [
            delivery(Outcome.ACCEPTED, forms=(HandledForm("s2", "《工作联系人信息》", 2, Decision.ACCEPTED, ""),)),
            delivery(Outcome.RETURNED, forms=(returned,)),
            delivery(Outcome.QUARANTINED, unit_name="", reason="发件人不在联系人名册内"),
        ]
    )

    assert [(row["填报单位"], row["结果"], row["报表"], row["说明"]) for row in rows] == [
        ("待核实", "隔离待查", "", "发件人不在联系人名册内"),
        ("苏州市", "退回", "《工作联系人信息》第1版", "联系人未填写等3处"),
        ("苏州市", "审核通过", "《工作联系人信息》第2版", ""),
    ]


def test_several_forms_in_one_delivery_are_told_with_their_decisions():
    forms = (
        HandledForm("s1", "《工作联系人信息》", 1, Decision.RETURNED, "联系人未填写"),
        HandledForm("s2", "《进展月报》", 1, Decision.ACCEPTED, ""),
    )

    (row,) = intake_rows([delivery(Outcome.RETURNED, forms=forms)])

    assert row["报表"] == "《工作联系人信息》第1版，退回；《进展月报》第1版，审核通过"


def test_a_strangers_words_are_only_words():
    (row,) = intake_rows([delivery(Outcome.ACCEPTED, name="[点我](http://a.example) <b>**急**</b>\n# 表")])

    assert row["来件"] == "\\[点我\\]\\(http\\:\\/\\/a\\.example\\) \\<b\\>\\*\\*急\\*\\*\\<\\/b\\> \\# 表"


def test_letters_are_counted_by_kind_with_whom_they_concern():
    rows = letter_rows([letter("甲市"), letter("乙市"), letter("甲市", kind=LetterKind.SUPERVISION, is_draft=True)])

    assert rows == [
        {"函件": "催报函", "件数": 2, "办理": "待发", "填报单位": "甲市、乙市"},
        {"函件": "督办函", "件数": 1, "办理": "待签发", "填报单位": "甲市"},
    ]


def test_what_did_not_leave_comes_before_what_did():
    names = {("made-up-2022", "1"): "甲市", ("made-up-2022", "2"): "乙市"}
    rows = try_rows(
        [
            Dispatched("made-up-2022", "1", LetterKind.REMINDER, DispatchOutcome.SENT),
            Dispatched("made-up-2022", "2", LetterKind.REMINDER, DispatchOutcome.PERMANENT),
        ],
        names=names,
    )

    assert [(row["结果"], row["填报单位"]) for row in rows] == [
        ("收件地址被拒收，请核实邮箱", "乙市"),
        ("已发出", "甲市"),
    ]


def test_every_outcome_of_a_try_has_its_words():
    assert set(TRY_WORDS) == set(DispatchOutcome)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        pytest.param(0, "", id="nobody"),
        pytest.param(2, "1镇、2镇", id="a few"),
        pytest.param(30, "、".join(f"{n}镇" for n in range(1, 21)) + "等30个单位", id="many"),
    ],
)
def test_names_stay_in_one_line(count, words):
    assert names_in_short(f"{n}镇" for n in range(1, count + 1)) == words


def test_an_instant_is_told_in_chinas_time():
    assert instant_words(datetime(2022, 6, 5, 23, 5, tzinfo=UTC)) == "2022年6月6日7时05分"
