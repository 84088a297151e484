"""What becomes of a mail when the server misbehaves: each fault has one outcome, and never a second copy."""

import socket

import pytest

from phaseout.adapters.post.refusals import outcome_of
from phaseout.adapters.post.sender import BadTlsMode, SmtpSender
from phaseout.domain.letter import DispatchOutcome
from tests.mail_servers import FaultySmtp, self_signed

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

RAW = b"Subject: x\r\n\r\nbody\r\n"
CITY = ["city@city.example"]
RIGHT, WRONG = "right", "wrong"


def sender_to(server, **options):
    defaults = {"host": "127.0.0.1", "port": server.port, "sender": "office@gxt.example", "tls": "none", "timeout": 2}
    return SmtpSender(**defaults | options)


@pytest.fixture
def server():
    with FaultySmtp() as running:
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("certificate"))


@pytest.mark.parametrize(
    ("mode", "outcome", "copies"),
    [
        pytest.param("554 DT:SPM looks like spam", DispatchOutcome.HELD, 0, id="refused as spam"),
        pytest.param("451 4.3.0 try again", DispatchOutcome.RETRY, 0, id="refused for now"),
        pytest.param("451 MI:SFQ frequency limited", DispatchOutcome.SLOW, 0, id="too many in a quarter of an hour"),
        pytest.param("552 5.3.4 too big", DispatchOutcome.PERMANENT, 0, id="refused for good"),
        pytest.param("421 HL:IFC slow down", DispatchOutcome.SLOW, 0, id="line closed with a reason"),
        pytest.param("drop", DispatchOutcome.UNCERTAIN, 1, id="line cut while the server took it"),
        pytest.param("hang", DispatchOutcome.UNCERTAIN, 0, id="silence after the text"),
        pytest.param("cut before the text", DispatchOutcome.RETRY, 0, id="line cut before the text"),
    ],
)
def test_a_fault_has_one_outcome_and_at_most_one_copy(server, mode, outcome, copies):
    sender = sender_to(server, timeout=0.5)
    server.handler.mode = mode

    what_came, words = sender.send(CITY, RAW)

    assert what_came is outcome
    assert words
    assert len(server.handler.taken) == copies
    server.handler.mode = ""
    assert sender.send(CITY, RAW)[0] is DispatchOutcome.SENT
    sender.close()


@pytest.mark.parametrize(
    ("recipient", "outcome"),
    [
        ("nouser@city.example", DispatchOutcome.PERMANENT),
        ("busy@city.example", DispatchOutcome.RETRY),
        ("tomorrow@city.example", DispatchOutcome.TOMORROW),
        ("spam@city.example", DispatchOutcome.HELD),
        ("not an address", DispatchOutcome.PERMANENT),
        ("city@city.example\r\nRCPT TO:<other@city.example>", DispatchOutcome.PERMANENT),
    ],
)
def test_what_is_wrong_with_a_recipient(server, recipient, outcome):
    sender = sender_to(server)

    assert sender.send([recipient], RAW)[0] is outcome
    assert server.handler.taken == []
    sender.close()


def test_a_refused_copy_is_noted_and_the_mail_counts_as_sent(server):
    sender = sender_to(server)

    assert sender.send([*CITY, "nouser@city.example"], RAW) == (DispatchOutcome.SENT, "copy refused: 550")
    assert [envelope.rcpt_tos for envelope in server.handler.taken] == [CITY]
    sender.close()


def test_a_refused_recipient_decides_even_if_the_copy_left(server):
    sender = sender_to(server)

    assert sender.send(["nouser@city.example", *CITY], RAW)[0] is DispatchOutcome.PERMANENT
    sender.close()


def test_the_envelope_bears_the_offices_address(server):
    sender = sender_to(server)

    sender.send(CITY, RAW)

    assert server.handler.taken[0].mail_from == "office@gxt.example"
    sender.close()


def test_a_connection_carries_twenty_mails(server):
    sender = sender_to(server)

    for _ in range(60):
        sender.send(CITY, RAW)

    assert (len(server.handler.taken), server.handler.connections) == (60, 3)
    sender.close()


def test_a_closed_port_can_be_tried_again():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        sender = SmtpSender(
            host="127.0.0.1", port=taken.getsockname()[1], sender="office@gxt.example", tls="none", timeout=1
        )
        assert sender.send(CITY, RAW)[0] is DispatchOutcome.RETRY


@pytest.mark.parametrize("tls", ["ssl", "starttls"])
def test_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail(certificate, tls):
    with FaultySmtp(tls=tls, certificate=certificate, password=RIGHT) as server:
        sender = sender_to(server, tls=tls, password=RIGHT)

        assert sender.send(CITY, RAW)[0] is DispatchOutcome.CONFIG
        assert server.handler.taken == []


@pytest.mark.parametrize("tls", ["ssl", "starttls"])
def test_a_known_certificate_and_the_right_password_are_enough(certificate, tls):
    with FaultySmtp(tls=tls, certificate=certificate, password=RIGHT) as server:
        sender = sender_to(server, tls=tls, user="office@gxt.example", password=RIGHT, ca_file=certificate[0])

        assert sender.send(CITY, RAW) == (DispatchOutcome.SENT, "")
        sender.close()


def test_a_server_without_starttls_gets_neither_password_nor_mail(server):
    sender = sender_to(server, tls="starttls", password=RIGHT)

    assert sender.send(CITY, RAW)[0] is DispatchOutcome.CONFIG
    assert server.handler.taken == []


def test_a_wrong_password_is_the_operators_matter():
    with FaultySmtp(password=RIGHT) as server:
        sender = sender_to(server, password=WRONG)

        assert sender.send(CITY, RAW)[0] is DispatchOutcome.AUTH
        assert server.handler.taken == []


def test_an_unknown_way_of_encrypting_is_refused_at_once():
    with pytest.raises(BadTlsMode):
        SmtpSender(host="127.0.0.1", port=25, sender="office@gxt.example", tls="maybe")


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        (550, "550 MI:STC", DispatchOutcome.TOMORROW),
        (553, "Mail from must equal authorized user", DispatchOutcome.CONFIG),
        (550, "MI:SPF", DispatchOutcome.CONFIG),
        (421, "HL:REP", DispatchOutcome.SLOW),
        (550, "User frequency limited", DispatchOutcome.SLOW),
        (554, "DT:SUM", DispatchOutcome.HELD),
        (550, "no such user", DispatchOutcome.PERMANENT),
        (452, "disk full", DispatchOutcome.RETRY),
    ],
)
def test_a_servers_words_weigh_more_than_its_code(code, text, outcome):
    assert outcome_of(code, text) is outcome
