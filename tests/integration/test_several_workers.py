"""Several machines on one ledger, archive and mailbox: one holds the warehouse, and nothing is done twice."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from phaseout.bootstrap import App, LedgerNotShared, NoWarehouseHere
from phaseout.cli.service import PartName
from phaseout.cli.service.refusals import NotTheOffice, require_worker_alone
from phaseout.domain.letter import LetterKind, LetterState
from phaseout.domain.submission import Channel
from phaseout.settings import PROJECT, Settings
from tests.filled_forms import put_into_inbox
from tests.intake_home import OPENED, mail, put_mail
from tests.integration.conftest import run
from tests.ledger_samples import letter

MAILS, FILES, LETTERS = 80, 20, 30
UNIT = "320500"

# A machine of which little is to be seen here: it waits for the start line, takes in, and sends.
MACHINE = """
import json, sys
from pathlib import Path
from phaseout.bootstrap import App
from phaseout.settings import Settings
from phaseout.usecases.collect import collect
from tests.intake_home import OPENED, send

home, url, name = sys.argv[1:]
app = App(Settings(home=home, local=Path(home).parent / name, holds_warehouse=False, ledger_url=url, smtp_per_day=0,
    smtp_per_window=0, quiet_hours=""))
app.ledger, app.intakes, app.archive
print("ready", flush=True)
sys.stdin.readline()
new = collect(as_of=OPENED, intakes=app.intakes, archive=app.archive, ledger=app.ledger)
print(json.dumps([new, send(app, as_of=OPENED).sent]), flush=True)
"""


@pytest.fixture
def home(tmp_path):
    for part in ("new", "cur", "tmp"):
        (tmp_path / "share" / "mailbox" / part).mkdir(parents=True)
    return tmp_path / "share"


@pytest.fixture
def first(home, postgres):
    """The machine that holds the warehouse."""
    app = App(Settings(home=home, local=home.parent / "first", ledger_url=postgres.new_database()))
    yield app
    app.close()


def fill(first):
    """Let mails and files wait, and letters in the outbox."""
    for number in range(MAILS):
        raw = mail("gxj@suzhou.example", message_id=f"m{number}")
        put_mail(first.home, f"{number}.mail", raw, at=OPENED - timedelta(seconds=number))
    for number in range(FILES):
        put_into_inbox(first.home, b"file %d" % number, name=f"{number}.xlsx")
    raw_sha256 = first.archive.put(b"Message-ID: <one@phaseout.example>\r\n\r\n")
    letters = [letter(f"letter-{number}", kind=LetterKind.RECEIPT) for number in range(LETTERS)]
    first.ledger.queue([replace(one, raw_sha256=raw_sha256) for one in letters])


def at_once(*names, first):
    """Let machines beside the first begin together; return what each recorded and sent."""
    command = [sys.executable, "-c", MACHINE, str(first.home), first.settings.ledger_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": PROJECT}
    machines = [subprocess.Popen([*command, name], **pipes) for name in names]
    assert [one.stdout.readline() for one in machines] == ["ready\n"] * len(names)
    for one in machines:
        one.stdin.write("\n")
        one.stdin.flush()
    return [json.loads(one.communicate(timeout=60)[0]) for one in machines]


def test_two_machines_that_work_at_once_take_in_and_send_everything_once(first):
    fill(first)

    told = at_once("second", "third", first=first)

    assert [sum(column) for column in zip(*told, strict=True)] == [MAILS + FILES, LETTERS]
    records = [record.delivery for record in first.ledger.deliveries()]
    assert Counter(one.channel for one in records) == {Channel.MAIL: MAILS, Channel.FOLDER: FILES}
    assert len({(one.channel, one.ref) for one in records}) == len(records)
    assert all(first.archive.get(one.sha256) for one in records)
    assert {record.letter.state for record in first.ledger.letters()} == {LetterState.SENT}
    assert len(list((first.home / "inbox" / UNIT / "已收").iterdir())) == FILES
    assert not list(first.home.parent.glob("*/warehouse.duckdb"))


def test_what_one_machine_takes_in_is_left_to_the_one_that_holds_the_warehouse(first, monkeypatch, capsys):
    beside = {
        "HOME": first.home,
        "LOCAL": first.home.parent / "beside",
        "LEDGER_URL": first.settings.ledger_url,
        "HOLDS_WAREHOUSE": "false",
    }
    put_into_inbox(first.home, b"whatever it is", name="表.xlsx")

    for name, value in beside.items():
        monkeypatch.setenv(f"PHASEOUT_{name}", str(value))
    assert run("collect", "--as-of", "2022-06-01T09:00") == 0
    assert "1 new deliveries; the machine that holds the warehouse assesses them" in capsys.readouterr().out
    assert first.ledger.letters() == []
    assert [one.unit for one in first.ledger.pending(limit=5)] == [UNIT]
    assert not list(first.home.parent.glob("*/warehouse.duckdb"))


@pytest.mark.parametrize("needs", ["warehouse", "tools", "form_files"])
def test_a_machine_without_the_warehouse_makes_none(tmp_path, needs):
    app = App(Settings(home=tmp_path, holds_warehouse=False, ledger_url=f"sqlite:///{tmp_path}/shared.sqlite"))

    with pytest.raises(NoWarehouseHere, match="on the machine that does"):
        getattr(app, needs)
    app.close()
    assert not list(tmp_path.glob("*.duckdb"))


def test_a_machine_without_the_warehouse_needs_the_ledger_of_the_one_that_holds_it(tmp_path):
    with pytest.raises(LedgerNotShared, match="PHASEOUT_LEDGER_URL"):
        _ = App(Settings(home=tmp_path, holds_warehouse=False)).ledger


@pytest.mark.parametrize("only", [(), (PartName.SERVER, PartName.WORKER), (PartName.BOARD,)], ids=str)
def test_a_machine_without_the_warehouse_serves_its_worker_alone(only):
    beside = Settings(holds_warehouse=False)
    require_worker_alone(beside, (PartName.WORKER,))
    require_worker_alone(Settings(), only)

    with pytest.raises(NotTheOffice, match="--only worker"):
        require_worker_alone(beside, only)
