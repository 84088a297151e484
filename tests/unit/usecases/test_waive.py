"""Waive (豁免): the office lets a finding pass; the same file is decided anew, and letters say by whose leave."""

from datetime import date

import pytest

from phaseout.domain.campaign import UnknownUnit
from phaseout.domain.decision import Decision
from phaseout.domain.finding import Severity
from phaseout.domain.waiver import UnknownWaiver
from phaseout.usecases.list_explanations import list_explanations
from phaseout.usecases.waive import NobodyWaives, NoSuchScope, NotWaivable, list_waivers, withdraw
from tests.unit.usecases.acts import ROUND, WRONG, grant, ports
from tests.unit.usecases.copies import lines, marked_copy, sent_back
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import CAMPAIGN, SUZHOU, WUXI, survey

CODE = "91320281MA1TE5T1XX"
ITEM = f"{CODE}／矿热炉／HTK-A／6300kVA"
OTHER_ITEM = f"{CODE}／矿热炉／HTK-B／6300kVA"
BROKEN = ("表2.xlsx", survey({"uscc": CODE}))


def decisions(office):
    return [decision for _, decision in office.submissions()]


@pytest.fixture
def returned(office):
    """Return an office that returned Suzhou's 表2 on 8 August for a credit code."""
    office.receive("2022-08-08 10:00", SUZHOU, BROKEN)
    return office


def test_what_the_office_lets_pass_returns_nothing(office):
    grant(office)
    office.receive("2022-08-10 10:00", SUZHOU, BROKEN)
    (finding,) = (one for one in office.ledger.submissions(CAMPAIGN)[0].findings if one.rule == WRONG)

    assert decisions(office) == [Decision.ACCEPTED]
    assert (finding.severity, finding.waived_on) == (Severity.NOTE, date(2022, 8, 10))


def test_the_answer_says_by_whose_leave_and_asks_for_nothing(office):
    grant(office)
    office.receive("2022-08-10 10:00", SUZHOU, BROKEN)
    text = office.text(office.answers()[0])

    assert "经同意不要求更正的问题（共1处）" in text
    assert "经我厅同意（2022年8月10日），不要求更正" in text
    assert "请对照营业执照核对后更正" not in text


def test_the_marked_copy_says_so_too(office):
    grant(office)
    office.receive("2022-08-10 10:00", SUZHOU, ("表2.xlsx", survey({"uscc": CODE}, {"county": "江阴市"})))
    line = lines(marked_copy(office, office.answers()[0]))[WRONG]

    assert (line["处理办法"].value, line["情况说明"].value) == ("经审核机关同意（2022年8月10日），不要求更正", "—")


@pytest.mark.parametrize(
    "what",
    [
        pytest.param({"unit": WUXI}, id="another unit"),
        pytest.param({"rule": "SUM-305"}, id="another rule"),
        pytest.param({"item": OTHER_ITEM}, id="another item"),
        pytest.param({"item": CODE[:-1]}, id="half a credit code"),
        pytest.param({"form": "progress"}, id="another form"),
        pytest.param({"industry": "paper"}, id="another industry"),
        pytest.param({"period": "2022-09"}, id="another month"),
        pytest.param({"until": date(2022, 8, 10)}, id="a day gone by"),
    ],
)
def test_leave_for_something_else_lets_nothing_pass(office, what):
    grant(office, **what)
    office.receive("2022-08-11 10:00", SUZHOU, BROKEN)

    assert decisions(office) == [Decision.RETURNED]


@pytest.mark.parametrize(
    "what",
    [
        pytest.param({"item": ITEM}, id="the item"),
        pytest.param({"item": CODE}, id="all items of an enterprise"),
        pytest.param({"form": "survey_summary", "industry": "ferroalloy"}, id="the form and the industry"),
        pytest.param({"until": date(2022, 8, 11)}, id="on the last day"),
    ],
)
def test_leave_narrowed_down_to_it_lets_it_pass(office, what):
    grant(office, **what)
    office.receive("2022-08-11 10:00", SUZHOU, BROKEN)

    assert decisions(office) == [Decision.ACCEPTED]


def test_leave_for_one_item_lets_no_other_pass(office):
    grant(office, item=ITEM)
    office.receive("2022-08-11 10:00", SUZHOU, ("表2.xlsx", survey({"uscc": CODE}, {"uscc": CODE, "equip_model": "X"})))
    found = [(one.severity, one.row) for one in office.ledger.submissions(CAMPAIGN)[0].findings if one.rule == WRONG]

    assert found == [(Severity.NOTE, 7), (Severity.ERROR, 8)]


# The same file again


def test_the_same_file_after_the_leave_is_a_new_version_and_accepted(returned):
    waived = grant(returned)
    returned.receive("2022-08-10 10:00", SUZHOU, BROKEN, subject="再次报送")

    assert waived.resend == (f"{CAMPAIGN}/320500/summary/survey_summary/ferroalloy#1",)
    assert decisions(returned) == [Decision.RETURNED, Decision.ACCEPTED]
    assert returned.view("320500/summary/survey_summary/ferroalloy", "2022-08-10 12:00").standing == "accepted"


def test_the_office_may_put_the_file_into_the_folder_itself(returned):
    grant(returned)
    returned.drop(SUZHOU, *BROKEN)
    returned.collect("2022-08-10 10:00")
    returned.assess("2022-08-10 10:00")

    assert decisions(returned) == [Decision.RETURNED, Decision.ACCEPTED]


def test_the_leave_alone_changes_no_decision(returned):
    grant(returned)

    assert decisions(returned) == [Decision.RETURNED]
    assert len(returned.answers()) == 1


@pytest.mark.parametrize(
    ("what", "taken_back"),
    [
        pytest.param(None, False, id="no leave"),
        pytest.param({"rule": "SUM-305"}, False, id="leave for what was not found"),
        pytest.param({"unit": WUXI}, False, id="leave for another city"),
        pytest.param({}, True, id="leave taken back"),
        pytest.param({"moment": "2022-08-08 09:00"}, False, id="leave of before the decision"),
    ],
)
def test_without_leave_that_concerns_it_the_same_file_is_a_duplicate(returned, what, taken_back):
    if what is not None:
        number = grant(returned, **what).number
        if taken_back:
            withdraw(number, by="周示例", reason="误办", as_of=at("2022-08-10 09:30"), ledger=returned.ledger)
    returned.receive("2022-08-10 10:00", SUZHOU, BROKEN, subject="再次报送")

    assert decisions(returned) == [Decision.RETURNED]
    assert returned.outcomes()[-1] == ("duplicate", "与此前来件相同")


def test_once_accepted_the_same_file_is_a_duplicate_again(returned):
    grant(returned)
    for moment in ("2022-08-10 10:00", "2022-08-10 11:00"):
        returned.receive(moment, SUZHOU, BROKEN, subject=moment)

    assert decisions(returned) == [Decision.RETURNED, Decision.ACCEPTED]


def test_an_old_file_does_not_come_before_a_newer_version(returned):
    returned.receive("2022-08-09 10:00", SUZHOU, ("表2.xlsx", survey({})))
    grant(returned)
    returned.receive("2022-08-10 10:00", SUZHOU, BROKEN, subject="再次报送")

    assert decisions(returned) == [Decision.RETURNED, Decision.ACCEPTED]
    assert returned.outcomes()[-1][0] == "duplicate"


# Withdrawing


def test_leave_that_was_taken_back_lets_nothing_pass_any_more(office):
    number = grant(office).number
    assert withdraw(number, by="吴示例", reason="证照已换发", as_of=at("2022-08-11 09:00"), ledger=office.ledger)
    assert not withdraw(number, by="吴示例", reason="证照已换发", as_of=at("2022-08-12 09:00"), ledger=office.ledger)
    office.receive("2022-08-11 10:00", SUZHOU, BROKEN)

    assert decisions(office) == [Decision.RETURNED]


def test_what_passed_before_the_leave_was_taken_back_stays_accepted(office):
    number = grant(office).number
    office.receive("2022-08-10 10:00", SUZHOU, BROKEN)
    withdraw(number, by="吴示例", reason="证照已换发", as_of=at("2022-08-11 09:00"), ledger=office.ledger)

    assert decisions(office) == [Decision.ACCEPTED]


# What the office sees


def test_a_waiver_is_listed_with_who_why_and_until_when(office):
    number = grant(office, item=ITEM, until=date(2022, 8, 31)).number
    (row,) = list_waivers(CAMPAIGN, as_of=at("2022-08-12 09:00"), **ports(office))

    assert row == {
        "waiver": number,
        "unit": SUZHOU,
        "unit_name": "苏州市",
        "rule": WRONG,
        "title": "统一社会信用代码校验位",
        "item": ITEM,
        "form": None,
        "industry": None,
        "period": None,
        "until": date(2022, 8, 31),
        "by": "周示例",
        "reason": "证照正在换发",
        "granted_on": date(2022, 8, 10),
        "state": "有效",
        "withdrawn_on": None,
        "withdrawn_by": None,
        "withdrawn_because": None,
    }


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        pytest.param("2022-08-12 09:00", "有效", id="granted"),
        pytest.param("2022-09-01 09:00", "已到期", id="past its last day"),
        pytest.param("2022-09-10 09:00", "已撤销", id="withdrawn"),
    ],
)
def test_a_waiver_is_listed_as_it_stands(office, moment, state):
    number = grant(office, until=date(2022, 8, 31)).number
    withdraw(number, by="吴示例", reason="证照已换发", as_of=at("2022-09-05 09:00"), ledger=office.ledger)

    assert [row["state"] for row in list_waivers(CAMPAIGN, as_of=at(moment), **ports(office))] == [state]


def test_what_was_explained_and_let_pass_is_listed_as_waived(returned):
    copy = marked_copy(returned, returned.answers()[0])
    returned.receive("2022-08-09 10:00", SUZHOU, ("表2.xlsx", sent_back(copy, explained={WRONG: "证照正在换发"})))
    grant(returned)

    (row,) = list_explanations(CAMPAIGN, as_of=at("2022-08-10 12:00"), **ports(returned))
    assert (row["item"], row["text"], row["state"]) == (ITEM, "证照正在换发", "已豁免")


# Refusals


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        pytest.param({"by": " "}, NobodyWaives, id="nobody"),
        pytest.param({"reason": ""}, NobodyWaives, id="without a reason"),
        pytest.param({"unit": "999999"}, UnknownUnit, id="no unit"),
        pytest.param({"rule": "SUM-999"}, NotWaivable, id="no rule"),
        pytest.param({"rule": "READ-001"}, NotWaivable, id="what could not be read"),
        pytest.param({"rule": "READ-006"}, NotWaivable, id="a cell that could not be read"),
        pytest.param({"form": "survey"}, NoSuchScope, id="no form"),
        pytest.param({"industry": "铁合金"}, NoSuchScope, id="no industry"),
        pytest.param({"period": "2022-13"}, NoSuchScope, id="no month"),
        pytest.param({"until": date(2022, 8, 9)}, NoSuchScope, id="a day gone by"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused(office, what, refusal):
    with pytest.raises(refusal):
        grant(office, **what)
    assert office.ledger.waivers(CAMPAIGN) == []


def test_a_waiver_that_is_none_cannot_be_withdrawn(office):
    with pytest.raises(UnknownWaiver, match="7"):
        withdraw(7, by="周示例", reason="误办", as_of=at(ROUND), ledger=office.ledger)
