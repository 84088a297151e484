"""What every sender does, in memory and through a mail server."""

import pytest

from phaseout.adapters.memory.post import MemorySender
from phaseout.adapters.post.sender import FiledSender, SmtpSender
from phaseout.domain.letter import DispatchOutcome
from tests.mail_servers import FaultySmtp

RAW = b"Subject: x\r\n\r\n\xc4\xe3\xba\xc3\r\n.\r\nend\r\n"


@pytest.fixture
def server():
    with FaultySmtp() as running:
        yield running


@pytest.fixture(params=["memory", "smtp"])
def post(request, server):
    """Yield a sender and what arrived through it."""
    if request.param == "memory":
        sender = MemorySender()
        sender.answer("nouser@city.example", DispatchOutcome.PERMANENT, "550 5.1.1 User not found")
        sender.answer("slow@city.example", DispatchOutcome.SLOW, "451 MI:SFQ too many mails, try later")
        yield sender, lambda: [(list(recipients), raw) for recipients, raw in sender.sent]
        return
    sender = SmtpSender(host="127.0.0.1", port=server.port, sender="office@gxt.example", tls="none", timeout=5)
    yield sender, lambda: [(envelope.rcpt_tos, envelope.content) for envelope in server.handler.taken]
    sender.close()


def test_a_message_arrives_byte_for_byte(post):
    sender, arrived = post

    assert sender.send(["city@city.example", "leader@city.example"], RAW) == (DispatchOutcome.SENT, "")
    assert arrived() == [(["city@city.example", "leader@city.example"], RAW)]


@pytest.mark.parametrize(
    ("recipient", "outcome"),
    [("nouser@city.example", DispatchOutcome.PERMANENT), ("slow@city.example", DispatchOutcome.SLOW)],
)
def test_a_refusal_is_an_outcome_with_the_servers_words(post, recipient, outcome):
    sender, arrived = post

    what_came, words = sender.send([recipient], RAW)

    assert what_came is outcome
    assert words.startswith(("550", "451"))
    assert arrived() == []


def test_the_next_mail_leaves_after_a_refusal(post):
    sender, arrived = post

    sender.send(["nouser@city.example"], RAW)

    assert sender.send(["city@city.example"], RAW)[0] is DispatchOutcome.SENT
    assert len(arrived()) == 1


def test_closing_twice_does_no_harm(post):
    sender, _ = post
    sender.send(["city@city.example"], RAW)

    sender.close()
    sender.close()


def test_without_a_server_the_letter_is_filed():
    sender = FiledSender()

    assert sender.send(["city@city.example"], RAW) == (DispatchOutcome.FILED, "")
    sender.close()
