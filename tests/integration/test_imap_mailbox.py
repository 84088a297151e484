"""The mailbox over IMAP, on a real server: every mail once, whatever line, server and clerks do; all is invented."""

import json
import logging
import random
import socket
import threading
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.intake.imap import ImapIntake
from phaseout.adapters.intake.imap_line import FolderRefused, LoginRefused, MailboxNotTrusted, MailboxUnavailable
from phaseout.adapters.intake.message_reader import StrangersMail
from phaseout.adapters.ledger import open_ledger
from phaseout.adapters.work_calendar import published_calendar
from phaseout.adapters.workbook_reader import LimitedWorkbookReader
from phaseout.domain.submission import Unreadable
from phaseout.errors import TransientError
from phaseout.settings import PROJECT
from phaseout.usecases.collect import collect
from tests.imap_servers import PASSWORD, Dovecot, Gate
from tests.mail_servers import self_signed

NOON = datetime(2022, 8, 12, 4, 0, tzinfo=UTC)
POISON = b"=poison=poison=poison="
SECRET = "乙市填报数据"  # noqa: S105  stands for what a mail says and no log may repeat


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def dovecot(certificate):
    with Dovecot(certificate) as server:
        yield server


@pytest.fixture
def server(dovecot):
    dovecot.empty()
    return dovecot


@pytest.fixture
def gate(server):
    with Gate(server.imap) as gate:
        yield gate


class Office:
    """The office with a real ledger and a real archive; every pass has a connection of its own."""

    def __init__(self, folder, server, *, largest=60_000_000):
        self.folder, self.server, self.account, self.largest = folder, server, server.account(), largest
        calendar = published_calendar(PROJECT / "data" / "calendar" / "overrides.csv")
        self.ledger = open_ledger(f"sqlite:///{folder}/ledger.sqlite", calendar=calendar)
        self.archive = FileArchive(folder / "archive")

    def mailbox(self):
        return closing(ImapIntake(self.account, hints=self.folder / "seen.json", largest=self.largest))

    def collect(self):
        with self.mailbox() as mailbox:
            return collect(as_of=NOON, intakes=[mailbox], archive=self.archive, ledger=self.ledger)

    def contents(self):
        return [self.archive.get(record.delivery.sha256) for record in self.ledger.deliveries()]

    def subjects(self):
        return sorted(number_of(raw) for raw in self.contents())

    def files(self):
        return sorted(path for path in (self.folder / "archive").rglob("*") if path.is_file())

    def close(self):
        self.ledger.close()


@pytest.fixture
def office(tmp_path, server):
    office = Office(tmp_path, server)
    yield office
    office.close()


def mail(number, *, size=2_000, holding=b""):
    body = random.Random(number).randbytes(size // 2).hex().encode()  # noqa: S311  the same mail each time
    lines = b"\r\n".join(body[start : start + 76] for start in range(0, len(body), 76))
    return (
        b"From: city@city.example\r\nSubject: mail %d\r\nMessage-ID: <the-same@city.example>\r\n\r\n" % number
        + SECRET.encode()
        + b"\r\n"
        + lines
        + b"\r\n"
        + holding
        + b"\r\n"
    )


def number_of(raw):
    return int(raw.partition(b"Subject: mail ")[2].split(b"\r\n", 1)[0])


# How the server wants to be spoken to


def test_a_server_that_opens_no_folder_before_it_knows_the_client_opens_it(server, gate, office):
    server.deliver(mail(1))
    office.account = server.account(port=gate.port)

    assert office.collect() == 1
    assert gate.refused == 0
    assert gate.commands.index("ID") < gate.commands.index("EXAMINE")


def test_a_server_that_does_not_ask_for_the_clients_name_is_not_told(server, office):
    server.deliver(mail(1))

    with Gate(server.imap, wants_id=False, hides=b" ID") as gate:
        office.account = server.account(port=gate.port)
        assert office.collect() == 1

    assert "ID" not in gate.commands


def test_nothing_is_changed_on_the_server(server, gate, office):
    server.deliver(*(mail(number) for number in range(3)))
    office.account = server.account(port=gate.port)

    assert office.collect() == 3

    assert set(gate.commands) <= {"CAPABILITY", "ID", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT"}
    assert set(gate.items) == {b"BODY.PEEK["}
    with server.clerk() as clerk:
        flags = [answer[b"FLAGS"] for answer in clerk.fetch(clerk.search("ALL"), ["FLAGS"]).values()]
    assert len(flags) == 3
    assert set(flags) <= {(), (b"\\Recent",)}


def test_a_certificate_of_ones_own_is_accepted_when_it_is_named(server, office, certificate):
    server.deliver(mail(1))
    office.account = server.account(port=server.imaps, is_encrypted=True, ca_file=Path(certificate[0]))

    assert office.collect() == 1


@pytest.mark.parametrize(
    ("other", "error", "words"),
    [
        pytest.param({"password": "other"}, LoginRefused, "授权码", id="a wrong password"),
        pytest.param({"is_encrypted": True, "port": "imaps"}, MailboxNotTrusted, "CA_FILE", id="a strange certificate"),
        pytest.param({"folder": "nowhere"}, FolderRefused, "nowhere", id="no such folder"),
        pytest.param({"port": 1}, MailboxUnavailable, "ConnectionRefused", id="nobody listens"),
        pytest.param({"host": "mailbox.invalid"}, MailboxUnavailable, "gaierror", id="no such host"),
        pytest.param({"is_encrypted": True}, MailboxUnavailable, "SSLError", id="a port without TLS"),
    ],
)
def test_an_error_says_who_must_act_and_never_the_password(office, caplog, other, error, words):
    caplog.set_level(logging.DEBUG)
    if other.get("port") == "imaps":
        other = other | {"port": office.server.imaps}
    office.account = office.server.account(**other)

    with pytest.raises(error) as raised:
        office.collect()

    assert words in str(raised.value)
    assert isinstance(raised.value, TransientError) is (error is MailboxUnavailable)
    seen = f"{raised.getrepr(showlocals=False)} {caplog.text} {office.account!r} {office.account}"
    assert PASSWORD not in seen
    assert "other" not in str(raised.value)


def test_a_login_that_was_refused_is_not_tried_again_on_the_same_pass(server, gate, office):
    office.account = server.account(port=gate.port, password="other")  # noqa: S106  a wrong one

    with office.mailbox() as mailbox:
        for _ in range(3):
            with pytest.raises(LoginRefused):
                mailbox.waiting()

    assert gate.commands.count("LOGIN") == 1


def test_a_server_that_is_silent_is_given_up_after_the_timeout(server, office, silent_port):
    office.account = server.account(port=silent_port, timeout=0.3)

    with pytest.raises(MailboxUnavailable):
        office.collect()


@pytest.fixture
def silent_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


# Every mail once


def test_what_was_collected_is_not_asked_for_again(server, gate, office):
    server.deliver(*(mail(number) for number in range(3)))
    office.account = server.account(port=gate.port)
    office.collect()
    gate.commands.clear()

    assert office.collect() == 0
    assert gate.commands.count("UID FETCH") == 1  # the list


def test_a_mailbox_that_is_numbered_anew_brings_no_mail_twice_and_none_too_few(server, office):
    server.deliver(*(mail(number) for number in range(5)))
    assert office.collect() == 5

    server.number_anew()
    server.deliver(mail(5))

    assert [office.collect(), office.collect()] == [1, 0]
    assert office.subjects() == [0, 1, 2, 3, 4, 5]


def test_numbers_that_are_used_again_for_mails_of_the_same_size_and_second_hide_none(server, office):
    with server.clerk() as clerk:
        for number in (0, 1):
            clerk.append("INBOX", mail(number), (), NOON)
    office.collect()
    server.empty()
    server.number_anew()
    with server.clerk() as clerk:
        for number in (2, 3):
            clerk.append("INBOX", mail(number), (), NOON)

    assert office.collect() == 2
    assert office.subjects() == [0, 1, 2, 3]


def test_a_mail_that_is_moved_away_and_back_is_the_same_mail(server, office):
    server.deliver(mail(1))
    office.collect()
    with server.clerk() as clerk:
        clerk.create_folder("已处理")
        clerk.move(clerk.search("ALL"), "已处理")
        clerk.select_folder("已处理")
        clerk.move(clerk.search("ALL"), "INBOX")

    assert office.collect() == 0
    assert office.subjects() == [1]


def test_a_copy_in_the_same_folder_is_the_same_mail(server, office):
    server.deliver(mail(1))
    with server.clerk() as clerk:
        clerk.copy(clerk.search("ALL"), "INBOX")

    assert [office.collect(), office.collect()] == [1, 0]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"", id="emptied"),
        pytest.param(b'{"folder": "', id="half"),
        pytest.param(b"[1, 2]", id="something else"),
        pytest.param(None, id="deleted"),
    ],
)
def test_the_file_of_hints_is_worth_nothing_but_time(server, office, damage):
    server.deliver(mail(0), mail(1))
    office.collect()
    hints = office.folder / "seen.json"
    hints.unlink() if damage is None else hints.write_bytes(damage)

    assert office.collect() == 0
    assert len(json.loads(hints.read_bytes())["refs"]) == 2
    assert hints.stat().st_mode & 0o077 == 0


def test_what_a_clerk_takes_away_while_we_read_is_no_delivery(server, office):
    server.deliver(mail(0), mail(1))
    with office.mailbox() as mailbox:
        first, second = mailbox.waiting()
        with server.clerk() as clerk:
            clerk.delete_messages(min(clerk.search("ALL")))
            clerk.expunge()

        read = [mailbox.read(first.ref), mailbox.read(second.ref)]

    assert read[0] is None or number_of(read[0]) == 0  # a server may keep it for who looks already
    assert number_of(read[1]) == 1


# Lines that are cut, and mails that cut them


@pytest.mark.parametrize("size", [0, 8_000, 256 * 1024 - 500, 256 * 1024, 700_000])
def test_a_mail_is_read_to_its_last_byte_whatever_its_size(server, office, size):
    raw = mail(1, size=size)
    server.deliver(raw)

    assert office.collect() == 1
    assert office.contents()[0].endswith(raw)


@pytest.mark.parametrize("after", [300, 1_200, 6_000, 40_000, 300_000, 600_000, 900_000])
def test_a_line_that_is_cut_loses_nothing_and_leaves_no_half_mail(server, gate, office, after):
    mails = [mail(number, size=300_000) for number in range(3)]
    server.deliver(*mails)
    office.account = server.account(port=gate.port)
    gate.cut_after = after

    collected = collect_in_the_end(office)

    assert gate.cuts == 1
    assert collected == 3
    assert all(raw.endswith(mails[number_of(raw)]) for raw in office.contents())
    assert {path.name for path in office.files()} == {sha256(raw).hexdigest() for raw in office.contents()}


def collect_in_the_end(office):
    """Collect as the office does: what failed for now is tried again."""
    try:
        return office.collect()
    except TransientError:
        return len(office.contents()) + office.collect()


def test_a_server_that_goes_away_in_the_middle_keeps_what_was_read_before(server, gate, office):
    server.deliver(*(mail(number, size=300_000) for number in range(4)))
    office.account = server.account(port=gate.port)
    gate.cut_after, gate.is_down_after_cut = 800_000, True

    with pytest.raises(MailboxUnavailable):
        office.collect()
    assert office.subjects() == [0, 1]

    gate.is_down = False
    assert office.collect() == 2
    assert office.subjects() == [0, 1, 2, 3]


@pytest.mark.parametrize("size", [100, 300_000], ids=["at its beginning", "far inside"])
def test_a_mail_that_breaks_every_line_stops_no_other(server, gate, office, caplog, size):
    mails = [mail(number, size=3_000) for number in range(5)]
    mails[2] = mail(2, size=size, holding=POISON)
    server.deliver(*mails)
    office.account = server.account(port=gate.port)
    gate.poison = POISON

    assert [office.collect(), office.collect()] == [4, 0]

    assert office.subjects() == [0, 1, 3, 4]
    assert "UID" in caplog.text
    assert SECRET not in caplog.text
    gate.poison = None
    assert office.collect() == 1
    assert office.subjects() == [0, 1, 2, 3, 4]


def test_a_line_that_drips_is_given_up_although_it_is_never_silent(server, office, certificate):
    server.deliver(mail(1))
    with Gate(server.imap, certificate=certificate) as gate:
        office.account = server.account(port=gate.port, timeout=0.4, is_encrypted=True, ca_file=Path(certificate[0]))
        gate.drips = True

        assert office.collect() == 0

        gate.drips = False
        assert office.collect() == 1


SECOND_PIECE = b"<262144."


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="no word of it"),
        pytest.param(b"* 1 FETCH (UID 1 BODY[]<262144> NIL)\r\n", id="NIL, as Dovecot says"),
    ],
)
def test_a_mail_that_is_moved_away_between_its_pieces_is_no_delivery_and_no_half_one(server, gate, office, answer):
    server.number_anew()
    server.deliver(mail(1, size=300_000))
    office.account = server.account(port=gate.port)
    gate.instead[SECOND_PIECE] = answer

    assert [office.collect(), len(office.files()), office.collect()] == [0, 0, 1]


def test_a_mail_that_ends_too_early_is_read_again(server, gate, office):
    server.number_anew()
    raw = mail(1, size=300_000)
    server.deliver(raw)
    office.account = server.account(port=gate.port)
    gate.instead[SECOND_PIECE] = b'* 1 FETCH (UID 1 BODY[]<262144> "")\r\n'

    assert office.collect() == 1
    assert gate.instead == {}
    assert office.contents()[0].endswith(raw)
    assert len(office.files()) == 1


def test_a_server_that_cannot_count_gives_its_mails_all_the_same(server, gate, office):
    raw = mail(1)
    server.deliver(raw)
    office.account = server.account(port=gate.port)
    gate.says_larger = True

    assert [office.collect(), office.collect()] == [1, 0]
    assert office.contents()[0].endswith(raw)


# Limits


def test_of_a_mail_that_is_too_large_the_head_is_taken_and_its_file_is_refused_in_words(server, gate, office):
    office.largest = 1_000_000
    office.account = server.account(port=gate.port)
    server.deliver(mail(1, size=3_000_000), mail(2))
    server.deliver(
        b"From: city@city.example\r\nSubject: mail 3\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n"
        b' boundary="b"\r\n\r\n--b\r\nContent-Type: application/zip\r\n\r\n' + b"x\r\n" * 500_000 + b"--b--\r\n"
    )

    assert [office.collect(), office.collect()] == [3, 0]

    assert gate.octets < 100_000
    assert all(len(raw) < 4_000 for raw in office.contents())
    reader = LimitedWorkbookReader()
    with closing(reader):
        for raw in (raw for raw in office.contents() if number_of(raw) != 2):
            message = StrangersMail("").read(raw)
            (file,) = message.attachments
            with pytest.raises(Unreadable) as refused:
                reader.read(file.content)
            assert (message.sender, refused.value.code) == ("city@city.example", "mail_too_large")


def test_a_mail_that_is_too_large_stays_one_delivery_when_the_mailbox_is_numbered_anew(server, office):
    office.largest = 1_000_000
    server.deliver(mail(1, size=2_000_000))
    office.collect()

    server.number_anew()

    assert office.collect() == 0


# Two hundred mails, a clerk and a bad line


class Clerk(threading.Thread):
    """Reads, flags and moves mails while the office collects; what the office has is filed away for good."""

    def __init__(self, server, *, seed):
        super().__init__(daemon=True)
        self.server, self.random = server, random.Random(seed)  # noqa: S311  the same clerk each time
        self.safe, self.fault, self.is_over = set(), None, False
        self.did = {"read": 0, "flag": 0, "file": 0, "borrow": 0}
        with server.clerk() as program:
            for folder in ("已处理", "待核"):
                program.create_folder(folder)

    def run(self):
        try:
            with self.server.clerk() as program:
                while not self.is_over:
                    self.work(program)
        except Exception as fault:  # noqa: BLE001  shown by the test
            self.fault = fault

    def work(self, program):
        program.select_folder("INBOX")
        uids = program.search("ALL")
        if not uids:
            return
        chosen = self.random.sample(uids, min(3, len(uids)))
        what = self.random.choice(list(self.did))
        read = program.fetch(chosen, ["BODY[HEADER.FIELDS (SUBJECT)]"])  # not PEEK: this sets \Seen
        if what == "flag":
            program.add_flags(chosen, [b"\\Flagged", b"\\Answered"])
        elif what == "borrow":
            self.borrow(program, chosen)
        elif what == "file":
            numbers = {uid: int(answer[b"BODY[HEADER.FIELDS (SUBJECT)]"].split()[-1]) for uid, answer in read.items()}
            if filed := [uid for uid, number in numbers.items() if number in self.safe]:
                program.move(filed, "已处理")
        self.did[what] += 1

    def borrow(self, program, uids):
        program.move(uids, "待核")
        program.select_folder("待核")
        program.move(program.search("ALL"), "INBOX")


@pytest.mark.slow
def test_two_hundred_mails_are_two_hundred_deliveries_each_once(server, gate, office, record_property):
    mails = [mail(number, size=500_000 if number % 20 == 0 else 20_000) for number in range(200)]
    office.account = server.account(port=gate.port)
    clerk = Clerk(server, seed=7)
    server.deliver(*mails[:10])
    clerk.start()
    new, passes = 0, 0

    for start in range(10, 200, 10):
        server.deliver(*mails[start : start + 10])
        gate.cut_after = 150_000 if passes % 3 == 0 else None
        new += collected(office)
        clerk.safe |= set(office.subjects())
        passes += 1
    clerk.is_over = True
    clerk.join(20)
    assert clerk.fault is None
    gate.cut_after = None
    new += collected(office)
    assert new == 200

    server.number_anew()
    with server.clerk() as program:  # all that was filed away comes back under numbers of today
        program.select_folder("已处理")
        program.move(program.search("ALL"), "INBOX")
        program.select_folder("INBOX")
        assert len(program.search("ALL")) == 200

    assert office.collect() == 0
    assert office.subjects() == list(range(200))
    assert all(raw.endswith(mails[number_of(raw)]) for raw in office.contents())
    assert len(office.files()) == 200
    assert min(clerk.did.values()) > 0
    record_property("clerk", str(clerk.did))
    record_property("line", f"{passes} passes, {gate.lines} lines, {gate.cuts} cuts")


def collected(office):
    before = len(office.ledger.deliveries())
    try:
        office.collect()
    except TransientError:
        office.collect()
    return len(office.ledger.deliveries()) - before
