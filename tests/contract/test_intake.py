"""What every intake does: in memory, from a Maildir, over IMAP from a real server, from the inbox folders."""

import os
import re
from datetime import UTC, datetime

import pytest

from phaseout.adapters.intake.imap import ImapIntake
from phaseout.adapters.intake.inbox_folder import InboxFolder
from phaseout.adapters.intake.maildir import MaildirIntake
from phaseout.adapters.memory.post import MemoryIntake
from phaseout.domain.submission import Channel
from tests.imap_servers import Dovecot
from tests.mail_servers import self_signed

FIRST = datetime(2022, 8, 10, 1, 0, tzinfo=UTC)
SECOND = datetime(2022, 8, 10, 2, 0, tzinfo=UTC)


class Memory:
    def __init__(self, channel):
        self.intake = MemoryIntake(channel)

    def put(self, name, content, at):
        is_folder = self.intake.channel is Channel.FOLDER
        self.intake.put(
            content,
            ref=name,
            arrived_at=None if is_folder else at,
            unit="320100" if is_folder else None,
            file_name=name if is_folder else None,
        )

    def remove(self, name):
        self.intake.remove(name)


class MemoryMailbox(Memory):
    def __init__(self, _tmp_path):
        super().__init__(Channel.MAIL)


class MemoryFolder(Memory):
    def __init__(self, _tmp_path):
        super().__init__(Channel.FOLDER)


class Files:
    folder = ""

    def __init__(self, tmp_path):
        self.path = tmp_path / self.folder
        self.path.mkdir(parents=True)

    def put(self, name, content, at):
        (self.path / name).write_bytes(content)
        os.utime(self.path / name, (at.timestamp(), at.timestamp()))

    def remove(self, name):
        (self.path / name).unlink()


class Maildir(Files):
    folder = "mailbox/new"

    def __init__(self, tmp_path):
        super().__init__(tmp_path)
        self.intake = MaildirIntake(tmp_path / "mailbox")


class Folder(Files):
    folder = "inbox/320100"

    def __init__(self, tmp_path):
        super().__init__(tmp_path)
        self.intake = InboxFolder(tmp_path / "inbox", settle_seconds=0.01)


class Imap:
    """A folder of a real mail server, into which somebody puts mails with the time at which they came."""

    def __init__(self, server, tmp_path):
        self.clerk = server.clerk()
        self.uids = {}
        self.intake = ImapIntake(server.account(), hints=tmp_path / "seen.json")

    def put(self, name, content, at):
        answer = self.clerk.append("INBOX", content, (), at)
        self.uids[name] = int(re.search(rb"APPENDUID \d+ (\d+)", answer)[1])

    def remove(self, name):
        self.clerk.delete_messages(self.uids[name])
        self.clerk.expunge()

    def close(self):
        self.intake.close()
        self.clerk.logout()


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory):
    with Dovecot(self_signed(tmp_path_factory.mktemp("certificate"))) as server:
        yield server


@pytest.fixture(params=[MemoryMailbox, MemoryFolder, Maildir, Folder, Imap], ids=lambda kind: kind.__name__)
def place(request, tmp_path):
    if request.param is not Imap:
        yield request.param(tmp_path)
        return
    server = request.getfixturevalue("dovecot")
    server.empty()
    mailbox = Imap(server, tmp_path)
    yield mailbox
    mailbox.close()


def test_an_empty_place_has_nothing(place):
    assert list(place.intake.waiting()) == []


def test_the_oldest_waits_in_front(place):
    place.put("b.xlsx", b"first", FIRST)
    place.put("a.xlsx", b"second", SECOND)

    waiting = place.intake.waiting()

    assert [place.intake.read(arrival.ref) for arrival in waiting] == [b"first", b"second"]


def test_a_mailbox_knows_when_it_received_a_mail_and_a_folder_does_not(place):
    place.put("a.xlsx", b"content", FIRST)

    (arrival,) = place.intake.waiting()

    expected = {
        Channel.MAIL: (FIRST, None, None),
        Channel.FOLDER: (None, "320100", "a.xlsx"),
    }[place.intake.channel]
    assert (arrival.arrived_at, arrival.unit, arrival.file_name) == expected


def test_looking_and_reading_changes_nothing(place):
    place.put("a.xlsx", b"content", FIRST)

    before = place.intake.waiting()
    place.intake.read(before[0].ref)

    assert place.intake.waiting() == before


def test_what_has_gone_reads_as_none(place):
    place.put("a.xlsx", b"content", FIRST)
    (arrival,) = place.intake.waiting()

    place.remove("a.xlsx")

    assert place.intake.read(arrival.ref) is None
    place.intake.archived(arrival.ref)
    assert list(place.intake.waiting()) == []


def test_what_is_archived_leaves_a_folder_and_stays_in_a_mailbox(place):
    place.put("a.xlsx", b"content", FIRST)
    (arrival,) = place.intake.waiting()

    place.intake.archived(arrival.ref)
    place.intake.archived(arrival.ref)

    left = {Channel.MAIL: [arrival], Channel.FOLDER: []}[place.intake.channel]
    assert list(place.intake.waiting()) == left
