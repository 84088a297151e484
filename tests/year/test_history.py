"""As of any day of the year, the published snapshot says by SQL alone where everything stood."""

from datetime import datetime

import duckdb
import pytest

from phaseout.domain.calendar import CHINA
from tests.as_of_truth import told, truth

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("year")]

CAMPAIGN = "jiangsu-2022"
INSTANTS = (
    "2022-05-20 08:59",  # a minute before the campaign was opened
    "2022-05-20 09:00",
    "2022-06-03 23:59",
    "2022-06-07 12:00",
    "2022-07-15 09:00",
    "2022-08-01 09:00",
    "2022-08-12 17:30",
    "2022-08-15 10:05",
    "2022-08-31 09:00",
    "2022-09-09 12:00",
    "2022-10-08 10:30",
    "2022-11-04 08:00",
    "2022-12-01 09:00",
    "2022-12-15 18:00",
    "2022-12-30 23:59",
    "2023-01-31 09:00",
)


@pytest.fixture(scope="module")
def snapshot(year):
    with duckdb.connect(year.path / "published" / "phaseout.duckdb", read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def app(year):
    app = year.app()
    yield app
    app.close()


@pytest.mark.parametrize("instant", INSTANTS)
def test_every_obligation_stands_where_the_pure_function_says(snapshot, app, instant):
    as_of = datetime.fromisoformat(instant).replace(tzinfo=CHINA)
    campaign = app.definitions.campaign(CAMPAIGN)

    assert told(snapshot, as_of) == truth(app.ledger, campaign, calendar=app.calendar, as_of=as_of)


@pytest.mark.parametrize(
    "mart", ["equipment", "progress_monthly", "progress_item", "inspection", "completed_list", "reconciliation"]
)
def test_as_of_the_end_the_accepted_forms_say_what_they_say_today(snapshot, mart):
    today, then = (
        snapshot.execute(f"SELECT * FROM mart.{asked} ORDER BY ALL").fetchall()  # noqa: S608 - our own
        for asked in (mart, f"{mart}_as_of('2023-01-31')")
    )

    assert today
    assert then == today


def test_what_we_believed_on_a_day_is_a_filter_over_all_versions(snapshot):
    believed = snapshot.execute(
        "SELECT unit_code, item_id, equip_count, submission_id FROM mart.equipment_version"
        " WHERE accepted_at <= $day AND (replaced_at IS NULL OR $day < replaced_at) ORDER BY ALL",
        {"day": datetime(2022, 8, 12, 12)},  # noqa: DTZ001 - China's wall clock, as the marts have it
    ).fetchall()
    then = snapshot.execute(
        "SELECT unit_code, item_id, equip_count, submission_id"
        " FROM mart.equipment_as_of(TIMESTAMP '2022-08-12 12:00:00') ORDER BY ALL"
    ).fetchall()

    assert 0 < len(then) < snapshot.execute("SELECT count(*) FROM mart.equipment").fetchall()[0][0]
    assert believed == then


def test_an_item_is_followed_from_its_site_check_to_the_completed_list(snapshot):
    told_of = snapshot.execute(
        "SELECT item_id, list_distinct(list(event)) FROM mart.equipment_event GROUP BY item_id"
    ).fetchall()
    listed = [set(events) for _, events in told_of if "listed" in events]

    assert len(listed) == snapshot.execute("SELECT count(*) FROM mart.completed_list").fetchall()[0][0]
    assert all(
        events >= {"checked", "planned", "status_changed", "stopped", "completed", "inspected"} for events in listed
    )


def test_every_event_is_told_once_and_by_a_submission_that_was_accepted_when_it_says(snapshot):
    repeated = snapshot.execute(
        "SELECT campaign_id, unit_code, item_id, event, submission_id, count(*) FROM mart.equipment_event"
        " GROUP BY ALL HAVING count(*) > 1"
    ).fetchall()
    untrue = snapshot.execute(
        "SELECT event.submission_id FROM mart.equipment_event AS event"
        " LEFT JOIN mart.submission AS submission ON event.submission_id = submission.submission_id"
        " WHERE submission.decision IS DISTINCT FROM 'accepted' OR submission.decided_at <> event.known_at"
    ).fetchall()

    assert (repeated, untrue) == ([], [])
