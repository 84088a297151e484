"""The first months of the campaign year with the ledger on PostgreSQL: the same as with SQLite, to the byte."""

from datetime import date, datetime, time, timedelta

import pytest

from phaseout.bootstrap import share_app, stage
from phaseout.bootstrap.home import clear_home
from phaseout.bootstrap.stage import current_stage
from phaseout.domain.calendar import CHINA
from phaseout.domain.decision import Decision
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import standings
from tasks.intake import assess_batch, take_in
from tasks.letters import is_anything_due, is_anything_queued, owe_what_depends, send_letters, write_letters
from tasks.replaying import days_of, let_cities_write, may_anyone_write, milestones_on, on_stage, register_papers
from tasks.stock import open_campaign, publish_snapshot, see_and_take_stock

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgresql")]

CAMPAIGN = "jiangsu-2022"
LAST = date(2022, 8, 19)
EVENING = time(23, 50)
ANSWERED = (LetterKind.RECEIPT, LetterKind.RETURN)


def replay(home, monkeypatch, *, ledger_url=None):
    """Walk the first days of the campaign through the steps of the flows, and return what came of it."""
    monkeypatch.setenv("PHASEOUT_HOME", str(home))
    # A replay by the command never writes into a ledger that the settings name: it could be the office's.
    monkeypatch.setattr(
        stage, "share_app", lambda found: share_app(found.model_copy(update={"ledger_url": ledger_url}))
    )
    clear_home(home, campaign=CAMPAIGN, seed=1)
    with on_stage(CAMPAIGN, seed=1):
        days = days_of(CAMPAIGN, until=LAST)
        open_campaign.fn(CAMPAIGN, as_of=datetime.combine(days[0], time(9), CHINA))
        for day in days:
            live_through(day)
        return outcome(as_of=datetime.combine(LAST, EVENING, CHINA))


def live_through(day):
    nine, evening = (datetime.combine(day, at, CHINA) for at in (time(9), EVENING))
    register_papers(day)
    for milestone in milestones_on(CAMPAIGN, day):
        see_and_take_stock.fn(CAMPAIGN, milestone, as_of=nine)
    if is_anything_due(CAMPAIGN, as_of=nine):
        owe_what_depends.fn(CAMPAIGN, as_of=nine)
        write_letters.fn(CAMPAIGN, as_of=nine)
    send(as_of=nine)
    if may_anyone_write(CAMPAIGN, day, morning=nine) and (arrived := let_cities_write.fn(day)):
        take_in.fn(as_of=arrived + timedelta(minutes=5))
        assess_batch.fn(as_of=arrived + timedelta(minutes=5))
    send(as_of=evening)


def send(*, as_of):
    if is_anything_queued(as_of=as_of):
        send_letters.fn(as_of=as_of)


def outcome(*, as_of):
    app = current_stage().app
    known, ledger = app.definitions.campaign(CAMPAIGN), app.ledger
    published = publish_snapshot.fn(CAMPAIGN, as_of=as_of)
    return {
        "database": app.settings.ledger_url and app.settings.ledger_url.partition(":")[0],
        "standings": standings(
            ledger.obligations(CAMPAIGN),
            ledger.submitted(CAMPAIGN),
            calendar=app.calendar,
            correction_working_days=known.correction_working_days,
            as_of=as_of,
        ),
        "deliveries": ledger.deliveries(),
        "submissions": ledger.submissions(CAMPAIGN),
        "letters": ledger.letters(CAMPAIGN),  # their bytes are in it, by hash
        "contacts": ledger.contacts(CAMPAIGN, as_of=as_of),
        "revision": ledger.revision(),
        "content hash": published.content_hash,
    }


def test_a_replayed_month_comes_to_the_same_on_both_databases(tmp_path, monkeypatch, postgres):
    on_sqlite = replay(tmp_path / "sqlite", monkeypatch)
    on_postgresql = replay(tmp_path / "postgresql", monkeypatch, ledger_url=postgres.new_database())

    assert (on_sqlite.pop("database"), on_postgresql.pop("database")) == (None, "postgresql")
    assert not (tmp_path / "postgresql" / "ledger.sqlite").exists()
    assert on_postgresql == on_sqlite
    assert {one.decision for one in on_sqlite["submissions"]} >= {Decision.ACCEPTED, Decision.RETURNED}
    assert {one.letter.kind for one in on_sqlite["letters"]} >= {LetterKind.REMINDER, LetterKind.OVERDUE, *ANSWERED}
    assert on_sqlite["content hash"]
