"""Assessing (批次审核): what becomes of each workbook of a delivery, and what the unit reads about it."""

from datetime import date

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import Standing
from phaseout.domain.submission import Outcome
from phaseout.usecases.assess import Assessed
from tests.unit.usecases.office import at
from tests.unit.usecases.papers import (
    CAMPAIGN,
    ENTERPRISE,
    SUZHOU,
    WUXI,
    contact_form,
    progress,
    survey,
)

FERROALLOY = "320500/summary/survey_summary/ferroalloy"
WRONG_CODE = "91320281MA1TE5T1XX"
BROKEN = survey({"uscc": WRONG_CODE})
DAMAGED = survey(industry="制革")[:-100]


def test_an_accepted_workbook_gets_a_receipt_that_says_what_is_still_owed(office):
    assessed = office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))

    assert assessed == Assessed(deliveries=1, accepted=1)
    assert office.submissions() == [(f"{FERROALLOY}#1", Decision.ACCEPTED)]
    (answer,) = office.answers()
    text = office.text(answer)
    assert (answer.kind, answer.recipient) == (LetterKind.RECEIPT, "gxj@suzhou.example")
    assert "到达时间：2022年8月8日10时00分" in text
    assert "铁合金，第1版\n　　　结果：审核通过。" in text
    assert "铝熔炼、再生铅、制革、造纸、铅蓄电池、化工、医药、冶金、印染、电镀（共10份）" in text
    assert "《关停淘汰落后生产工艺装备进展情况表》" not in text  # its window is not open yet


def test_an_answer_is_one_to_the_mail_it_answers(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})), message_id="<1234@city.example>")

    assert office.message(office.answers()[0])["In-Reply-To"] == "<1234@city.example>"


def test_a_returned_workbook_names_cell_fault_and_remedy(office):
    assessed = office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", BROKEN))

    assert assessed == Assessed(deliveries=1, returned=1)
    assert office.outcomes() == [(Outcome.RETURNED, "有报表需要更正")]
    (answer,) = office.answers()
    text = office.text(answer)
    assert answer.kind is LetterKind.RETURN
    assert "单元格E7" in text
    assert f"统一社会信用代码“{WRONG_CODE}”未通过校验位核验" in text
    assert "请对照营业执照核对后更正" in text
    assert "2022年8月12日" in text  # three working days, but never before the due date


def test_a_correction_becomes_version_2_and_is_accepted(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", BROKEN))
    office.receive("2022-08-09 10:00", SUZHOU, ("表2更正.xlsx", survey({})))

    assert office.submissions() == [(f"{FERROALLOY}#1", Decision.RETURNED), (f"{FERROALLOY}#2", Decision.ACCEPTED)]
    view = office.view(FERROALLOY, "2022-08-09 11:00")
    assert (view.standing, view.versions, view.arrived_at) == (Standing.ACCEPTED, 2, at("2022-08-08 10:00"))


def test_a_mail_with_three_workbooks_gets_one_answer_that_names_each(office):
    assessed = office.receive(
        "2022-08-08 10:00",
        SUZHOU,
        ("铁合金.xlsx", survey({})),
        ("造纸.xlsx", survey({"uscc": WRONG_CODE}, industry="造纸")),
        ("制革.xlsx", DAMAGED),
    )

    assert assessed == Assessed(deliveries=1, accepted=1, returned=1, refused=1)
    assert office.outcomes() == [(Outcome.RETURNED, "有报表需要更正")]
    (answer,) = office.answers()
    text = office.text(answer)
    assert [name for name in ("铁合金.xlsx", "造纸.xlsx", "制革.xlsx") if f"文件：{name}" in text] == [
        "铁合金.xlsx",
        "造纸.xlsx",
        "制革.xlsx",
    ]
    assert "文件结构不完整" in text


def test_industries_that_were_never_filed_are_not_said_to_be_returned(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("铁合金.xlsx", BROKEN))

    owed = office.text(office.answers()[0]).split("尚需报送的事项")[1]
    lines = [line for line in owed.splitlines() if "调查汇总表" in line]
    assert len(lines) == 2  # both are wanted on 12 August
    assert ["已退回" in line and "铁合金" in line for line in lines] == [True, False]
    assert "造纸" in lines[1]


@pytest.mark.parametrize(
    ("again", "outcome", "said"),
    [
        pytest.param("same", Outcome.DUPLICATE, "铁合金表2第1版", id="the same bytes again are a duplicate"),
        pytest.param("other", Outcome.ACCEPTED, "第2版", id="other bytes are a new version"),
    ],
)
def test_the_same_bytes_again_are_told_apart_from_a_new_version(office, again, outcome, said):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))
    second = survey({}) if again == "same" else survey({"remark": "更新"})
    office.receive("2022-08-09 10:00", SUZHOU, ("再报.xlsx", second), subject="再次报送")

    assert office.outcomes()[1][0] is outcome
    assert office.answers()[1].kind is LetterKind.RECEIPT
    assert said in office.text(office.answers()[1])


def test_the_same_file_twice_in_one_mail_is_one_submission(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})), ("表2(1).xlsx", survey({})))

    assert office.submissions() == [(f"{FERROALLOY}#1", Decision.ACCEPTED)]
    assert office.outcomes() == [(Outcome.ACCEPTED, "审核通过")]
    assert "表2(1).xlsx" in office.text(office.answers()[0])


def test_a_duplicate_of_a_monthly_form_is_called_by_its_month(office):
    form = ("表3.xlsx", progress())
    office.receive("2022-08-29 10:00", SUZHOU, form)
    office.receive("2022-08-29 11:00", SUZHOU, form)

    assert "2022年8月表3第1版" in office.text(office.answers()[1])


def test_two_units_may_send_the_same_bytes_and_each_is_judged_for_itself(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})))
    office.receive("2022-08-08 11:00", WUXI, ("表2.xlsx", survey({})))

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.ACCEPTED, Outcome.REFUSED]


def test_a_form_filed_late_is_accepted_and_the_receipt_says_how_late(office):
    office.receive("2022-08-16 10:00", SUZHOU, ("表2.xlsx", survey({}, filled_on=date(2022, 8, 16))))

    assert office.view(FERROALLOY, "2022-08-16 11:00").days_late == 2
    assert "逾期2个工作日" in office.text(office.answers()[0])


def test_lateness_counts_from_the_mailbox_not_from_the_day_we_assessed_it(office):
    office.mail("2022-08-12 23:50", SUZHOU, ("表2.xlsx", survey({})))
    office.collect("2022-08-15 09:00")
    office.assess("2022-08-15 09:00")

    view = office.view(FERROALLOY, "2022-08-15 09:00")
    assert (view.days_late, view.accepted_at) == (0, at("2022-08-15 09:00"))


def test_after_the_close_date_a_form_is_kept_and_the_receipt_says_that_it_does_not_count(office):
    form = progress(as_of=date(2022, 8, 31), filled_on=date(2022, 9, 30))
    office.receive("2022-09-30 10:00", SUZHOU, ("表3.xlsx", form))

    view = office.view("320500/monthly_progress/progress/2022-08", "2022-09-30 11:00")
    assert (view.standing, view.versions) == (Standing.NEVER_FILED, 1)
    assert "关闭" in office.text(office.answers()[0])
    # Held for an officer: its rows do not enter the warehouse, and it says nothing about closures.
    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.HELD]
    assert office.ledger.accepted() == []


def test_a_zero_report_is_a_submission(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey(industry="制革")))

    (submission,) = office.ledger.submissions(CAMPAIGN)
    assert (submission.is_zero, submission.decision) == (True, Decision.ACCEPTED)
    assert submission.figures == {"enterprises": 0, "items": 0, "outdated": 0, "outdated_sets": 0}


def test_a_cell_that_cannot_be_read_is_not_also_called_empty(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({"equip_count": "两台"})))

    assert office.findings() == ["READ-006"]


def test_a_finding_about_the_whole_workbook_stands_beside_those_of_its_rows(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({"output": 50}, {"output": 50})))

    assert {"SUM-123", "SUM-301"} <= set(office.findings())


@pytest.mark.parametrize(
    ("changed", "role", "address"),
    [
        pytest.param({}, "contact", "sunsl@suzhou.example", id="an accepted form names the contact"),
        pytest.param(
            {"email": "a@suzhou.example； b@suzhou.example"}, "contact", "a@suzhou.example", id="two addresses"
        ),
        pytest.param(
            {"email": None}, "unit_mailbox", "gxj@suzhou.example", id="a form without an address names nobody"
        ),
        pytest.param({"city": "无锡市"}, "unit_mailbox", "gxj@suzhou.example", id="a returned form names nobody"),
    ],
)
def test_an_accepted_contact_form_changes_who_is_written_to(office, changed, role, address):
    office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form(**changed)))
    office.drop(SUZHOU, "表2.xlsx", survey({}))
    office.collect("2022-08-08 10:00")
    office.assess("2022-08-08 10:00")

    contacts = {c.role: c for c in office.ledger.contacts(CAMPAIGN, as_of=at("2022-08-08 10:00")) if c.unit == SUZHOU}
    assert contacts[role].address == address
    assert ("contact" in contacts) is (role == "contact")
    assert office.answers()[-1].recipient == address


def test_the_new_contact_may_file_for_the_unit(office):
    office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form()))
    office.receive("2022-08-08 10:00", "sunsl@suzhou.example", ("表2.xlsx", survey({})))

    assert office.outcomes()[1] == (Outcome.ACCEPTED, "审核通过")
    assert office.answers()[1].recipient == "sunsl@suzhou.example"


def test_a_contact_without_a_mobile_is_called_at_the_office(office):
    office.receive("2022-05-31 10:00", SUZHOU, ("联系人.xlsx", contact_form(office_phone="0512-68000000")))

    (contact,) = [c for c in office.ledger.contacts(CAMPAIGN, as_of=at("2022-06-01 10:00")) if c.role == "contact"]
    assert (contact.name, contact.phone) == ("孙示例", "0512-68000000")
    assert contact.valid_from == at("2022-05-31 10:00")


def test_a_person_in_a_form_is_not_in_what_the_warehouse_holds(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({"checked_by": "吴示例"})))

    (row,) = office.warehouse.query("stock/consolidate_survey_summary", parameters={"campaign_id": CAMPAIGN})
    assert row["企业名称"] == ENTERPRISE["enterprise_name"]
    assert "吴示例" not in str(row)
