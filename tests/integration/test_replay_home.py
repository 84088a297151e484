"""A replay clears what replays left, and never what a real campaign received or decided."""

from datetime import datetime

import pytest

from phaseout.bootstrap import REPLAY_MARK, App
from phaseout.bootstrap.home import RealLedger, clear_home
from phaseout.domain.calendar import CHINA
from phaseout.settings import Settings
from phaseout.usecases.open_campaign import open_campaign

OPENED = datetime(2022, 5, 20, 9, tzinfo=CHINA)


LEFT = ("archive/ab/cd/abcd", "cities/a/new/1", "warehouse.duckdb.wal", "warehouse.duckdb.foreign-1/somebodys.txt")


def clear(home):
    clear_home(home, campaign="jiangsu-2022", seed=1)


def put(home, name, text="bytes"):
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def look_into(home, *, opens):
    app = App(Settings(home=home))
    try:
        if opens:
            open_campaign(
                "jiangsu-2022", as_of=OPENED, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger
            )
        return list(app.ledger.open_campaigns())
    finally:
        app.close()


def test_a_home_in_which_a_campaign_is_open_is_refused_and_left_as_it_was(tmp_path):
    look_into(tmp_path, opens=True)

    with pytest.raises(RealLedger, match="holds a real campaign"):
        clear(tmp_path)

    assert look_into(tmp_path, opens=False) == ["jiangsu-2022"]
    assert not (tmp_path / REPLAY_MARK).exists()


@pytest.mark.parametrize("name", ["archive/ab/cd/abcd", "mailbox/new/1.mail", "outgoing/2022-08-10.eml"])
def test_what_was_received_or_sent_is_never_cleared_wherever_the_ledger_is(tmp_path, name):
    kept = put(tmp_path, name)  # the ledger of this office is on a PostgreSQL server

    with pytest.raises(RealLedger):
        clear(tmp_path)

    assert kept.read_text("utf-8") == "bytes"


def test_a_home_into_which_somebody_only_looked_may_be_used(tmp_path):
    assert look_into(tmp_path, opens=False) == []

    clear(tmp_path)

    assert not (tmp_path / "ledger.sqlite").exists()


def test_what_an_earlier_replay_left_goes_and_what_a_person_put_into_the_inbox_stays(tmp_path):
    clear(tmp_path)
    look_into(tmp_path, opens=True)
    gone = [put(tmp_path, name) for name in LEFT]
    mine = put(tmp_path, "inbox/320500/mine.xlsx")

    clear(tmp_path)

    assert not any(path.exists() for path in gone)
    assert mine.exists()
    assert look_into(tmp_path, opens=False) == []
