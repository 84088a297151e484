"""Restoring (恢复): nothing is sent twice by a ledger that knows less than the one that was lost."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest

from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.adapters.memory.backups import MemoryBackups, MemoryStops
from phaseout.adapters.memory.ledger import MemoryLedger
from phaseout.domain.backup import Backup
from phaseout.domain.calendar import CHINA
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.sending_terms import SendingTerms
from phaseout.ports import BackupDamaged
from phaseout.usecases.restore import restore
from phaseout.usecases.stop_dispatch import NobodyStops, NotStopped, NotTakenIn, resume_dispatch, stop_dispatch
from tests.ledger_samples import CALENDAR, CAMPAIGN, OPENED, arrived, item, letter, owed

NIGHT = datetime(2022, 8, 12, 2, 15, tzinfo=CHINA)
LOST = NIGHT + timedelta(days=3)
FORM = "汇总表".encode()
SIGNED = {"by": "周示例", "reason": "已核对"}
DOUBT = "台账恢复自2022-08-12 02:15的备份，此函可能已经发出，请核实后再作处理"


@pytest.fixture
def ledger():
    """The ledger as the backup has it: a reminder and an answer wait, a draft waits for a signature."""
    found = MemoryLedger(calendar=CALENDAR)
    found.open_campaign(CAMPAIGN, [owed("jia")], (), as_of=OPENED)
    found.record_deliveries([arrived("early", at=NIGHT - timedelta(hours=1))])
    found.queue(
        [
            letter("reminder", items=[item("jia")], day=date(2022, 8, 12)),
            letter("receipt", kind=LetterKind.RECEIPT, delivery="delivery-early"),
            letter("draft", kind=LetterKind.SUPERVISION, state=LetterState.DRAFT),
        ]
    )
    return found


@pytest.fixture
def store():
    found = MemoryBackups()
    digest = found.archive.put(FORM)
    parts = {
        "ledger.sqlite": (b"ledger",),
        "archive.txt": (f"{digest}\n".encode(),),
        "home/calendar/x.csv": (b"day\n",),
    }
    found.keep(Backup("2022-08-12T021500", NIGHT, "2022.1.0", "0009", 651, {}), parts)
    return found


class NewHome:
    """A home that a backup is put into."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.archive = MemoryArchive()
        self.stops = MemoryStops()
        self.office = {}
        self.has_ledger = False

    @contextmanager
    def putting_ledger(self, content):
        assert b"".join(content) == b"ledger"
        assert self.stops.stopped() is not None  # before there is a ledger from which something could leave
        yield self.ledger
        self.has_ledger = True

    def put_office_file(self, name, content):
        self.office[name] = b"".join(content)

    def restore(self, store):
        return restore(
            as_of=LOST,
            store=store,
            name=None,
            archive=self.archive,
            put_office_file=self.put_office_file,
            putting_ledger=self.putting_ledger,
            stops=self.stops,
        )

    def resume(self, *, as_of=LOST + timedelta(hours=2), is_anything_waiting=False, **signed):
        return resume_dispatch(
            **(SIGNED | signed),
            as_of=as_of,
            stops=self.stops,
            ledger=self.ledger,
            is_anything_waiting=is_anything_waiting,
        )

    def leaves(self, *, as_of=LOST + timedelta(hours=3)):
        terms = SendingTerms(is_stopped=self.stops.stopped() is not None)
        return [record.letter.key for record in self.ledger.claim(as_of=as_of, limit=10, terms=terms)]


@pytest.fixture
def home(ledger):
    return NewHome(ledger)


def test_archive_ledger_and_settings_are_as_they_were(home, store):
    restored = home.restore(store)

    assert (restored.files, home.has_ledger) == (1, True)
    assert home.archive.get(sha256(FORM).hexdigest()) == FORM
    assert home.office == {"calendar/x.csv": b"day\n"}


def test_what_waited_when_the_backup_was_taken_may_have_left_and_is_left_to_a_person(home, store):
    restored = home.restore(store)

    assert (restored.doubtful, restored.drafts) == (2, 1)
    assert {record.note for record in home.ledger.letters()} == {DOUBT}
    home.resume()
    assert home.leaves(as_of=LOST + timedelta(days=30)) == []


def test_nothing_leaves_before_a_person_says_so(home, store):
    home.restore(store)
    home.ledger.record_deliveries([arrived("new", at=LOST + timedelta(minutes=5))])
    home.ledger.queue([letter("new receipt", kind=LetterKind.RECEIPT, delivery="delivery-new")])

    assert home.leaves() == []
    home.resume()
    assert home.leaves() == ["new receipt"]


def test_an_answer_to_what_the_lost_machine_may_have_answered_is_left_to_a_person(home, store):
    home.restore(store)
    # It came between the backup and the loss; the mailbox still has it, and it is collected and answered again.
    home.ledger.record_deliveries([arrived("between", at=NIGHT + timedelta(days=1))])
    home.ledger.queue([letter("again", kind=LetterKind.RETURN, delivery="delivery-between")])

    assert home.resume() == 1
    assert home.leaves() == []


def test_a_reminder_that_the_lost_machine_may_have_written_is_left_to_a_person(home, store):
    home.restore(store)
    home.ledger.queue([letter("today", kind=LetterKind.OVERDUE, items=[item("jia", rung=2)], day=date(2022, 8, 15))])

    assert home.resume() == 1
    assert home.leaves() == []


def test_letters_go_on_only_when_the_mailbox_was_taken_in(home, store):
    home.restore(store)

    with pytest.raises(NotTakenIn, match="phaseout collect"):
        home.resume(is_anything_waiting=True)
    assert home.stops.stopped() is not None


def test_a_damaged_backup_puts_no_ledger(home, store):
    store.archive = MemoryArchive()

    with pytest.raises(BackupDamaged, match="cannot give back"):
        home.restore(store)

    assert not home.has_ledger


# A stop without a restore


def stop(home, **more):
    return stop_dispatch(**(SIGNED | more), as_of=LOST, stops=home.stops, ledger=home.ledger)


def test_a_person_stops_everything_and_what_waits_leaves_afterwards(home):
    stop(home)
    assert home.leaves() == []

    assert home.resume(is_anything_waiting=True) == 0
    assert home.leaves() == ["receipt", "reminder"]


def test_a_ledger_that_came_back_in_another_way_is_doubted_as_well(home):
    assert stop(home, restored_from=NIGHT) == 2
    assert home.ledger.letters()[0].note == DOUBT


@pytest.mark.parametrize("missing", [{"by": " "}, {"reason": ""}], ids=["a name", "a reason"])
def test_stopping_and_going_on_need(home, missing):
    with pytest.raises(NobodyStops):
        stop(home, **missing)
    stop(home)
    with pytest.raises(NobodyStops):
        home.resume(**missing)


def test_what_is_not_stopped_does_not_go_on(home):
    with pytest.raises(NotStopped):
        home.resume()
