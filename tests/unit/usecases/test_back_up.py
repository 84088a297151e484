"""Backing up (备份): what is copied, what is found on the way, and what a backup is never trusted with."""

from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

import pytest

from phaseout.adapters.memory.archive import MemoryArchive
from phaseout.adapters.memory.backups import MemoryBackups
from phaseout.domain.backup import is_read_again
from phaseout.domain.calendar import CHINA
from phaseout.ports import ArchiveDamaged, LedgerCopier, LedgerCopy, LedgerCopyFailed
from phaseout.usecases.back_up import back_up

NIGHT = datetime(2022, 8, 12, 2, 15, tzinfo=CHINA)
FORM, LETTER = "汇总表".encode(), "催报函".encode()


class RottingArchive(MemoryArchive):
    """An archive whose disk forgets."""

    def __init__(self):
        super().__init__()
        self.rotten = set()
        self.was_read = []

    def get(self, sha256):
        self.was_read.append(sha256)
        if sha256 in self.rotten:
            raise ArchiveDamaged(sha256=sha256, reason="its bytes have changed")
        return super().get(sha256)

    def put(self, content):
        self.rotten.discard(sha256(content).hexdigest())
        return super().put(content)


class Copier(LedgerCopier):
    """A ledger that says when it is copied."""

    def __init__(self, meanwhile=lambda: None):
        self._meanwhile = meanwhile

    @contextmanager
    def copying(self):
        self._meanwhile()
        yield LedgerCopy("0009", 651, {"letter": 2}, (b"led", b"ger"))


class BrokenCopier(LedgerCopier):
    def copying(self):
        raise LedgerCopyFailed(reason="disk I/O error")


@pytest.fixture
def archive():
    found = RottingArchive()
    found.put(FORM)
    return found


@pytest.fixture
def store():
    found = MemoryBackups()
    found.archive = RottingArchive()
    return found


def night(archive, store, *, copier=None, keep=30, as_of=NIGHT, verify=False):
    return back_up(
        as_of=as_of,
        release="2022.1.0",
        ledger=copier or Copier(),
        archive=archive,
        office={"calendar/overrides.csv": b"day,kind\n"},
        store=store,
        keep=keep,
        verify=verify,
    )


def test_ledger_archive_and_the_offices_settings_are_in_a_backup(archive, store):
    done = night(archive, store)

    kept = store.backup(done.backup.name)
    assert (kept.taken_at, kept.ledger_revision, dict(kept.counts)) == (NIGHT, 651, {"letter": 2, "archive": 1})
    assert set(kept.parts) == {"ledger.sqlite", "archive.txt", "home/calendar/overrides.csv"}
    assert b"".join(store.part(kept.name, "ledger.sqlite")) == b"ledger"
    assert store.archive.get(sha256(FORM).hexdigest()) == FORM
    assert done.is_whole


def test_the_second_night_copies_only_what_is_new(archive, store):
    assert night(archive, store).copied == 1
    archive.put(LETTER)

    assert night(archive, store).copied == 1
    assert night(archive, store).copied == 0


def test_what_a_letter_writes_into_the_archive_while_the_ledger_is_copied_is_in_the_backup(archive, store):
    night(archive, store, copier=Copier(meanwhile=lambda: archive.put(LETTER)))

    assert store.archive.get(sha256(LETTER).hexdigest()) == LETTER


def test_a_ledger_that_cannot_be_copied_leaves_the_last_backup_as_it_was(archive, store):
    last = night(archive, store)

    with pytest.raises(LedgerCopyFailed):
        night(archive, store, copier=BrokenCopier())

    assert store.names() == [last.backup.name]


def test_as_many_backups_stay_as_are_wanted(archive, store):
    for day in (10, 11, 12):
        night(archive, store, keep=2, as_of=NIGHT.replace(day=day))

    assert store.names() == ["2022-08-11T021500", "2022-08-12T021500"]


def test_what_rotted_in_the_archive_is_mended_from_the_backup_and_told(archive, store):
    night(archive, store)
    archive.rotten.add(rotten := sha256(FORM).hexdigest())

    done = night(archive, store, verify=True)

    assert (done.mended, done.is_whole) == ((rotten,), False)
    assert archive.get(rotten) == FORM


def test_what_rotted_in_the_backup_is_mended_from_the_archive_and_told(archive, store):
    night(archive, store)
    store.archive.rotten.add(rotten := sha256(FORM).hexdigest())

    done = night(archive, store, verify=True)

    assert (done.mended, done.copied) == ((rotten,), 0)
    assert store.archive.get(rotten) == FORM


def test_what_is_damaged_on_both_sides_is_named_and_the_rest_is_backed_up(archive, store):
    archive.put(LETTER)
    archive.rotten.add(rotten := sha256(FORM).hexdigest())

    done = night(archive, store)

    assert (done.backup.damaged, done.copied, done.is_whole) == ((rotten,), 1, False)
    assert b"".join(store.part(done.backup.name, "archive.txt")).decode().split() == [sha256(LETTER).hexdigest()]


def test_what_is_gone_from_the_archive_is_named(archive, store):
    store.archive.put(LETTER)

    done = night(archive, store)

    assert (done.gone, done.is_whole) == ((sha256(LETTER).hexdigest(),), False)


def test_every_file_is_read_again_within_256_nights(archive, store):
    night(archive, store)
    digest = sha256(FORM).hexdigest()

    days = [night for night in range(256) if is_read_again(digest, as_of=NIGHT.fromtimestamp(night * 86_400, CHINA))]

    assert len(days) == 1


def test_a_night_without_verify_reads_no_more_than_its_share(archive, store):
    night(archive, store)
    archive.was_read.clear()
    digest = sha256(FORM).hexdigest()
    quiet = next(day for day in (12, 13) if not is_read_again(digest, as_of=NIGHT.replace(day=day)))

    night(archive, store, as_of=NIGHT.replace(day=quiet))

    assert archive.was_read == []
