"""`backup` and `restore` as they are called: the same home comes back, and no letter leaves twice."""

import json
import re
import resource
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime

import pytest

from phaseout.adapters.ledger.copying import SqliteLedgerCopier
from phaseout.bootstrap import App
from phaseout.bootstrap.backups import back_up_home, restore_home
from phaseout.domain.calendar import CHINA
from phaseout.ports import LedgerCopyFailed
from phaseout.settings import Settings
from tests.filled_forms import contact_form, put_into_inbox
from tests.integration.conftest import run
from tests.soak.backups import rounds

LATER = datetime(2022, 6, 3, 9, tzinfo=CHINA)
SIGNED = ("--by", "周示例", "--reason", "已核对")
HASH = re.compile(r"content hash ([0-9a-f]{64})")


@pytest.fixture(scope="module")
def filed(opened, tmp_path_factory):
    """Return a home to which one city has filed; its receipt waits."""
    home = tmp_path_factory.mktemp("filed") / "home"
    shutil.copytree(opened, home)
    put_into_inbox(home, contact_form())
    (home / "calendar").mkdir()
    (home / "calendar" / "overrides.csv").write_text("date,kind,reason\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHASEOUT_HOME", str(home))
        patch.setattr("sys.argv", [])
        assert run("collect", "--as-of", "2022-06-01T10:00") == 0
    return home


@pytest.fixture
def home(filed, tmp_path, monkeypatch):
    shutil.copytree(filed, tmp_path / "home")
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


def queued(rows_of, *states):
    return [row["kind"] for row in rows_of("letters", "list") if row["state"] in states]


def test_a_home_comes_back_with_the_same_content_and_sends_nothing_twice(home, call, rows_of, monkeypatch):
    backups, new = home.with_name("backups"), home.with_name("new")
    _, _, _ = call("backup", backups, "--as-of", "2022-06-02T02:15")
    _, before, _ = call("rebuild", "--as-of", "2022-06-03")
    # The machine works on after the backup: the receipt leaves, and one more city files and is answered.
    _, left, _ = call("deliver", "--as-of", "2022-06-02T10:00")
    assert left.startswith("1 sent")
    again = contact_form("320200")
    put_into_inbox(home, again, unit_code="320200", name="无锡市.xlsx")
    call("collect", "--as-of", "2022-06-02T10:05")
    call("deliver", "--as-of", "2022-06-02T10:10")

    code, out, complaint = call("restore", backups, "--home", new, "--as-of", "2022-06-03T09:00")

    assert (code, complaint) == (0, "")
    assert HASH.search(out).group(1) == HASH.search(before).group(1)
    assert "1 letters that waited then may have left since" in out
    assert (new / "calendar" / "overrides.csv").exists()
    assert (new / "inbox" / "320200").is_dir()

    monkeypatch.setenv("PHASEOUT_HOME", str(new))
    put_into_inbox(new, again, unit_code="320200", name="无锡市.xlsx")  # as a mailbox would still hold it
    _, out, _ = call("deliver", "--as-of", "2022-06-03T09:05")
    assert out.startswith("dispatch is stopped since 2022-06-03 09:00")
    code, _, complaint = call("letters", "resume", *SIGNED, "--as-of", "2022-06-03T09:06")
    assert (code, "run `phaseout collect` first" in complaint) == (2, True)
    call("collect", "--as-of", "2022-06-02T10:20")  # what came between backup and loss
    call("letters", "resume", *SIGNED, "--as-of", "2022-06-03T09:10")
    _, out, _ = call("deliver", "--as-of", "2022-06-03T10:00")

    assert out.startswith("nothing to send.")
    assert not list((new / "outgoing").glob("*.eml"))
    assert queued(rows_of, "uncertain") == ["receipt", "receipt"]


def test_a_restore_leaves_the_warehouse_of_the_home_at_work_alone_wherever_it_lies(home, backups, call, monkeypatch):
    call("backup", backups, "--as-of", "2022-06-02T02:15")
    local, new = home.with_name("local"), home.with_name("new")
    local.mkdir()
    (home / "warehouse.duckdb").rename(local / "warehouse.duckdb")
    before = (local / "warehouse.duckdb").stat()
    monkeypatch.setenv("PHASEOUT_LOCAL", str(local))

    code, _, complaint = call("restore", backups, "--home", new, "--as-of", "2022-06-03T09:00")

    assert (code, complaint) == (0, "")
    assert (local / "warehouse.duckdb").stat().st_ino == before.st_ino
    assert [path.name for path in local.iterdir()] == ["warehouse.duckdb"]
    assert (new / "warehouse.duckdb").exists()


def test_how_the_last_backup_went_stands_in_the_home(home, backups, call):
    call("backup", backups, "--as-of", "2022-06-02T02:15")
    noted = json.loads((home / "backup.json").read_text("utf-8"))
    assert (noted["result"], noted["at"], noted["folder"]) == ("done", "2022-06-02T02:15:00+08:00", str(backups))

    (home / "ledger.sqlite").rename(home / "ledger.away")
    code, _, complaint = call("backup", backups, "--as-of", "2022-06-03T02:15")

    assert (code, "ledger.sqlite is not there" in complaint) == (2, True)
    noted = json.loads((home / "backup.json").read_text("utf-8"))
    assert (noted["result"], noted["last_good_at"]) == ("failed", "2022-06-02T02:15:00+08:00")


def test_a_file_that_is_damaged_everywhere_is_named_and_ends_with_findings(home, backups, call):
    damaged = next(path for path in (home / "archive").glob("??/??/*"))
    damaged.chmod(0o600)
    damaged.write_bytes(b"rotten")

    code, out, _ = call("backup", backups, "--as-of", "2022-06-02T02:15")

    assert (code, f"damaged here and in no backup: {damaged.relative_to(home / 'archive')}" in out) == (1, True)


def test_a_full_disk_ends_in_one_line_and_the_last_backup_is_as_it_was(home, backups, call):
    call("backup", backups, "--as-of", "2022-06-02T02:15")
    put_into_inbox(home, bytes(200_000), name="damaged.xlsx")
    (home / "archive" / "00" / "00").mkdir(parents=True, exist_ok=True)
    App(Settings(home=home)).archive.put(bytes(200_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        code, out, complaint = call("backup", backups, "--as-of", "2022-06-03T02:15")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (code, out, complaint.count("\n")) == (2, "", 1)
    assert [one.name for one in (backups / "backups").iterdir()] == ["2022-06-02T021500"]


def test_kills_leave_whole_backups_and_no_half_restored_ledger():
    _, faults = rounds(3)

    assert faults == []


# Refusals


def test_a_backup_does_not_go_into_the_home(home, call):
    code, _, complaint = call("backup", home / "backups")

    assert (code, complaint.count("\n"), "would be lost with it" in complaint) == (2, 1, True)


@pytest.mark.parametrize(("command", "word"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_a_ledger_on_a_server_is_left_to_its_own_tools(home, call, monkeypatch, command, word):
    backups = home.with_name("backups")
    call("backup", backups)
    monkeypatch.setenv("PHASEOUT_LEDGER_URL", "postgresql://phaseout@127.0.0.1/phaseout")
    more = () if command == "backup" else ("--home", home.with_name("new"))

    code, _, complaint = call(command, backups, *more)

    assert (code, complaint.count("\n"), word in complaint) == (2, 1, True)


@pytest.mark.parametrize("held", ["mailbox/new/1.mail", "outgoing/2022-08-10.eml"])
def test_a_home_that_holds_mail_or_letters_is_not_restored_into(home, backups, call, tmp_path, held):
    call("backup", backups)
    path = tmp_path / "new" / held
    path.parent.mkdir(parents=True)
    path.write_bytes(b"mine")

    code, _, complaint = call("restore", backups, "--home", tmp_path / "new")

    assert (code, "restore into a new folder" in complaint) == (2, True)
    assert {one for one in (tmp_path / "new").rglob("*") if one.is_file()} == {path, tmp_path / "new" / "home.lock"}


def test_a_home_that_holds_a_campaign_is_not_restored_into(home, backups, call):
    call("backup", backups)
    before = (home / "ledger.sqlite").read_bytes()

    code, _, complaint = call("restore", backups, "--home", home)

    assert (code, "holds a ledger" in complaint) == (2, True)
    assert (home / "ledger.sqlite").read_bytes() == before


def test_a_home_into_which_somebody_only_looked_is_restored_into(home, backups, call, tmp_path):
    call("backup", backups)
    with closing(App(Settings(home=tmp_path / "new"))) as app:
        assert not app.ledger.open_campaigns()

    restore_home(backups, tmp_path / "new", name=None, as_of=LATER, settings=Settings(home=home))

    with closing(App(Settings(home=tmp_path / "new"))) as app:
        assert app.ledger.open_campaigns()


def test_where_there_is_no_backup_nothing_is_made(home, call, tmp_path):
    code, _, complaint = call("restore", tmp_path / "usb", "--home", tmp_path / "new")

    assert (code, "holds no backup" in complaint) == (2, True)
    assert not (tmp_path / "new" / "ledger.sqlite").exists()


# At the same time


def test_two_backups_at_once_are_both_whole(home, backups):
    def take(minute):
        with closing(App(Settings(home=home))) as app:
            at = datetime(2022, 6, 2, 2, minute, tzinfo=CHINA)
            return back_up_home(app, backups, as_of=at, keep=30, verify=False).backup

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(take, (15, 15, 15, 16)))

    assert len({one.name for one in taken}) == 4
    assert all(one.counts["archive"] == taken[0].counts["archive"] for one in taken)
    assert list((backups / ".incoming").iterdir()) == []


def test_a_ledger_is_copied_whole_while_others_write(home, tmp_path):
    path = home / "ledger.sqlite"
    steps = 200

    def write():
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as line:
            for _ in range(steps):  # two tables in one transaction, as a decision and its letter
                line.execute("BEGIN IMMEDIATE")
                line.execute("UPDATE revision SET number = number + 1")
                line.execute("UPDATE campaign SET year = year + 1")
                line.execute("COMMIT")

    with closing(sqlite3.connect(path)) as line:
        apart = line.execute("SELECT revision.number - year FROM revision, campaign").fetchone()
    with ThreadPoolExecutor(1) as writer:
        busy = writer.submit(write)
        copies = 0
        while not busy.done() or not copies:
            with SqliteLedgerCopier(path).copying() as copy:
                (tmp_path / "copy").write_bytes(b"".join(copy.content))
            with closing(sqlite3.connect(tmp_path / "copy")) as line:
                assert line.execute("SELECT revision.number - year FROM revision, campaign").fetchone() == apart
            copies += 1
        busy.result()


def test_a_file_that_is_no_ledger_is_not_backed_up(tmp_path):
    (tmp_path / "ledger.sqlite").write_bytes(b"no database at all")

    with (
        pytest.raises(LedgerCopyFailed, match="not a database"),
        SqliteLedgerCopier(tmp_path / "ledger.sqlite").copying(),
    ):
        pass
