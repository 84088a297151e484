"""What becomes of a mail when the server misbehaves: each fault has one outcome, and never a second copy."""

import base64
import logging
import socket
import threading

import pytest

from phaseout.adapters.post.refusals import of_connection, outcome_of
from phaseout.adapters.post.sender import BadCertificates, BadTlsMode, SmtpSender
from phaseout.domain.letter import DispatchOutcome
from tests.mail_servers import FaultySmtp, self_signed

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

RAW = b"Subject: x\r\n\r\nbody\r\n"
CITY = ["city@city.example"]
RIGHT, WRONG = "right", "wrong"
SECRET = "invented-code"  # noqa: S105  no mailbox has it


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


AUTH, CONFIG, HELD = DispatchOutcome.AUTH, DispatchOutcome.CONFIG, DispatchOutcome.HELD
PERMANENT, RETRY, SLOW = DispatchOutcome.PERMANENT, DispatchOutcome.RETRY, DispatchOutcome.SLOW
SENT, TOMORROW, UNCERTAIN = DispatchOutcome.SENT, DispatchOutcome.TOMORROW, DispatchOutcome.UNCERTAIN
UNREACHABLE = DispatchOutcome.UNREACHABLE
FAULTS = [
    # What is said before the letter is offered is not said of the letter: none fails for good by it.
    ("greeting", "silence", UNREACHABLE, 0),
    ("greeting", "cut", UNREACHABLE, 0),
    ("greeting", "421 HL:ICC too many connections", UNREACHABLE, 0),
    ("greeting", "421 4.7.0 try again", UNREACHABLE, 0),
    ("greeting", "554 5.7.1 not you", CONFIG, 0),
    ("EHLO", "silence", UNREACHABLE, 0),
    ("EHLO", "cut", UNREACHABLE, 0),
    ("EHLO", "421 4.7.0 closing", UNREACHABLE, 0),
    ("EHLO", "550 MI:NHD", CONFIG, 0),
    ("AUTH", "535 5.7.8 wrong", AUTH, 0),
    ("AUTH", "550 User has no permission", AUTH, 0),
    ("AUTH", "454 4.7.0 temporary failure", UNREACHABLE, 0),
    ("AUTH", "550 MI:STC the count of the day is reached", TOMORROW, 0),
    ("AUTH", "silence", UNREACHABLE, 0),
    ("AUTH", "cut", UNREACHABLE, 0),
    ("MAIL", "451 4.7.1 greylisted", UNREACHABLE, 0),
    ("MAIL", "451 MI:SFQ", SLOW, 0),
    ("MAIL", "450 MI:DMC too many on this line", SLOW, 0),
    ("MAIL", "421 4.3.2 shutting down", UNREACHABLE, 0),
    ("MAIL", "550 MI:STC the count of the day is reached", TOMORROW, 0),
    ("MAIL", "550 5.7.1 no", CONFIG, 0),
    ("MAIL", "553 Mail from must equal authorized user", CONFIG, 0),
    ("MAIL", "552 5.3.4 too big", PERMANENT, 0),
    ("MAIL", "452 4.3.1 no room for so much", RETRY, 0),
    ("MAIL", "silence", UNREACHABLE, 0),
    ("MAIL", "cut", UNREACHABLE, 0),
    ("RCPT", "451 4.7.1 greylisted", RETRY, 0),
    ("RCPT", "550 5.1.1 no such user", PERMANENT, 0),
    ("RCPT", "550 RP:TRC", TOMORROW, 0),
    ("RCPT", "421 4.3.2 shutting down", RETRY, 0),
    ("RCPT", "silence", RETRY, 0),
    ("RCPT", "cut", RETRY, 0),
    ("DATA", "451 4.3.0 later", RETRY, 0),
    ("DATA", "451 DT:SPM", HELD, 0),
    ("DATA", "554 DT:SPM", HELD, 0),
    ("DATA", "421 4.3.2 shutting down", RETRY, 0),
    ("DATA", "silence", RETRY, 0),
    ("DATA", "cut", RETRY, 0),
    ("DATA", "cut in the text", UNCERTAIN, 0),
    ("QUIT", "cut", SENT, 1),
    ("QUIT", "421 closing", SENT, 1),
    ("QUIT", "silence", SENT, 1),
]


@pytest.mark.parametrize(
    ("step", "fault", "outcome", "copies"), FAULTS, ids=[f"{step}: {fault}" for step, fault, *_ in FAULTS]
)
def test_a_fault_at_a_step_has_one_outcome_and_the_next_letter_leaves(step, fault, outcome, copies):
    with FaultySmtp(password=RIGHT) as server:
        sender = sender_to(server, timeout=1, password=RIGHT, user="office@gxt.example")
        server.handler.at[step] = fault

        assert sender.send(CITY, RAW)[0] is outcome
        sender.close()
        assert len(server.handler.taken) == copies

        server.handler.at.clear()
        assert sender.send(CITY, RAW)[0] is SENT
        assert len(server.handler.taken) == copies + 1
        sender.close()


def test_a_server_that_hangs_up_at_a_copys_address_leaves_the_letter_for_later(server):
    sender = sender_to(server)
    server.handler.at["RCPT"] = "421 4.3.2 shutting down"

    assert sender.send([*CITY, "leader@city.example"], RAW)[0] is RETRY
    assert server.handler.taken == []


@pytest.mark.parametrize("tls", ["ssl", "starttls"])
def test_a_certificate_for_another_name_gets_neither_password_nor_mail(tmp_path, tls):
    certificate = self_signed(tmp_path, name="mail.other.example")
    with FaultySmtp(tls=tls, certificate=certificate, password=RIGHT) as server:
        sender = sender_to(server, tls=tls, password=RIGHT, ca_file=certificate[0])

        outcome, words = sender.send(CITY, RAW)

        assert outcome is CONFIG
        assert "127.0.0.1" in words
        assert (server.handler.logins, server.handler.taken) == ([], [])


def test_a_server_that_speaks_no_tls_gets_neither_password_nor_mail(server):
    sender = sender_to(server, tls="ssl", password=RIGHT)

    assert sender.send(CITY, RAW)[0] is CONFIG
    assert (server.handler.logins, server.handler.taken) == ([], [])


@pytest.mark.parametrize("echoed", [SECRET, "{plain}"], ids=["as it is", "as AUTH writes it"])
def test_a_password_that_a_server_repeats_is_in_no_words_and_in_no_log(caplog, echoed):
    plain = base64.b64encode(f"\0office@gxt.example\0{SECRET}".encode()).decode()
    caplog.set_level(logging.DEBUG)
    with FaultySmtp(password=SECRET) as server:
        sender = sender_to(server, password=SECRET, user="office@gxt.example")
        server.handler.at["AUTH"] = f"535 unknown command AUTH PLAIN {echoed.format(plain=plain)}"

        outcome, words = sender.send(CITY, RAW)

    assert outcome is AUTH
    for secret in (SECRET, plain):
        assert secret not in words
        assert secret not in repr(sender)
        assert secret not in "".join(record.getMessage() for record in caplog.records if record.name != "mail.log")


def test_a_connection_carries_as_many_letters_as_the_settings_say(server):
    sender = sender_to(server, per_connection=5)
    for _ in range(12):
        sender.send(CITY, RAW)
    sender.close()

    endless = sender_to(server, per_connection=None)
    for _ in range(30):
        endless.send(CITY, RAW)
    endless.close()

    assert (len(server.handler.taken), server.handler.connections) == (42, 4)


def test_certificates_to_trust_that_are_not_there_are_the_operators_matter(tmp_path):
    with pytest.raises(BadCertificates, match="PHASEOUT_SMTP_CA_FILE"):
        SmtpSender(host="127.0.0.1", port=25, sender="office@gxt.example", ca_file=tmp_path / "none.pem")


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


@pytest.mark.parametrize("fault", ["cut", "421 4.7.0 enough for this line", "451 4.3.0 later"])
def test_a_line_that_has_carried_a_letter_may_be_used_up_and_says_nothing_of_the_server(server, fault):
    sender = sender_to(server)
    sender.send(CITY, RAW)
    server.handler.at["MAIL"] = fault

    assert sender.send(CITY, RAW)[0] is RETRY
    sender.close()


def test_without_a_login_too_a_server_that_falls_silent_at_ehlo_has_heard_of_no_letter(server):
    sender = sender_to(server, timeout=0.5)
    server.handler.at["EHLO"] = "silence"

    assert sender.send(CITY, RAW)[0] is UNREACHABLE


@pytest.mark.parametrize("tls", ["ssl", "starttls", "none"])
def test_a_server_that_takes_the_line_and_hangs_up_is_not_there(tls):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up():
            for _ in range(2):
                listener.accept()[0].close()

        hanging_up = threading.Thread(target=hang_up, daemon=True)
        hanging_up.start()
        sender = SmtpSender(
            host="127.0.0.1", port=listener.getsockname()[1], sender="office@gxt.example", tls=tls, timeout=2
        )
        outcomes = [sender.send(CITY, RAW)[0] for _ in range(2)]
        hanging_up.join(timeout=5)

    assert outcomes == [UNREACHABLE] * 2


def test_a_name_that_nobody_knows_is_a_server_that_is_not_there():
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert of_connection(unknown).outcome is UNREACHABLE


def test_a_closed_port_is_a_server_that_is_not_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        sender = SmtpSender(
            host="127.0.0.1", port=taken.getsockname()[1], sender="office@gxt.example", tls="none", timeout=1
        )
        assert sender.send(CITY, RAW)[0] is UNREACHABLE


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
