"""`doctor` and `watch` on an office's home in which something is really broken: file, lock, server, password."""

import fcntl
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest

from phaseout.adapters.health import machine
from phaseout.adapters.health.warehouse_file import look_at_warehouse
from phaseout.adapters.pages.folder import remove_others
from phaseout.bootstrap.health import board_troubles
from phaseout.bootstrap.passes import pass_book
from phaseout.domain.calendar import CHINA
from phaseout.domain.health import Answer, Space, WarehouseSeen, WarehouseState
from phaseout.domain.submission import Channel, Delivery
from phaseout.settings import PROJECT
from tests.intake_home import CAMPAIGN, open_home, opened
from tests.mail_servers import FaultySmtp

DAY = "2022-08-10"  # a Wednesday


def at(moment):
    """Return an instant of the day on China's clocks."""
    return datetime.fromisoformat(f"{DAY}T{moment}").replace(tzinfo=CHINA)


LOOK = ("--as-of", f"{DAY}T11:00")


@pytest.fixture(scope="module")
def at_work(tmp_path_factory):
    """Return a home whose passes of the day went well: something arrived, and the board was published."""
    home = tmp_path_factory.mktemp("at-work") / "home"
    open_home(home)
    for name, moment in (("remind", "09:00"), ("collect", "10:50"), ("publish", "10:52"), ("deliver", "10:55")):
        pass_book(home).note(name, at=at(moment))
    with opened(home) as app:
        sha256 = app.archive.put(b"no workbook at all")
        place = Channel.FOLDER, "320500/file.xlsx"
        app.ledger.record_delivery(Delivery("d1", sha256, *place, at("10:49"), at("10:50"), "320500", "file.xlsx"))
        app.snapshot.parent.mkdir()
        app.snapshot.touch()
        app.ledger.record_published(CAMPAIGN, app.ledger.revision(), at("10:52").date(), "hash")
    return home


@pytest.fixture
def home(at_work, tmp_path, monkeypatch):
    shutil.copytree(at_work, tmp_path / "home")
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def doctor(call):
    """Return what calls the doctor and returns exit code and what is wrong, by trouble and subject."""

    def ask(*arguments):
        code, out, _ = call("doctor", *LOOK, "--json", *arguments)
        rows = json.loads(out)
        return code, {(row["trouble"], row["subject"]): row for row in rows if row["trouble"]}

    return ask


# What is noted of a home without mail server and backup, which nobody watches.
NOTED = {("mail_server_unset", ""), ("backup_never", "")}


def wrong(found):
    return set(found) - NOTED


def tree(home):
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in home.rglob("*") if path.is_file()}


def test_of_a_home_at_work_the_doctor_says_that_all_is_well_and_changes_nothing(home, doctor):
    before = tree(home)

    code, found = doctor()

    assert (code, set(found)) == (0, NOTED)
    assert tree(home) == before


def test_the_screen_says_of_each_check_how_it_is_and_what_to_do(home, call):
    (home / "warehouse.duckdb").write_bytes(b"no warehouse")

    code, out, _ = call("doctor", *LOOK)

    assert code == 1
    assert "the warehouse is damaged（数据仓库损坏）" in out
    assert "→ `phaseout rebuild`." in out
    checks = [line.split("  ")[0] for line in out.splitlines()[2:] if line[:1].strip()]
    assert list(dict.fromkeys(checks)) == [
        *("passes", "flow runs", "mailbox", "mail server", "outbox", "quarantine", "drafts", "ledger", "archive"),
        *("warehouse", "snapshot", "backup", "disk", "clock", "calendar", "settings", "installation"),
    ]


def test_without_a_home_there_is_nothing_to_look_at(tmp_path, monkeypatch, call):
    monkeypatch.setenv("PHASEOUT_HOME", str(tmp_path / "none"))

    code, _, _ = call("doctor", *LOOK)

    assert code == 0
    assert not (tmp_path / "none").exists()


# The ledger


def test_a_ledger_that_another_process_holds_is_locked(home, doctor, monkeypatch):
    monkeypatch.setattr("phaseout.adapters.ledger.look.LOCK_SECONDS", 0.1)
    with closing(sqlite3.connect(home / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        _, found = doctor()

    assert wrong(found) == {("ledger_locked", "")}


def broken_ledger(how):
    def break_it(home):
        path = home / "ledger.sqlite"
        if how == "gone":
            path.unlink()
        elif how == "empty":
            path.write_bytes(b"")
        elif how == "garbage":
            path.write_bytes(b"garbage" * 1000)
        else:
            raw = bytearray(path.read_bytes())
            raw[4096 : 4096 * 3] = bytes(4096 * 2)
            path.write_bytes(raw)

    return break_it


@pytest.mark.parametrize(
    ("how", "code"),
    [("gone", "missing"), ("empty", "missing"), ("garbage", "damaged"), ("zeroed", "damaged")],
)
def test_a_ledger_that_is_gone_or_damaged_is_seen(home, doctor, how, code):
    broken_ledger(how)(home)

    exit_code, found = doctor()

    assert exit_code == 1
    assert (f"ledger_{code}", "") in found


@pytest.mark.parametrize(("version", "code"), [("0001", "ledger_older"), ("9999", "ledger_newer")])
def test_a_ledger_of_another_release_is_not_touched(home, doctor, version, code):
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE alembic_version SET version_num = ?", (version,))
    before = (home / "ledger.sqlite").read_bytes()

    _, found = doctor()

    assert (code, "") in found
    assert (home / "ledger.sqlite").read_bytes() == before


def test_a_ledger_that_others_may_read_is_seen(home, doctor):
    (home / "ledger.sqlite").chmod(0o644)

    assert wrong(doctor()[1]) == {("ledger_readable", "")}


# Archive, warehouse, snapshot


def test_an_original_that_is_missing_or_empty_is_seen(home, doctor):
    [sha256] = set(originals(home))
    path = home / "archive" / sha256[:2] / sha256[2:4] / sha256
    path.write_bytes(b"")
    _, emptied = doctor()
    path.unlink()
    _, removed = doctor()

    assert wrong(emptied) == wrong(removed) == {("archive_gap", "")}


def originals(home):
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger:
        return [row[0] for row in ledger.execute("SELECT sha256 FROM delivery")]


MISSING = (PROJECT / "data" / "sql" / "warehouse" / "missing.sql").read_text("utf-8")


def test_a_warehouse_is_compared_with_what_the_ledger_accepted(home):
    path = home / "warehouse.duckdb"
    nothing = look_at_warehouse(path, ["s1"], missing=MISSING)
    with opened(home) as app:
        app.warehouse.content_hash()
    path.with_name("warehouse.duckdb.damaged-1").touch()

    assert nothing == WarehouseSeen(WarehouseState.MISSING)
    assert look_at_warehouse(path, [], missing=MISSING) == WarehouseSeen(WarehouseState.WELL, 0, 1)
    assert look_at_warehouse(path, ["s1", "s2"], missing=MISSING) == WarehouseSeen(WarehouseState.WELL, 2, 1)


def test_a_warehouse_of_another_layout_is_not_called_damaged(home, doctor):
    with closing(duckdb.connect(str(home / "warehouse.duckdb"))) as other:
        other.execute("CREATE TABLE something (number INTEGER)")

    assert wrong(doctor()[1]) == {("warehouse_older", "")}


def test_a_warehouse_that_another_process_works_with_is_no_trouble(home, doctor):
    (home / "warehouse.duckdb").write_bytes(b"half a page")
    holds = "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print(1); sys.stdin.read()"
    command = [sys.executable, "-u", "-c", holds, home / "warehouse.duckdb"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"1\n"
        _, found = doctor()
        other.stdin.close()

    assert wrong(found) == set()


def test_a_snapshot_that_was_published_and_is_gone_is_seen(home, doctor):
    (home / "published" / "phaseout.duckdb").unlink()

    assert wrong(doctor()[1]) == {("snapshot_missing", "")}


# The machine and its settings


def test_a_disk_that_is_nearly_full_is_seen(home, doctor, monkeypatch):
    monkeypatch.setattr(machine, "spaces_of", lambda *_, **__: [Space("home", 300 << 20)])

    assert wrong(doctor()[1]) == {("disk_full", "home")}


def test_a_disk_is_looked_at_once_whatever_lies_on_it(tmp_path):
    def places(*, local):
        return [one.place for one in machine.spaces_of(tmp_path, local=local) if one.place != "temp"]

    assert places(local=tmp_path / "local") == ["home"]
    assert places(local=Path("/proc")) == ["home", "local"]  # a file system of its own everywhere


def test_a_broken_table_of_working_days_is_seen_and_what_hangs_by_it_is_not_called_well(home, call, doctor):
    (home / "calendar").mkdir()
    (home / "calendar" / "overrides.csv").write_text("date,kind,reason\n2022-13-01,day_off,台风\n", encoding="utf-8")

    rows = json.loads(call("doctor", *LOOK, "--json")[1])

    assert {row["trouble"] for row in rows} - {None} == {"calendar_broken"}
    assert [row["grade"] for row in rows if row["check"] in {"outbox", "warehouse"}] == ["not checked"] * 2


@pytest.mark.parametrize("setting", ["mailbox", "smtp"])
def test_a_password_that_others_may_read_is_seen(home, doctor, tmp_path, monkeypatch, setting):
    (tmp_path / "password").write_text("示例".encode().hex(), encoding="ascii")
    (tmp_path / "password").chmod(0o644)
    monkeypatch.setenv(f"PHASEOUT_{setting.upper()}_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("PHASEOUT_MAILBOX_URL", "imap://office@127.0.0.1:1/INBOX")
    monkeypatch.setenv("PHASEOUT_SMTP_URL", "smtp://office@127.0.0.1:1?tls=none")
    monkeypatch.setenv("PHASEOUT_AUTHSERV_ID", "mx.office.example")

    _, found = doctor()

    name = "mailbox" if setting == "mailbox" else "mail_server"
    assert f"chmod 600 {tmp_path / 'password'}" in found["setting_unusable", name]["what"]


def test_servers_that_nobody_answers_at_end_the_doctor_with_3(home, doctor, monkeypatch):
    monkeypatch.setenv("PHASEOUT_MAILBOX_URL", "imap://office@127.0.0.1:1/INBOX")
    monkeypatch.setenv("PHASEOUT_MAILBOX_PASSWORD", "secret")
    monkeypatch.setenv("PHASEOUT_SMTP_URL", "smtp://office@127.0.0.1:1?tls=none")

    code, found = doctor()

    assert code == 3
    assert {("mailbox_away", ""), ("mail_server_away", ""), ("proof_missing", "")} <= set(found)


def test_a_backup_is_seen_as_it_ended(home, call, doctor, tmp_path):
    assert call("backup", tmp_path / "backups", "--as-of", f"{DAY}T03:00")[0] == 0
    _, well = doctor()
    [sha256] = originals(home)
    (home / "archive" / sha256[:2] / sha256[2:4] / sha256).unlink()
    assert call("backup", tmp_path / "backups", "--as-of", f"{DAY}T10:57")[0] == 1
    _, damaged = doctor()

    assert set(well) == {("mail_server_unset", "")}
    assert {("backup_damage", ""), ("archive_gap", "")} <= set(damaged)


def test_a_package_of_another_version_is_seen():
    assert machine.broken_pins(["duckdb>=99", "sqlalchemy>=2", "pytest>=99"])[0].startswith("duckdb ")
    assert list(machine.broken_pins()) == []


# The flow-run server


class Api(BaseHTTPRequestHandler):
    """Answers as a Prefect server whose runs are as a test says."""

    def do_GET(self):
        self.answer("")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["content-length"])).decode())

    def answer(self, body):
        known = self.server.answers
        if self.headers["Authorization"] != "Basic b2ZmaWNlOnNlY3JldA==":  # office:secret
            self.send_error(401)
        elif self.command == "POST" and self.headers["Prefect-Csrf-Token"] != "token":
            self.send_error(403)
        else:
            self.send_response(200)
            self.end_headers()
            path = self.path.removeprefix("/api/").partition("?")[0]
            found = known.get(path, [])
            self.wfile.write(json.dumps(found(body) if callable(found) else found).encode())

    def log_message(self, *_):
        """Say nothing."""


NAMES = ("collect", "deliver", "publish", "remind", "watch")
DEPLOYED = [{"id": name, "name": name, "paused": False, "schedules": [{"active": True}]} for name in NAMES]
FINE = {
    "csrf-token": {"token": "token"},
    "deployments/filter": DEPLOYED,
    "work_pools/office": {"is_paused": False},
    "work_pools/office/workers/filter": [{"last_heartbeat_time": f"{DAY}T02:59:30Z"}],
}


@contextmanager
def flow_run_server(**answers):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.answers = FINE | {path.replace("__", "/"): answer for path, answer in answers.items()}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def ask_server(home, doctor, monkeypatch):
    """Return what asks the doctor of a server that answers so."""

    def ask(*, auth="office:secret", **answers):
        (home / "prefect-auth").write_text(auth, encoding="ascii")
        (home / "prefect-auth").chmod(0o600)
        with flow_run_server(**answers) as api:
            monkeypatch.setenv("PREFECT_API_URL", api)
            code, found = doctor()
        return code, wrong(found)

    return ask


@pytest.mark.parametrize(
    ("answers", "trouble"),
    [
        pytest.param({}, None, id="all is well"),
        pytest.param({"deployments__filter": DEPLOYED[1:]}, ("deployment_missing", "collect"), id="not deployed"),
        pytest.param(
            {"deployments__filter": [DEPLOYED[0] | {"paused": True}, *DEPLOYED[1:]]},
            ("deployment_paused", "collect"),
            id="paused",
        ),
        pytest.param(
            {"deployments__filter": [DEPLOYED[0] | {"schedules": [{"active": False}]}, *DEPLOYED[1:]]},
            ("deployment_paused", "collect"),
            id="schedule off",
        ),
        pytest.param({"work_pools__office": {"is_paused": True}}, ("pool_paused", ""), id="pool paused"),
        pytest.param({"work_pools__office__workers__filter": []}, ("worker_away", ""), id="no worker"),
        pytest.param(
            {
                "work_pools__office__workers__filter": [
                    {"name": "office", "last_heartbeat_time": f"{DAY}T01:00:00Z"},
                    {"name": "office-beside", "last_heartbeat_time": f"{DAY}T02:59:30Z"},
                ]
            },
            ("worker_away", ""),
            id="only one beside the warehouse's",
        ),
    ],
)
def test_the_flow_run_server_is_asked_with_its_auth_string(ask_server, answers, trouble):
    assert ask_server(**answers) == ((1, {trouble}) if trouble else (0, set()))


def ran(name, *, due="10:00", began=None, ended=None):
    """Return a run as the server tells it."""
    known = {"expected_start_time": due, "start_time": began, "end_time": ended}
    return {"deployment_id": name} | {key: f"{DAY}T{at}:00+08:00" if at else None for key, at in known.items()}


@pytest.mark.parametrize(
    ("completed", "told"),
    [pytest.param("10:00", {("runs_failed", "publish")}, id="before"), pytest.param("10:40", set(), id="since")],
)
def test_a_run_that_is_late_failed_or_stuck_is_told_of_its_deployment(ask_server, completed, told):
    runs = {
        "Late": [ran("collect", due="10:30")],
        "RUNNING": [ran("remind", began="08:30"), ran("deliver", began="10:58")],
        "FAILED": [ran("publish", began="10:29", ended="10:30"), ran("a run without a deployment", ended="10:30")],
        "COMPLETED": [ran("publish", began="09:59", ended=completed)],
    }

    def answer(body):
        [kind] = [one for one in runs if f'"{one}"' in body]
        return runs[kind]

    _, found = ask_server(flow_runs__filter=answer)

    assert found == {("runs_late", "collect"), ("runs_stuck", "remind")} | told


def test_a_server_that_does_not_take_the_auth_string_is_not_called_away(ask_server):
    assert ask_server(auth="office:other") == (3, {("server_refuses", "")})


def test_an_auth_string_that_others_may_read_is_a_setting_to_mend_and_no_error_of_ours(home, doctor):
    (home / "prefect-auth").write_text("office:secret", encoding="ascii")
    (home / "prefect-auth").chmod(0o644)

    code, found = doctor()

    assert (code, wrong(found)) == (1, {("setting_unusable", "prefect_auth")})


def test_a_server_that_is_away_is_a_trouble_and_the_answer_is_3(home, doctor, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")

    code, found = doctor()

    assert (code, wrong(found)) == (3, {("server_away", "")})


# The watch


def subjects(folder):
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] for path in sorted(folder.glob("*.eml"))
    ]


def test_the_watch_writes_one_letter_and_not_again_after_a_restart(home, call, rows_of):
    (home / "ledger.sqlite").chmod(0o644)

    assert [call("watch", "--as-of", f"{DAY}T11:{minute}")[0] for minute in ("00", "01", "17")] == [1, 1, 1]

    letters = [row for row in rows_of("letters", "list") if row["kind"] == "health"]
    assert [row["subject"] for row in letters] == ["【运行情况告知】台账文件可被他人读取"]
    shown = json.loads((home / "health" / "shown.json").read_text("utf-8"))
    assert [one["title"] for one in shown["troubles"]] == ["台账文件可被他人读取"]


def test_what_the_watch_saw_stands_on_a_page_of_its_own_that_publishing_leaves_alone(home, call):
    (home / "ledger.sqlite").chmod(0o644)
    call("watch", *LOOK)
    site = home / "published" / "site"
    remove_others(site, {"index.html"})

    assert "<strong>台账文件可被他人读取</strong>" in (site / "health.html").read_text("utf-8")
    (home / "ledger.sqlite").chmod(0o600)
    call("watch", "--as-of", f"{DAY}T11:10")
    assert "<strong>各项运行正常。</strong>" in (site / "health.html").read_text("utf-8")


def test_the_next_board_says_what_the_watch_saw(home, call):
    assert board_troubles(home) is None
    (home / "ledger.sqlite").chmod(0o644)
    call("watch", *LOOK)

    [trouble] = board_troubles(home)
    assert (trouble["title"], trouble["since"]) == ("台账文件可被他人读取", at("11:00"))


def test_with_a_damaged_ledger_the_letter_leaves_by_the_mail_server_at_once(home, call, monkeypatch):
    (home / "ledger.sqlite").write_bytes(b"garbage" * 1000)
    with FaultySmtp() as server:
        monkeypatch.setenv("PHASEOUT_SMTP_URL", f"smtp://127.0.0.1:{server.port}?tls=none")
        code, out, _ = call("watch", *LOOK)
        again, _, _ = call("watch", "--as-of", f"{DAY}T11:10")
        [taken] = server.handler.taken

    assert (code, again) == (1, 1)
    assert out.endswith("1 wrong; a letter to the office has left.\n")
    letter = message_from_bytes(taken.content, policy=policy.default)
    assert letter["Subject"] == "【运行情况告知】报送台账损坏"
    assert letter["To"] == "chanye@gxt-jiangsu.example"


def test_with_the_mail_server_away_too_the_letter_lies_in_a_file(home, call, monkeypatch):
    (home / "ledger.sqlite").write_bytes(b"garbage" * 1000)
    monkeypatch.setenv("PHASEOUT_SMTP_URL", "smtp://127.0.0.1:1?tls=none")

    code, out, _ = call("watch", *LOOK)

    assert code == 3
    assert "could not leave" in out
    assert subjects(home / "health" / "unsent") == ["【运行情况告知】报送台账损坏"]


def test_two_watches_at_once_are_one(home, call):
    (home / "health").mkdir(exist_ok=True)
    with (home / "health" / "watch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, _ = call("watch", *LOOK)

    assert (code, out) == (0, "another watch is at work.\n")


# How passes ended


def noted(home, name):
    return json.loads((home / "health" / "passes" / f"{name}.json").read_text("utf-8"))


def test_a_pass_notes_how_it_ended(home, call, monkeypatch):
    monkeypatch.setenv("PHASEOUT_MAILBOX_URL", "imap://office@127.0.0.1:1/INBOX")
    monkeypatch.setenv("PHASEOUT_MAILBOX_PASSWORD", "secret")
    monkeypatch.setenv("PHASEOUT_AUTHSERV_ID", "mx.office.example")

    assert call("collect", "--as-of", f"{DAY}T10:55")[0] == 3
    assert call("collect", "--as-of", f"{DAY}T11:00")[0] == 3

    known = noted(home, "collect")
    assert (known["failures"], known["reason"]) == (2, "MailboxUnavailable")
    assert (known["well_at"], known["failing_since"]) == (f"{DAY} 10:50:00+08:00", f"{DAY} 10:55:00+08:00")


def test_a_pass_that_was_asked_for_wrongly_is_none(home, call):
    before = noted(home, "publish")

    assert call("publish", "nowhere-2022")[0] == 2
    assert noted(home, "publish") == before


def test_nobody_listens_means_away_and_somebody_means_well():
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        assert machine.reach("127.0.0.1", server.server_address[1]) is Answer.WELL
    assert machine.reach("127.0.0.1", 1) is Answer.AWAY
