"""What stands for a mail that is too large: who wrote it and what he called it, and nothing of what he sent."""

import pytest

from phaseout.adapters.intake.left_out import NAME, left_on_the_server
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.domain.submission import LEFT_ON_THE_SERVER

PLAIN = b"From: city@city.example\r\nSubject: x\r\nMessage-ID: <1@city.example>\r\n\r\n"
STRUCTURE = (
    b"""MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary="b"\r\ncontent-transfer-encoding: 8bit\r\n"""
)
MIXED = PLAIN.replace(b"Subject", STRUCTURE + b"Subject")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(PLAIN, id="a plain mail"),
        pytest.param(MIXED, id="a mail with files"),
        pytest.param(MIXED.replace(b"\r\n", b"\n"), id="bare line ends"),
        pytest.param(PLAIN.rstrip() + b"\r\nX-Long: " + b"x" * 99, id="a head that was cut off"),
    ],
)
def test_the_head_is_kept_and_one_file_stands_for_all(head):
    message = StrangersMail("").read(left_on_the_server(head, size=99_000_000))

    assert (message.sender, message.subject, message.message_id) == ("city@city.example", "x", "<1@city.example>")
    (file,) = message.attachments
    assert file.name == NAME
    assert file.content.startswith(LEFT_ON_THE_SERVER)


def test_the_same_mail_is_the_same_bytes_again():
    assert left_on_the_server(MIXED, size=1) == left_on_the_server(MIXED, size=1)
