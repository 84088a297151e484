"""Quarantine (隔离待查): who is told of a doubtful delivery, and what a person's decision makes of it."""

from email import message_from_bytes, policy

import pytest

from phaseout.domain.decision import Decision
from phaseout.domain.letter import LetterKind
from phaseout.domain.quarantine import NotInQuarantine
from phaseout.domain.submission import Outcome
from phaseout.usecases import AssessIsRunning
from phaseout.usecases.assess import Assessed
from phaseout.usecases.quarantine import (
    NobodyDecides,
    NothingToRemember,
    UnitNeeded,
    let_in,
    send_away,
)
from tests.unit.usecases.office import MAILBOX, Office, at, mail_of
from tests.unit.usecases.papers import SUZHOU, WUXI, contact_form, survey

STRANGER = "zhang.shili@elsewhere.example"
FORM = ("联系人.xlsx", contact_form())
CONTACTS = "320500/contact_list/contact"
SURVEY = "320500/summary/survey_summary/ferroalloy"
LINK = """<a href="https://mail.qq.com/cgi-bin/ftnExs_download?k=1&code=2">从QQ邮箱发来的超大附件 表2.xlsx</a>"""


def accept(
    office, number=-1, *, moment="2022-06-01 09:00", unit=SUZHOU, by="周示例", reason="已电话核实", remember=False
):
    delivery = office.ledger.deliveries()[number].delivery.id
    who = {"unit": unit, "remember": remember, "by": by, "reason": reason}
    return let_in(delivery, **who, as_of=at(moment), definitions=office.definitions, ledger=office.ledger)


def reject(office, number=-1, *, moment="2022-06-01 09:00", by="周示例", reason="并非我省单位来件"):
    delivery = office.ledger.deliveries()[number].delivery.id
    return send_away(delivery, by=by, reason=reason, as_of=at(moment), ledger=office.ledger)


@pytest.fixture
def waiting(office):
    """Return an office in whose quarantine Suzhou's form lies, sent by a stranger."""
    office.receive("2022-05-31 10:00", STRANGER, FORM)
    return office


# Who is told


def test_the_unit_that_a_strangers_form_names_is_asked_at_its_registered_address(waiting):
    (letter,) = waiting.letters()
    text = waiting.text(letter)

    assert (letter.kind, letter.unit, letter.recipient) == (LetterKind.VERIFICATION, SUZHOU, MAILBOX[SUZHOU])
    assert letter.delivery == waiting.ledger.deliveries()[0].delivery.id
    assert f"发件地址：{STRANGER}" in text
    assert "隔离原因：发件人不在联系人名册内" in text


def test_the_unit_whose_address_was_forged_is_asked(office):
    office.receive("2022-05-31 10:00", SUZHOU, ("图片.png", b"\x89PNG\r\n\x1a\n"), authentic=False)

    assert [letter.recipient for letter in office.letters()] == [MAILBOX[SUZHOU]]


def test_a_strangers_own_words_are_not_passed_on(office):
    office.receive("2022-05-31 10:00", STRANGER, FORM, subject="请登录 www.phish.example 核对")

    assert "phish" not in str(office.message(office.letters()[0]))


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((), id="nothing"),
        pytest.param((("合同.pdf", b"%PDF-1.7"),), id="no form"),
    ],
)
def test_nobody_is_asked_about_a_mail_that_names_no_unit(office, files):
    office.receive("2022-05-31 10:00", STRANGER, *files)

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.QUARANTINED]
    assert office.letters() == []


def test_a_unit_is_asked_about_an_address_once_a_day(waiting):
    waiting.receive("2022-05-31 11:00", STRANGER, ("表2.xlsx", survey({})))
    assert len(waiting.letters()) == 1

    waiting.receive("2022-06-01 09:00", STRANGER, ("再报.xlsx", survey({}, {})))
    assert len(waiting.letters()) == 2


def test_an_address_gets_at_most_five_notices_a_day_whoever_writes(office):
    for number in range(4):
        office.mail("2022-05-31 10:00", f"zhang{number}@elsewhere.example", FORM)
    office.collect("2022-05-31 10:01")
    office.assess("2022-05-31 10:01")
    for number in range(4):
        office.receive("2022-05-31 11:00", f"li{number}@elsewhere.example", FORM)

    assert len(office.letters()) == 5
    assert {letter.recipient for letter in office.letters()} == {MAILBOX[SUZHOU]}


def test_a_registered_sender_whose_file_stayed_on_a_web_disk_is_asked_to_attach_it(office):
    raw = _with_link(SUZHOU)
    office.mailbox.put(raw, ref="uid-link", arrived_at=at("2022-05-31 10:00"))
    office.collect("2022-05-31 10:00")
    office.assess("2022-05-31 10:00")

    assert office.outcomes() == [(Outcome.IGNORED, "报表以网盘链接或者超大附件形式发送，未随邮件到达")]
    (letter,) = office.letters()
    assert (letter.kind, letter.recipient) == (LetterKind.RESEND, MAILBOX[SUZHOU])
    assert "作为普通附件重新报送" in office.text(letter)


def test_a_stranger_whose_file_stayed_on_a_web_disk_is_not_answered(office):
    office.mailbox.put(_with_link(STRANGER), ref="uid-link", arrived_at=at("2022-05-31 10:00"))
    office.collect("2022-05-31 10:00")
    office.assess("2022-05-31 10:00")

    assert office.letters() == []


def _with_link(sender):
    message = message_from_bytes(mail_of(MAILBOX.get(sender, sender)), policy=policy.SMTP)
    message.set_content(LINK, subtype="html")
    return message.as_bytes()


def test_one_stranger_who_writes_often_leaves_room_for_others(office):
    for number in range(6):
        office.mail("2022-05-31 10:00", STRANGER, (f"联系人{number}.xlsx", FORM[1]))
    office.mail("2022-05-31 10:01", "li@elsewhere.example", FORM)
    office.collect("2022-05-31 10:02")
    office.assess("2022-05-31 10:02")

    assert len(office.letters()) == 2


def test_two_offices_that_write_to_each_other_stop_at_once(waiting):
    other = Office(require_authentic=False)
    other.open()
    (letter,) = waiting.letters()
    other.mailbox.put(waiting.archive.get(letter.raw_sha256), ref="uid-1", arrived_at=at("2022-05-31 10:05"))
    other.collect("2022-05-31 10:05")
    other.assess("2022-05-31 10:05")

    assert [outcome for outcome, _ in other.outcomes()] == [Outcome.IGNORED]
    assert other.letters() == []


def test_our_own_letter_is_known_by_its_message_id_when_its_other_marks_were_lost(waiting):
    (letter,) = waiting.letters()

    waiting.receive("2022-05-31 10:05", SUZHOU, FORM, message_id=letter.message_id)

    assert waiting.outcomes()[1][0] is Outcome.IGNORED
    assert len(waiting.letters()) == 1


# What a decision makes of it


def test_an_accepted_delivery_goes_the_normal_way_as_of_its_arrival(waiting):
    assert accept(waiting, moment="2022-06-10 09:00")
    assert waiting.outcomes() == [(None, "")]
    assert waiting.assess("2022-06-10 09:05") == Assessed(deliveries=1, accepted=1)

    view = waiting.view(CONTACTS, "2022-06-10 10:00")
    assert waiting.submissions() == [(f"{CONTACTS}#1", Decision.ACCEPTED)]
    assert (view.arrived_at, view.days_late) == (at("2022-05-31 10:00"), -2)


def test_the_answer_to_an_accepted_delivery_goes_to_the_registered_address(waiting):
    accept(waiting)
    waiting.assess("2022-06-01 09:05")

    assert waiting.answers()[-1].kind is LetterKind.RECEIPT
    assert {letter.recipient for letter in waiting.letters()} == {MAILBOX[SUZHOU]}


def test_a_person_may_believe_a_known_sender_without_naming_the_unit(office):
    office.receive("2022-05-31 10:00", SUZHOU, FORM, authentic=False)

    accept(office, unit=None)
    office.assess("2022-06-01 09:05")

    assert office.submissions() == [(f"{CONTACTS}#1", Decision.ACCEPTED)]


@pytest.mark.parametrize("written", [SUZHOU, "苏州市", "苏州"])
def test_a_person_names_the_unit_as_he_likes(waiting, written):
    accept(waiting, unit=written)
    waiting.assess("2022-06-01 09:05")

    assert waiting.submissions() == [(f"{CONTACTS}#1", Decision.ACCEPTED)]


def test_a_file_in_a_folder_of_nobody_can_be_let_in_as_a_units(office):
    office.drop("329900", *FORM)
    office.collect("2022-05-31 10:00")
    office.assess("2022-05-31 10:00")

    accept(office)
    office.assess("2022-06-01 09:05")

    assert office.submissions() == [(f"{CONTACTS}#1", Decision.ACCEPTED)]


def test_an_address_that_is_remembered_is_believed_from_then_on_and_not_written_to_unasked(waiting):
    accept(waiting, remember=True)
    waiting.assess("2022-06-01 09:05")
    waiting.receive("2022-08-08 10:00", STRANGER, ("表2.xlsx", survey({})))

    assert waiting.outcomes()[1] == (Outcome.ACCEPTED, "审核通过")
    assert waiting.answers()[-1].recipient == STRANGER
    waiting.remind("2022-08-15 09:00")
    assert STRANGER not in {letter.recipient for letter in waiting.unprompted()}


def test_several_addresses_of_a_unit_can_be_remembered(waiting):
    waiting.receive("2022-05-31 11:00", "li@elsewhere.example", ("表2.xlsx", survey({})))
    for number in (0, 1):
        accept(waiting, number, remember=True)

    for number, sender in enumerate((STRANGER, "li@elsewhere.example")):
        waiting.receive(f"2022-08-0{number + 8} 10:00", sender, ("表2.xlsx", survey(*[{}] * (number + 2))))
    assert Outcome.QUARANTINED not in {outcome for outcome, _ in waiting.outcomes()}


def test_a_file_of_wuxi_that_was_let_in_as_suzhous_is_refused_like_any_other(office):
    office.receive("2022-05-31 10:00", STRANGER, ("联系人.xlsx", contact_form(WUXI)))

    accept(office)
    office.assess("2022-06-01 09:05")

    assert office.outcomes() == [(Outcome.REFUSED, "有附件无法识别为报表")]


def test_a_rejected_delivery_is_kept_with_the_reason_and_nobody_is_answered(waiting):
    before = len(waiting.letters())

    assert reject(waiting)
    waiting.assess("2022-06-01 09:05")

    assert waiting.outcomes() == [(Outcome.IGNORED, "隔离件经核查不作办理：并非我省单位来件")]
    assert (waiting.submissions(), len(waiting.letters())) == ([], before)


def test_the_same_decision_again_changes_nothing(waiting):
    accept(waiting)
    revision = waiting.ledger.revision()

    assert not accept(waiting, moment="2022-06-01 09:30")
    assert waiting.ledger.revision() == revision
    waiting.assess("2022-06-01 10:00")
    assert not accept(waiting, moment="2022-06-01 11:00")
    assert len(waiting.submissions()) == 1


def test_the_newest_decision_counts_until_the_delivery_has_gone_its_way(waiting):
    reject(waiting)
    accept(waiting, moment="2022-06-01 10:00")
    reject(waiting, moment="2022-06-01 11:00", reason="再次核实后不符")
    assert waiting.outcomes()[0][0] is Outcome.IGNORED
    accept(waiting, moment="2022-06-01 12:00")
    waiting.assess("2022-06-01 12:05")

    with pytest.raises(NotInQuarantine, match="accepted"):
        reject(waiting, moment="2022-06-01 13:00")
    acts = waiting.ledger.quarantine_decisions()
    assert [(act.is_accepted, act.by, act.decided_at.hour) for act in acts] == [
        (False, "周示例", 9),
        (True, "周示例", 10),
        (False, "周示例", 11),
        (True, "周示例", 12),
    ]


@pytest.mark.parametrize(
    ("how", "error"),
    [
        pytest.param({"unit": None}, UnitNeeded, id="a stranger's without its unit"),
        pytest.param({"unit": "999999"}, UnitNeeded, id="a unit of no campaign"),
        pytest.param({"by": " "}, NobodyDecides, id="by nobody"),
        pytest.param({"reason": " "}, NobodyDecides, id="without a reason"),
    ],
)
def test_a_decision_that_cannot_be_changes_nothing(waiting, how, error):
    with pytest.raises(error):
        accept(waiting, **how)

    assert waiting.outcomes()[0][0] is Outcome.QUARANTINED
    assert waiting.ledger.quarantine_decisions() == []


def test_a_folder_leaves_no_address_to_remember(office):
    office.drop("329900", *FORM)
    office.collect("2022-05-31 10:00")
    office.assess("2022-05-31 10:00")

    with pytest.raises(NothingToRemember):
        accept(office, remember=True)


def test_a_delivery_that_went_its_way_needs_no_decision(office):
    office.receive("2022-05-31 10:00", SUZHOU, FORM)

    for decide in (accept, reject):
        with pytest.raises(NotInQuarantine):
            decide(office)


def test_nothing_is_decided_while_a_batch_is_assessed(waiting):
    with waiting.ledger.lease("assess", as_of=at("2022-06-01 09:00")), pytest.raises(AssessIsRunning):
        accept(waiting, moment="2022-06-01 09:01")

    assert waiting.outcomes()[0][0] is Outcome.QUARANTINED


# One id, two mails


def test_a_mail_that_bears_the_id_of_an_earlier_one_with_other_files_waits_for_a_person(office):
    office.receive("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey({})), message_id="<1@city.example>")
    office.receive("2022-08-09 10:00", SUZHOU, ("表2.xlsx", survey({}, {})), message_id="<1@city.example>")

    assert office.outcomes()[1] == (Outcome.QUARANTINED, "邮件标识与此前来件相同而附件不同，须人工核实")
    assert len(office.submissions()) == 1
    assert office.letters()[-1].kind is LetterKind.VERIFICATION

    accept(office, moment="2022-08-09 11:00", unit=None)
    office.assess("2022-08-09 11:05")
    assert [id_ for id_, _ in office.submissions()] == [f"{SURVEY}#1", f"{SURVEY}#2"]


def test_two_mails_of_one_id_in_one_batch_are_told_apart(office):
    for rows in (({},), ({}, {})):
        office.mail("2022-08-08 10:00", SUZHOU, ("表2.xlsx", survey(*rows)), message_id="<1@city.example>")
    office.collect("2022-08-08 10:00")
    office.assess("2022-08-08 10:00")

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.ACCEPTED, Outcome.QUARANTINED]


def test_the_same_mail_by_another_way_is_a_duplicate_and_no_conflict(office):
    form = ("表2.xlsx", survey({}))
    office.receive("2022-08-08 10:00", SUZHOU, form, message_id="<1@city.example>")
    office.receive("2022-08-08 10:01", SUZHOU, form, message_id="<1@city.example>", headers=[("X-Way", "cc")])

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.ACCEPTED, Outcome.DUPLICATE]
