"""Assessing (批次审核): whose delivery is believed, and what happens to those of all others."""

import pytest

from phaseout.domain.letter import LetterKind
from phaseout.domain.submission import Outcome
from tests.unit.usecases.office import MAILBOX, Office
from tests.unit.usecases.papers import NOT_AN_EXCEL_FILE, SUZHOU, WUXI, contact_form

FORM = ("联系人.xlsx", contact_form())
AUTOMATIC = "自动回复、退信或群发邮件，不作为来件处理"


@pytest.mark.parametrize(
    ("sender", "how", "outcome", "reason"),
    [
        pytest.param(
            "nobody@elsewhere.example", {}, Outcome.QUARANTINED, "发件人不在联系人名册内", id="an unknown sender"
        ),
        pytest.param(
            SUZHOU, {"authentic": False}, Outcome.QUARANTINED, "邮件服务商未能证实发件人身份", id="a forged sender"
        ),
        pytest.param(
            "gxj@suzhou.example <nobody@elsewhere.example>",
            {},
            Outcome.QUARANTINED,
            "发件人地址不规范，无法确认来源：发件人显示名中写有另一邮箱地址",
            id="a sender who shows another's address",
        ),
        pytest.param(
            SUZHOU,
            {"headers": [("Auto-Submitted", "auto-replied")]},
            Outcome.IGNORED,
            AUTOMATIC,
            id="an automatic answer of a known sender",
        ),
        pytest.param(
            "nobody@elsewhere.example",
            {"headers": [("Precedence", "bulk")]},
            Outcome.IGNORED,
            AUTOMATIC,
            id="bulk mail of an unknown sender",
        ),
    ],
)
def test_a_mail_that_is_not_believed_is_kept_and_its_sender_gets_no_answer(office, sender, how, outcome, reason):
    office.receive("2022-05-31 10:00", sender, FORM, **how)

    assert office.outcomes() == [(outcome, reason)]
    assert office.submissions() == []
    assert {letter.kind for letter in office.letters()} <= {LetterKind.VERIFICATION}
    assert {letter.recipient for letter in office.letters()} <= {MAILBOX[SUZHOU]}


def test_a_mail_without_a_workbook_is_ignored_and_gets_no_answer(office):
    office.receive("2022-05-31 10:00", SUZHOU)

    assert office.outcomes() == [(Outcome.IGNORED, "邮件未附报表")]
    assert office.letters() == []


def test_where_the_provider_vouches_for_nobody_the_register_alone_decides():
    office = Office(require_authentic=False)
    office.open()

    office.receive("2022-05-31 10:00", SUZHOU, FORM, authentic=False)

    assert office.outcomes() == [(Outcome.ACCEPTED, "审核通过")]


def test_a_known_address_counts_however_it_is_written(office):
    office.receive("2022-05-31 10:00", "GXJ@Suzhou.Example", FORM)

    assert office.outcomes() == [(Outcome.ACCEPTED, "审核通过")]


def test_a_file_in_a_folder_comes_from_the_unit_of_the_folder(office):
    office.drop(SUZHOU, *FORM)
    office.collect("2022-05-31 10:00")
    office.assess("2022-05-31 10:00")

    assert office.outcomes() == [(Outcome.ACCEPTED, "审核通过")]
    (answer,) = office.answers()
    assert (answer.unit, answer.recipient) == (SUZHOU, "gxj@suzhou.example")
    assert "邮件主题" not in office.text(answer)


def test_a_folder_that_is_no_units_is_quarantined(office):
    office.drop("329900", *FORM)
    office.collect("2022-05-31 10:00")
    office.assess("2022-05-31 10:00")

    assert office.outcomes() == [(Outcome.QUARANTINED, "收件目录329900不属于任何已开启工作的填报单位")]
    assert office.letters() == []


def test_before_a_campaign_is_open_nobody_is_known():
    office = Office()

    office.receive("2022-05-19 10:00", SUZHOU, FORM)

    assert office.outcomes() == [(Outcome.QUARANTINED, "发件人不在联系人名册内")]


def test_a_file_of_wuxi_that_names_suzhou_is_refused(office):
    office.receive("2022-05-31 10:00", WUXI, FORM)

    assert office.outcomes() == [(Outcome.REFUSED, "有附件无法识别为报表")]
    assert office.submissions() == []
    (answer,) = office.answers()
    assert (answer.unit, answer.recipient) == (WUXI, "gxj@wuxi.example")
    assert "填报单位与报送单位不符：苏州市工业和信息化局" in office.text(answer)


def test_what_is_no_spreadsheet_is_refused_with_what_to_do(office):
    office.receive("2022-05-31 10:00", SUZHOU, ("扫描件.pdf", NOT_AN_EXCEL_FILE))

    assert office.outcomes() == [(Outcome.REFUSED, "有附件无法识别为报表")]
    text = office.text(office.answers()[0])
    assert "扫描件.pdf" in text
    assert "文件不是电子表格" in text
    assert "请报送电子表格文件" in text
