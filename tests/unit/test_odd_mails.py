"""Odd and hostile mails come to what they must, with the reason that the office is told."""

import pytest

from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.domain.mail_words import AUTOMATIC_WORDS, DOUBT_WORDS, UNREAD, Doubt
from phaseout.domain.submission import FileKind
from tests.odd_mails import ODD_MAILS, Becomes

READER = StrangersMail("mx.provider.example", office_address="office@gxt.example")


def outcome_of(message):
    if message.automatic:
        return Becomes.IGNORED
    if message.sender is None:
        return Becomes.QUARANTINED
    if message.has_link_only:
        return Becomes.RESENT
    if message.attachments:
        return Becomes.TAKEN
    return Becomes.QUARANTINED if UNREAD.intersection(message.doubts) else Becomes.EMPTY


def test_there_are_many_and_no_two_bear_one_name():
    assert len({odd.name for odd in ODD_MAILS}) == len(ODD_MAILS) >= 40


@pytest.mark.parametrize("odd", ODD_MAILS, ids=lambda odd: odd.name)
def test_an_odd_mail_becomes_what_it_must(odd):
    message = READER.read(odd.raw)

    assert outcome_of(message) == odd.becomes
    assert tuple(file.name for file in message.attachments) == odd.files
    assert tuple(file.name for file in message.evidence) == odd.evidence
    assert odd.why in {None, message.automatic, *message.doubts}


@pytest.mark.parametrize("odd", ODD_MAILS, ids=lambda odd: odd.name)
def test_what_is_odd_about_a_mail_has_its_words(odd):
    message = READER.read(odd.raw)

    assert message.automatic in {None, *AUTOMATIC_WORDS}
    assert set(message.doubts) <= set(DOUBT_WORDS)


def test_every_doubt_has_its_words():
    assert set(DOUBT_WORDS) == set(Doubt)


def test_only_workbooks_are_workbooks():
    messages = [READER.read(odd.raw) for odd in ODD_MAILS]
    kinds = {file.name: file.kind for message in messages for file in (*message.attachments, *message.evidence)}

    assert kinds["a.xlsx"] is FileKind.WORKBOOK
    assert kinds["盖章件.pdf"] is FileKind.SCAN
    assert kinds["拆除前.jpg"] is kinds["拆除后.jpg"] is FileKind.PICTURE
    assert kinds["拆除.mp4"] is FileKind.VIDEO
    assert kinds["winmail.dat"] is kinds["a.zip"] is kinds["a.rar"] is FileKind.OTHER
