"""The contract of a place for backups (备份) and of the stop of dispatch (停发), on memory and on files."""

from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from phaseout.adapters.backup_folder import BackupFolder
from phaseout.adapters.dispatch_stop_file import DispatchStopFile
from phaseout.adapters.file_archive import FileArchive
from phaseout.adapters.memory.backups import MemoryBackups, MemoryStops
from phaseout.domain.backup import Backup, name_of, outdated
from phaseout.domain.calendar import CHINA
from phaseout.domain.dispatch_stop import DispatchStop
from phaseout.ports import BackupDamaged, NoBackup

NIGHT = datetime(2022, 8, 12, 2, 15, tzinfo=CHINA)
PARTS = {"ledger.sqlite": (b"ledger ", b"of the night"), "home/calendar/overrides.csv": (b"2022-10-08,work\n",)}


def backup(name="2022-08-12T021500", *, taken_at=NIGHT):
    return Backup(name, taken_at, "2022.1.0", "0009", 651, {"letter": 486, "archive": 818}, damaged=("ab" * 32,))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@pytest.fixture(params=["memory", "folder"])
def store(request, folder):
    return (
        MemoryBackups() if request.param == "memory" else BackupFolder(folder, archive=FileArchive(folder / "archive"))
    )


def test_a_backup_comes_back_as_it_was_kept(store):
    kept = store.keep(backup(), PARTS)

    assert kept.parts["ledger.sqlite"] == sha256(b"ledger of the night").hexdigest()
    assert store.backup() == store.backup(kept.name) == kept
    assert b"".join(store.part(kept.name, "ledger.sqlite")) == b"ledger of the night"


def test_the_newest_is_taken_if_none_is_named(store):
    store.keep(backup("2022-08-13T021500", taken_at=NIGHT + timedelta(days=1)), PARTS)
    store.keep(backup(), PARTS)

    assert store.names() == ["2022-08-12T021500", "2022-08-13T021500"]
    assert store.backup().taken_at == NIGHT + timedelta(days=1)


def test_what_was_dropped_is_gone_and_the_others_stay(store):
    store.keep(backup(), PARTS)
    store.keep(backup("2022-08-13T021500"), PARTS)

    store.drop("2022-08-12T021500")

    assert store.names() == ["2022-08-13T021500"]
    assert store.backup().name == "2022-08-13T021500"


@pytest.mark.parametrize("name", [None, "2021-01-01T000000", "../.incoming"])
def test_a_backup_that_is_not_there_is_named(store, name):
    with pytest.raises(NoBackup, match=f"holds no backup{f' {name}' if name else ''}"):
        store.backup(name)


# The folder alone


@pytest.fixture
def kept(folder):
    BackupFolder(folder, archive=FileArchive(folder / "archive")).keep(backup(), PARTS)
    return folder / "backups" / "2022-08-12T021500"


@pytest.mark.parametrize(
    ("part", "content", "word"),
    [
        pytest.param("ledger.sqlite", b"ledger of the nighT", "ledger.sqlite is missing or has changed", id="changed"),
        pytest.param("ledger.sqlite", None, "ledger.sqlite is missing or has changed", id="missing"),
        pytest.param("home/calendar/overrides.csv", b"", "overrides.csv is missing or has changed", id="emptied"),
        pytest.param("manifest.json", b'{"name": ', "manifest.json cannot be read", id="a manifest cut short"),
        pytest.param("manifest.json", b'{"name": "x"}', "manifest.json cannot be read", id="no manifest of ours"),
    ],
)
def test_a_backup_that_is_no_longer_whole_is_not_given_out(folder, kept, part, content, word):
    if content is None:
        (kept / part).unlink()
    else:
        (kept / part).write_bytes(content)

    with pytest.raises(BackupDamaged, match=word):
        BackupFolder(folder, archive=FileArchive(folder / "archive")).backup()


def test_nobody_else_may_look_into_it(kept):
    assert [path for path in (kept, *kept.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_a_backup_that_is_cut_off_leaves_the_others_and_the_next_one_clears_up(folder, kept):
    def cut_off():
        yield b"half a ledger"
        raise KeyboardInterrupt

    store = BackupFolder(folder, archive=FileArchive(folder / "archive"))
    with pytest.raises(KeyboardInterrupt):
        store.keep(backup("2022-08-13T021500"), {"ledger.sqlite": cut_off()})
    assert store.names() == [kept.name]
    assert store.backup().name == kept.name

    with store.alone():
        store.keep(backup("2022-08-14T021500"), PARTS)

    assert list((folder / ".incoming").iterdir()) == []


def test_a_disk_that_is_not_there_is_not_made(folder):
    missing = BackupFolder(folder / "usb", archive=FileArchive(folder / "usb" / "archive"))

    with pytest.raises(NoBackup), missing.alone():
        pass
    assert not (folder / "usb").exists()


# Names


def test_two_backups_within_a_second_have_two_names():
    assert name_of(NIGHT, taken=()) == "2022-08-12T021500"
    assert name_of(NIGHT, taken=["2022-08-12T021500"]) == "2022-08-12T021500-2"


@pytest.mark.parametrize(("keep", "gone"), [(1, ["a", "b"]), (2, ["a"]), (3, []), (30, [])])
def test_the_oldest_go_first(keep, gone):
    assert outdated(["a", "b", "c"], keep=keep) == gone


# The stop of dispatch


@pytest.fixture(params=["memory", "file"])
def stops(request, tmp_path):
    return MemoryStops() if request.param == "memory" else DispatchStopFile(tmp_path / "home" / "dispatch-stops.json")


@pytest.mark.parametrize("restored_from", [None, NIGHT], ids=["by a person", "after a restore"])
def test_dispatch_is_stopped_until_somebody_lets_it_go_on(stops, restored_from):
    assert stops.stopped() is None

    stop = DispatchStop(NIGHT, "周示例", "邮箱更换", restored_from)
    stops.stop(stop)
    assert stops.stopped() == stop

    stops.resume(DispatchStop(NIGHT + timedelta(hours=8), "李示例", "已更换"))
    assert stops.stopped() is None


def test_the_file_tells_who_stopped_and_who_let_go_on(tmp_path):
    path = tmp_path / "dispatch-stops.json"
    DispatchStopFile(path).stop(DispatchStop(NIGHT, "周示例", "邮箱更换"))
    DispatchStopFile(path).resume(DispatchStop(NIGHT, "李示例", "已更换"))

    text = path.read_text("utf-8")
    assert [name for name in ("周示例", "邮箱更换", "李示例", "已更换") if name not in text] == []
