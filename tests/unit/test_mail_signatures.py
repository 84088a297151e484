"""A domain's signature stands for its mail (DKIM): what counts as proof, and what is only said to be one."""

import socket
import threading
from datetime import UTC, datetime

import dns.message
import dns.resolver
import dns.rrset
import pytest

from phaseout.adapters.intake import signature
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.adapters.intake.signature import KeyOutOfReach, key_in_dns
from phaseout.domain.mail_words import Doubt
from phaseout.domain.submission import Voucher
from tests.odd_mails import attached, mail, named
from tests.signed_mail import GOOD_KEY, WEAK_KEY, keys_of, signed

ARRIVED = datetime(2022, 8, 10, 1, 0, tzinfo=UTC)
BEFORE, AFTER = (str(int(datetime(2022, 8, day, tzinfo=UTC).timestamp())) for day in (8, 12))
MAIL = attached(named("a.xlsx"), subject="报送".encode(), sender=b"a@sub.city.example")
RECORDS = {
    "s1._domainkey.city.example.": GOOD_KEY.record,
    "s1._domainkey.sub.city.example.": GOOD_KEY.record,
    "s1._domainkey.x.example.": GOOD_KEY.record,
    "s1._domainkey.example.": GOOD_KEY.record,
    "weak._domainkey.city.example.": WEAK_KEY.record,
    "gone._domainkey.city.example.": b"v=DKIM1; p=",
    "odd._domainkey.city.example.": b"\xff\x00",
}
READER = StrangersMail("", key_of=keys_of(RECORDS))


def read(raw, reader=READER):
    message = reader.read(raw, arrived_at=ARRIVED)
    return message.vouched_by, message.doubts


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(signed(MAIL, domain="sub.city.example"), id="by the sender's own domain"),
        pytest.param(signed(MAIL, domain="city.example"), id="by the domain above it"),
        pytest.param(signed(MAIL, domain="city.example").replace(b"\r\n", b"\n"), id="with bare line feeds"),
        pytest.param(signed(MAIL, domain="city.example", x=AFTER), id="that has not expired"),
        pytest.param(signed(MAIL, domain="city.example", t=BEFORE, x=AFTER), id="with both times"),
        pytest.param(signed(signed(MAIL, domain="city.example"), domain="x.example"), id="below a forwarder's"),
    ],
)
def test_a_mail_is_proven_by_a_signature(raw):
    assert read(raw) == (Voucher.DKIM, ())


GOOD = signed(MAIL, domain="city.example")


@pytest.mark.parametrize(
    ("raw", "doubt"),
    [
        pytest.param(MAIL, Doubt.UNSIGNED, id="none"),
        pytest.param(signed(MAIL, domain="x.example"), Doubt.SIGNED_BY_OTHERS, id="of another domain"),
        pytest.param(signed(MAIL, domain="example"), Doubt.SIGNED_BY_OTHERS, id="of a whole top-level domain"),
        pytest.param(
            signed(MAIL, domain="deep.sub.city.example"), Doubt.SIGNED_BY_OTHERS, id="of a domain below the sender's"
        ),
        pytest.param(signed(MAIL, domain="city.example", l="3"), Doubt.SIGNED_IN_PART, id="over a part of the text"),
        pytest.param(
            signed(MAIL, domain="city.example", covering=("subject",)), Doubt.SIGNED_IN_PART, id="that leaves out From"
        ),
        pytest.param(signed(MAIL, domain="city.example", x=BEFORE), Doubt.SIGNATURE_EXPIRED, id="that expired"),
        pytest.param(
            signed(MAIL, domain="city.example", t="1900000000", x="1800000000"),
            Doubt.SIGNATURE_EXPIRED,
            id="that expired before it was made",
        ),
        pytest.param(
            signed(MAIL, domain="city.example", selector="weak", key=WEAK_KEY), Doubt.WEAK_KEY, id="with a weak key"
        ),
        pytest.param(GOOD.replace(b"rsa-sha256", b"rsa-sha1"), Doubt.WEAK_KEY, id="by a weak method"),
        pytest.param(signed(MAIL, domain="city.example", selector="none"), Doubt.KEY_NOT_FOUND, id="without a key"),
        pytest.param(
            signed(MAIL, domain="city.example", selector="gone"), Doubt.BAD_SIGNATURE, id="with a revoked key"
        ),
        pytest.param(signed(MAIL, domain="city.example", selector="odd"), Doubt.BAD_SIGNATURE, id="with a broken key"),
        pytest.param(GOOD.replace(b"hello", b"other"), Doubt.BAD_SIGNATURE, id="of a text that was altered"),
        pytest.param(
            GOOD.replace(b"a@sub.city.example", b"b@sub.city.example"), Doubt.BAD_SIGNATURE, id="of an altered From"
        ),
        pytest.param(GOOD.replace(b"v=1", b"v=2"), Doubt.BAD_SIGNATURE, id="of another version"),
        pytest.param(
            signed(MAIL, domain="city.example", x="9" * 5000), Doubt.SIGNATURE_EXPIRED, id="with a time of 5,000 digits"
        ),
        pytest.param(b"DKIM-Signature: nonsense\r\n" + MAIL, Doubt.UNSIGNED, id="that is none"),
        pytest.param(b"no header\r\n" + GOOD, Doubt.NO_FROM, id="below a line that is no header"),
        pytest.param(b"X: " + b" " * 100_000 + b"\r\n" + GOOD, Doubt.TOO_COMPLEX, id="that would take long to check"),
        pytest.param(b"X: y\r\n" * 5000 + GOOD, Doubt.TOO_COMPLEX, id="below 5,000 headers"),
    ],
)
def test_a_mail_is_not_proven_by_a_signature(raw, doubt):
    voucher, doubts = read(raw)

    assert voucher is None
    assert doubt in doubts


def test_a_second_from_takes_the_sender_away_whatever_is_signed():
    assert read(b"From: b@x.example\r\n" + GOOD) == (None, (Doubt.SEVERAL_FROM,))


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param(b"X: y\rFrom: b@city.example\r\rtext\r\n", id="behind lone CRs"),
        pytest.param(b"From: b@city.example\r\n\x00\r\n", id="before a line that is no header"),
        pytest.param(b"From : b@city.example\r\n", id="with a blank before its colon"),
        pytest.param(b"From b@city.example\r\n", id="as an envelope's"),
        pytest.param(b" From: b@city.example\r\n", id="on a continued line"),
    ],
)
def test_a_hidden_from_borrows_no_signature(hidden):
    """Of a neighbour at the same provider, whose domain is proven and whose name is not."""
    message = READER.read(hidden + GOOD, arrived_at=ARRIVED)

    assert message.sender in {None, "a@sub.city.example"}
    assert message.sender is None or message.is_authentic


def test_a_from_below_an_endless_head_is_not_the_only_one():
    raw = b"From: a@city.example\r\n" + b"X: y\r\n" * 60_000 + b"From: b@city.example\r\n\r\ntext"

    assert READER.read(raw).sender is None


def test_a_signature_counts_as_of_the_mails_arrival():
    raw = signed(MAIL, domain="city.example", x=AFTER)
    later = datetime(2022, 8, 20, tzinfo=UTC)

    assert READER.read(raw, arrived_at=ARRIVED).is_authentic
    assert not READER.read(raw, arrived_at=later).is_authentic
    assert READER.read(raw).is_authentic


def test_a_key_that_nobody_can_tell_leaves_the_mail_unproven_for_now():
    def unreachable(name):
        raise KeyOutOfReach(name=name)

    assert read(GOOD, StrangersMail("", key_of=unreachable)) == (None, (Doubt.KEY_OUT_OF_REACH,))


def test_a_key_is_asked_for_once():
    asked = []

    def lookup(name):
        asked.append(name)
        return RECORDS[name]

    reader = StrangersMail("", key_of=lookup)

    assert read(GOOD, reader) == read(GOOD, reader) == (Voucher.DKIM, ())
    assert asked == ["s1._domainkey.city.example."]


def test_no_key_is_asked_for_when_the_provider_vouches_or_nobody_may():
    def never(name):
        raise AssertionError(name)

    verdict = b"Authentication-Results: mx.provider.example; dkim=pass header.d=city.example\r\n"

    assert read(verdict + GOOD, StrangersMail("mx.provider.example", key_of=never)) == (Voucher.PROVIDER, ())
    assert read(GOOD, StrangersMail("mx.provider.example")) == (None, ())
    assert read(mail(sender=b"<"), StrangersMail("", key_of=never))[0] is None


class NameServer:
    """A name server on this machine that knows one key; of `silent.` it says nothing."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                octets, client = self.socket.recvfrom(4096)
            except OSError:
                return
            query = dns.message.from_wire(octets)
            name = query.question[0].name.to_text()
            answer = dns.message.make_response(query)
            if name == "long.example.":
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"v=DKIM1; " "p=x"'))
            elif name == "none.example.":
                answer.set_rcode(3)  # there is no such name
            elif name == "broken.example.":
                answer.set_rcode(2)  # the server failed
            if name != "silent.example.":
                self.socket.sendto(answer.to_wire(), client)


@pytest.fixture
def name_server(monkeypatch):
    server = NameServer()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    monkeypatch.setattr(signature, "LONGEST_LOOKUP", 0.3)
    yield server
    server.socket.close()


def test_a_key_in_several_strings_is_one(name_server):
    assert key_in_dns("long.example.") == b"v=DKIM1; p=x"


@pytest.mark.parametrize("name", ["none.example.", "empty.example."])
def test_a_name_without_a_key_has_none(name_server, name):
    assert key_in_dns(name) is None


@pytest.mark.parametrize("name", ["silent.example.", "broken.example.", "a..b.", "x" * 70 + ".example."])
def test_a_name_server_that_does_not_tell_is_out_of_reach(name_server, name):
    with pytest.raises(KeyOutOfReach):
        key_in_dns(name)
