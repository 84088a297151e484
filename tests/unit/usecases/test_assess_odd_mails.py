"""Assessing (批次审核): what odd mails come to, and what their senders and the office are told."""

import base64
import hashlib

import pytest

from phaseout.domain.letter import LetterKind
from phaseout.domain.submission import Outcome
from tests.odd_mails import PDF, PHOTO, QQ_LINK, WINMAIL, XLSX, bounce, linked, multipart, named, part, with_file
from tests.unit.usecases.office import PROVIDER, at
from tests.unit.usecases.papers import contact_form

SUZHOU = b"gxj@suzhou.example"
VOUCHED = f"Authentication-Results: {PROVIDER}; dmarc=pass header.from=suzhou.example\r\n".encode()
MOMENT = "2022-05-31 10:00"


def take_in(office, raw):
    office.mailbox.put(VOUCHED + raw, ref="odd", arrived_at=at(MOMENT))
    office.collect(MOMENT)
    office.assess(MOMENT)


def table():
    return part(named("联系人.xlsx"), content=base64.encodebytes(contact_form()))


def test_what_comes_beside_a_workbook_is_kept_in_the_archive(office):
    take_in(office, multipart(table(), PHOTO, PDF, sender=SUZHOU))

    assert office.outcomes() == [(Outcome.ACCEPTED, "审核通过")]
    assert office.archive.get(hashlib.sha256(XLSX).hexdigest()) == XLSX  # the invented bytes of either


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        pytest.param(with_file("winmail.dat", WINMAIL, sender=SUZHOU), "附件被邮件软件打包为winmail.dat", id="winmail"),
        pytest.param(with_file("报表.rar", b"Rar!\x1a\x07", sender=SUZHOU), "压缩包无法打开", id="rar"),
        pytest.param(with_file("报表.7z", b"7z\xbc\xaf\x27\x1c", sender=SUZHOU), "压缩包无法打开", id="7z"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_what_to_do(office, raw, title):
    take_in(office, raw)

    assert office.outcomes() == [(Outcome.REFUSED, "有附件无法识别为报表")]
    assert title in office.text(office.answers()[0])


def test_of_a_bounce_the_office_reads_whom_the_letter_did_not_reach(office):
    take_in(office, bounce())

    ((outcome, reason),) = office.outcomes()
    assert outcome is Outcome.IGNORED
    assert "gxj@city.example未送达（5.1.1）" in reason
    assert office.letters() == []


def test_a_mail_in_which_files_may_have_been_missed_waits_for_a_person(office):
    take_in(office, multipart(b"\r\ntext", sender=SUZHOU) + part(named("a.xlsx")))

    ((outcome, reason),) = office.outcomes()
    assert outcome is Outcome.QUARANTINED
    assert reason == "未能从邮件中取出报表，须人工核实：邮件中有未按附件格式存放的内容"
    assert [letter.kind for letter in office.letters()] == [LetterKind.RESEND]


@pytest.mark.parametrize("beside", [(), (PDF,)], ids=["alone", "beside a scan"])
def test_who_sent_a_link_is_asked_to_attach_the_file(office, beside):
    take_in(office, linked(QQ_LINK, *beside, sender=SUZHOU))

    assert office.outcomes() == [(Outcome.IGNORED, "报表以网盘链接或者超大附件形式发送，未随邮件到达")]
    (letter,) = office.letters()
    assert letter.kind is LetterKind.RESEND
    assert "作为普通附件重新报送" in office.text(letter)
