"""Health checked and told: one letter by the outbox, past it where it is no way out, and as a file at the worst."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy

import pytest

from phaseout.adapters.invitations import IcalInvitations
from phaseout.adapters.letter_writer import JinjaLetters
from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.adapters.memory.health import PassesInMemory, PremisesInMemory, WatchInMemory
from phaseout.adapters.memory.ledger import MemoryLedger
from phaseout.adapters.memory.post import MemoryOutgoing, MemorySender
from phaseout.adapters.post.composer import MailComposer
from phaseout.domain.calendar import CHINA
from phaseout.domain.health import Answer, BackupSeen, LedgerState, RunsSeen
from phaseout.domain.letter import OFFICE, DispatchOutcome, LetterKind, LetterState
from phaseout.errors import TransientError
from phaseout.settings import PROJECT
from phaseout.usecases import Desk
from phaseout.usecases.check_health import check_health
from phaseout.usecases.open_campaign import open_campaign
from phaseout.usecases.tell_health import PostOffice, Way, tell_health
from tests.ledger_samples import letter
from tests.unit.usecases.office import OFFICE as MAILBOX
from tests.unit.usecases.office import calendar, definitions, two_cities
from tests.unit.usecases.papers import CAMPAIGN

DISK_NEARLY_FULL = 100 << 20


def at(moment):
    """Return an instant of October 2022 on China's clocks."""
    return datetime.fromisoformat(f"2022-10-{moment}").replace(tzinfo=CHINA)


@dataclass
class Machine:
    """An office's machine with a watch; its passes ran just before each look, unless they are stopped."""

    premises: PremisesInMemory = field(default_factory=PremisesInMemory)
    passes: PassesInMemory = field(default_factory=PassesInMemory)
    book: WatchInMemory = field(default_factory=WatchInMemory)
    ledger: MemoryLedger = field(default_factory=lambda: MemoryLedger(calendar=calendar()))
    sender: MemorySender = field(default_factory=MemorySender)
    outgoing: MemoryOutgoing = field(default_factory=MemoryOutgoing)
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    running: tuple[str, ...] = ("collect", "deliver", "publish", "remind")
    broken: list = field(default_factory=list)

    def __post_init__(self):
        known = {"definitions": two_cities(), "calendar": calendar(), "ledger": self.ledger}
        open_campaign(CAMPAIGN, as_of=at("01 09:00"), **known)

    def check(self, moment):
        for name in self.running:
            self.passes.note(name, at=at(moment))
        self.premises.backups = BackupSeen(at(moment))
        return check_health(
            as_of=at(moment),
            premises=self.premises,
            passes=self.passes,
            book=self.book,
            ledger=lambda: self.ledger,
            calendar=calendar,
            drafts=lambda _: (),
            broke=lambda check, error: self.broken.append((check.value, str(error))),
        )

    def watch(self, moment):
        """Look at a moment; return the way that a letter went."""
        found = self.check(moment)
        return tell_health(
            found.troubles,
            found.observed,
            as_of=at(moment),
            book=self.book,
            words=definitions().health_words(),
            calendar=calendar(),
            post_office=self.post_office,
        ).way

    def post_office(self, campaign):
        hand = MemoryArchive()
        known = definitions().campaign(campaign or CAMPAIGN)
        composer = MailComposer(sender_name="办公室", sender_address=known.office.mailbox)
        desk = Desk(JinjaLetters(PROJECT / "data" / "letters"), composer, hand, IcalInvitations(), "phaseout.example")
        return PostOffice(known, desk, hand, self.archive, lambda: self.ledger, lambda: self.sender, self.outgoing)

    @property
    def letters(self):
        return [record.letter for record in self.ledger.letters()]

    @property
    def subjects(self):
        """Return the subjects of what left past the outbox."""
        return [message_from_bytes(raw, policy=policy.default)["Subject"] for _, raw in self.sender.sent]


@pytest.fixture
def machine():
    return Machine()


def test_where_all_is_well_nothing_is_written_and_the_board_shows_that(machine):
    assert machine.watch("12 11:17") is Way.NONE
    assert machine.letters == []
    assert machine.book.shown() == {
        "looked_at": "2022-10-12T11:17:00+08:00",
        "troubles": [],
        "has_unsent_letter": False,
    }


def test_a_trouble_is_told_to_the_offices_own_mailbox_by_the_outbox(machine):
    machine.premises.missing = 2

    assert machine.watch("12 11:17") is Way.QUEUED

    [letter] = machine.letters
    assert (letter.kind, letter.unit, letter.recipient) == (LetterKind.HEALTH, OFFICE, MAILBOX)
    assert letter.subject == "【运行情况告知】原件库缺少2件原件"
    assert machine.archive.get(letter.raw_sha256)
    assert machine.sender.sent == []


def test_the_board_shows_each_trouble_with_what_to_do(machine):
    machine.premises.free = DISK_NEARLY_FULL
    machine.watch("12 11:17")

    [trouble] = machine.book.shown()["troubles"]
    assert trouble == {
        "title": "存放数据的磁盘空间即将用尽",
        "what": "存放数据的磁盘仅剩100兆字节，来件即将无法保存。",
        "do": "请系统管理员立即清理磁盘或者扩容；已发到邮箱的来件不会丢失。",
        "since": "2022-10-12T11:17:00+08:00",
        "grade": "failing",
        "check": "磁盘空间",
    }


def test_what_passes_by_itself_is_not_shown_before_it_has_not(machine):
    machine.premises.seen_runs = RunsSeen(Answer.AWAY)
    machine.watch("12 11:17")
    at_first = machine.book.shown()["troubles"]
    machine.watch("12 12:17")

    assert at_first == []
    assert [one["title"] for one in machine.book.shown()["troubles"]] == ["调度服务没有应答"]


@pytest.mark.parametrize(
    "break_it",
    [
        pytest.param({"ledger_state": LedgerState.DAMAGED}, id="the ledger is damaged"),
        pytest.param({"ledger_state": LedgerState.MISSING}, id="the ledger is gone"),
        pytest.param({"stopped": at("12 11:00")}, id="dispatch is stopped"),
        pytest.param({"free": DISK_NEARLY_FULL}, id="the disk is nearly full"),
    ],
)
def test_where_the_outbox_is_no_way_out_the_letter_leaves_past_it(machine, break_it):
    machine.premises = replace(machine.premises, **break_it)

    assert machine.watch("12 11:17") is Way.DIRECT
    assert machine.letters == []
    assert [recipients for recipients, _ in machine.sender.sent] == [(MAILBOX,)]
    assert list(machine.outgoing.copies) == ["2022-10-12-health-1.eml"]


def test_where_nobody_delivers_the_letter_leaves_past_the_outbox(machine):
    machine.watch("12 09:17")
    machine.running = ("collect", "publish", "remind")

    assert machine.watch("12 10:17") is Way.DIRECT
    assert machine.subjects == ["【运行情况告知】“发件”作业没有按时运行"]


def test_where_nobody_has_delivered_yet_the_letter_leaves_past_the_outbox(machine):
    machine.running = ()
    machine.premises.missing = 1

    assert machine.watch("12 09:17") is Way.DIRECT


def test_a_ledger_that_fails_at_the_last_moment_stops_no_letter(machine, monkeypatch):
    machine.premises.missing = 1

    def fail(_letters):
        raise TransientError("locked")

    monkeypatch.setattr(machine.ledger, "queue", fail)

    assert machine.watch("12 11:17") is Way.DIRECT


def test_a_letter_that_cannot_leave_lies_in_a_file_and_is_tried_again_after_an_hour(machine):
    machine.premises.ledger_state = LedgerState.DAMAGED
    machine.sender.answer(MAILBOX, DispatchOutcome.AUTH, "535")

    assert machine.watch("12 11:17") is Way.UNSENT
    assert list(machine.book.unsent) == ["2022-10-12-health-1.eml"]
    assert machine.book.shown()["has_unsent_letter"]
    assert machine.watch("12 11:27") is Way.NONE  # repeated failing logins would lock the account
    assert machine.watch("12 12:17") is Way.UNSENT
    machine.sender.answer(MAILBOX, DispatchOutcome.SENT)
    assert machine.watch("12 13:17") is Way.DIRECT
    assert machine.book.unsent == {}
    assert machine.subjects == ["【运行情况告知】报送台账损坏"]


def test_who_dies_while_the_server_takes_the_letter_does_not_send_it_again(machine, monkeypatch):
    machine.premises.ledger_state = LedgerState.DAMAGED

    def die(_recipients, raw):
        machine.sender.sent.append(((MAILBOX,), raw))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(machine.sender, "send", die)
        with pytest.raises(KeyboardInterrupt):
            machine.watch("12 11:17")

    assert machine.watch("12 11:18") is Way.NONE
    assert machine.watch("12 12:17") is Way.NONE
    assert len(machine.subjects) == 1


def test_who_dies_after_the_outbox_has_the_letter_does_not_write_it_again(machine, monkeypatch):
    machine.premises.missing = 1
    remember = machine.book.remember

    def die(state):
        if state.told_at:
            raise KeyboardInterrupt
        remember(state)

    with monkeypatch.context() as patch:
        patch.setattr(machine.book, "remember", die)
        with pytest.raises(KeyboardInterrupt):
            machine.watch("12 11:17")

    machine.watch("12 11:18")
    machine.watch("12 12:17")
    assert len(machine.letters) == 1


def test_a_letter_that_has_left_counts_though_there_is_no_room_for_its_copy(machine, monkeypatch):
    machine.premises.free = 0

    def no_room(*_):
        raise OSError(28, "No space left on device")

    for port, verb in ((machine.outgoing, "keep"), (machine.book, "show"), (machine.archive, "put")):
        monkeypatch.setattr(port, verb, no_room)

    assert machine.watch("12 11:17") is Way.DIRECT
    assert machine.watch("12 12:17") is Way.NONE
    assert machine.subjects == ["【运行情况告知】存放数据的磁盘空间即将用尽"]


def test_a_letter_that_could_not_leave_goes_when_what_it_says_is_over(machine):
    machine.premises.ledger_state = LedgerState.DAMAGED
    machine.sender.answer(MAILBOX, DispatchOutcome.UNREACHABLE)
    assert machine.watch("12 11:17") is Way.UNSENT
    machine.premises.ledger_state = LedgerState.WELL

    assert machine.watch("12 12:17") is Way.NONE
    assert machine.book.unsent == {}
    assert not machine.book.shown()["has_unsent_letter"]


def test_a_replay_troubles_nobody(machine):
    machine.premises.is_replay = True
    machine.premises.missing = 1

    assert machine.watch("12 11:17") is Way.NONE


def test_a_check_that_breaks_is_a_trouble_and_stops_no_other(machine, monkeypatch):
    machine.premises.missing = 1

    def break_down():
        raise ZeroDivisionError("no disk")

    monkeypatch.setattr(machine.premises, "spaces", break_down)

    assert [one.key for one in machine.check("12 11:17").troubles] == ["archive_gap", "check_broken/disk"]
    assert machine.broken == [("disk", "no disk")]


def test_a_released_draft_waits_to_be_sent_since_its_release(machine):
    machine.ledger.queue([letter("draft", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT)])
    (draft,) = machine.ledger.letters()
    machine.ledger.release(draft.id, release=True, by="周示例", reason="同意", as_of=at("12 09:00"), letters=())

    assert [one.key for one in machine.check("12 10:17").troubles] == []
    assert [one.key for one in machine.check("14 10:17").troubles] == ["letters_waiting"]


def test_a_look_changes_nothing(machine):
    before = machine.ledger.revision()
    machine.check("12 11:17")

    assert machine.ledger.revision() == before
    assert machine.book.state() is None
    assert machine.book.shown() is None
