"""Mails that ask for a check alone (预检): the same findings as intake, and nothing is filed."""

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import Standing
from phaseout.domain.submission import Outcome
from phaseout.usecases.assess import Assessed
from phaseout.usecases.assess.mail_preview import MOST_A_DAY
from tests.unit.usecases.office import MAILBOX
from tests.unit.usecases.papers import NOT_AN_EXCEL_FILE, SUZHOU, progress, survey

RIGHT = ("表2.xlsx", survey({}))
SPOILED = ("表2.xlsx", survey({"uscc": "91320281MA1TE5T1XX"}))
SURVEY = "320500/summary/survey_summary/ferroalloy"
MORNING = "2022-08-08 10:00"
NOT_FILED = (Outcome.IGNORED, "预检，未报送")


def asked(office, *files, moment=MORNING, subject="预检：表2铁合金", **how):
    return office.receive(moment, SUZHOU, *files, subject=subject, **how)


def test_findings_and_marked_copy_come_back_and_nothing_is_filed(office):
    office.catch_up()
    content = office.warehouse.content_hash()

    assert asked(office, SPOILED) == Assessed(deliveries=1)

    (letter,) = office.letters()
    said = office.text(letter)
    assert (letter.kind, letter.recipient) == (LetterKind.PREVIEW, MAILBOX[SUZHOU])
    assert "本次为预检，不作为正式报送" in said
    assert "结果：存在须更正的问题。" in said
    assert "规则号：SUM-101" in said
    assert office.files(letter) == ["批注件-表2.xlsx"]
    assert (office.outcomes(), office.submissions()) == ([NOT_FILED], [])
    assert office.view(SURVEY, MORNING).standing is Standing.OPEN
    assert office.warehouse.content_hash() == content


def test_a_right_file_is_found_right_and_is_not_accepted(office):
    office.catch_up()
    content = office.warehouse.content_hash()
    asked(office, RIGHT)

    (letter,) = office.letters()
    assert "结果：未发现须更正的问题。" in office.text(letter)
    assert "校验码" not in office.text(letter)
    assert (office.files(letter), office.submissions()) == ([], [])
    assert office.warehouse.content_hash() == content


def test_the_same_bytes_filed_afterwards_are_no_duplicate(office):
    asked(office, RIGHT)
    office.receive("2022-08-08 11:00", SUZHOU, RIGHT)

    assert office.submissions() == [(f"{SURVEY}#1", Decision.ACCEPTED)]


def test_what_was_filed_can_be_checked_again(office):
    office.receive("2022-08-08 09:00", SUZHOU, SPOILED)
    asked(office, SPOILED)

    letter = office.letters()[-1]
    assert "结果：存在须更正的问题。" in office.text(letter)
    assert office.files(letter) == ["批注件-表2.xlsx"]
    assert office.submissions() == [(f"{SURVEY}#1", Decision.RETURNED)]


def test_reminders_stay_in_the_outbox(office):
    office.remind("2022-08-11 09:00")
    waiting = len(office.unprompted())
    asked(office, RIGHT, moment="2022-08-11 10:00")

    assert len(office.unprompted()) == waiting > 0


def test_a_mail_to_check_is_held_against_what_was_accepted_and_its_own_other_files(office):
    asked(office, RIGHT, ("表3.xlsx", progress({})), moment="2022-08-29 10:00", subject="请预检")

    assert "PROG-" not in office.text(office.letters()[-1])


def test_filing_and_checking_in_one_pass_do_not_mix(office):
    office.mail(MORNING, SUZHOU, SPOILED, subject="预检")
    office.mail("2022-08-08 10:01", SUZHOU, RIGHT)
    office.collect("2022-08-08 10:02")
    office.assess("2022-08-08 10:02")

    assert office.outcomes() == [NOT_FILED, (Outcome.ACCEPTED, "审核通过")]
    assert sorted(letter.kind for letter in office.letters()) == [LetterKind.PREVIEW, LetterKind.RECEIPT]


def test_a_reply_to_the_answer_is_filed(office):
    asked(office, SPOILED)
    subject = office.letters()[0].subject
    office.receive("2022-08-08 15:00", SUZHOU, RIGHT, subject=f"回复：{subject}")

    assert "预检" not in subject
    assert office.submissions() == [(f"{SURVEY}#1", Decision.ACCEPTED)]


def test_what_is_no_form_is_told_so(office):
    asked(office, ("扫描件.xlsx", NOT_AN_EXCEL_FILE))

    assert "结果：不能作为规定报表核对。原因：" in office.text(office.letters()[0])


@pytest.mark.parametrize("how", [pytest.param({"authentic": False}, id="unproven")])
def test_who_is_not_believed_gets_no_check(office, how):
    asked(office, RIGHT, **how)

    assert office.outcomes()[0][0] is Outcome.QUARANTINED
    assert [letter.kind for letter in office.letters()] == [LetterKind.VERIFICATION]


def test_a_stranger_gets_no_check(office):
    office.receive(MORNING, "zhang.shili@elsewhere.example", RIGHT, subject="预检")

    assert LetterKind.PREVIEW not in {letter.kind for letter in office.letters()}


def test_only_so_many_are_answered_a_day(office):
    for number in range(MOST_A_DAY + 1):
        scan, own_id = ("x.xlsx", NOT_AN_EXCEL_FILE), f"<{number}@city.example>"
        office.mail(MORNING, SUZHOU, scan, subject="预检", message_id=own_id)
    office.collect(MORNING)
    office.assess(MORNING)

    assert len(office.letters()) == MOST_A_DAY
    assert office.outcomes()[-1] == (Outcome.IGNORED, "预检，未报送；当日预检次数已满，未回复")
    asked(office, RIGHT, moment="2022-08-09 09:00")
    assert len(office.letters()) == MOST_A_DAY + 1


def test_previews_do_not_use_up_the_notices_of_a_day(office):
    for number in range(6):
        asked(office, ("x.xlsx", NOT_AN_EXCEL_FILE), message_id=f"<{number}@city.example>")
    office.receive("2022-08-08 11:00", SUZHOU, RIGHT, authentic=False)

    assert office.letters()[-1].kind is LetterKind.VERIFICATION


def test_a_file_in_the_folder_is_filed_whatever_it_is_called(office):
    office.drop(SUZHOU, "预检.xlsx", RIGHT[1])
    office.collect(MORNING)
    office.assess(MORNING)

    assert office.submissions() == [(f"{SURVEY}#1", Decision.ACCEPTED)]
