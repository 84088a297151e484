"""Every version, every event and every year of an equipment item; enterprises and figures are invented."""

from collections import defaultdict
from datetime import date, datetime

import duckdb
import pytest

from tests.warehouse_rows import CAMPAIGN, NANJING, REFERENCES, load, open_warehouse, workbook

LAST_YEAR = "jiangsu-2021"
A, B, C = ({"equip_model": f"HTK-{letter}"} for letter in "ABC")
STOPPED = {"closure_status": "已停产", "stopped_on": "2022-08-20", "as_of_date": "2022-08-30"}
DONE = {
    **STOPPED,
    "closure_status": "已拆除",
    "as_of_date": "2022-09-30",
    "completed_on": "2022-09-20",
    "done_count": 2,
}


def survey(rows, *, version=1, campaign=CAMPAIGN):
    return workbook("survey_summary", rows, campaign=campaign, version=version)


def progress(rows, *, period="2022-08", version=1, campaign=CAMPAIGN):
    return workbook("progress", rows, period=period, version=version, campaign=campaign)


# What was accepted, and when; C is surveyed by the second version only, B leaves September's form.
ACCEPTED = (
    (survey([A, B, {**C, "is_outdated": False}], campaign=LAST_YEAR), "2021-08-10 09:00"),
    (progress([{**A, **DONE}, B], period="2021-11", campaign=LAST_YEAR), "2021-12-01 09:00"),
    (survey([A, {**B, "equip_count": 5}]), "2022-08-10 09:00"),
    (survey([A, {**B, "equip_count": 3}, C], version=3), "2022-08-20 09:00"),
    (progress([{**A, **STOPPED}, B, {**C, "plan_date": "2022-11-30"}]), "2022-08-31 09:00"),
    (progress([{**A, **DONE}, C], period="2022-09"), "2022-09-30 09:00"),
    (
        workbook("inspection", [{**A, "result": "限期整改", "rectify_by": "2022-11-20", "inspected_on": "2022-11-01"}]),
        "2022-12-01 09:00",
    ),
    (workbook("inspection", [{**A, "result": "通过", "inspected_on": "2022-11-22"}], version=2), "2022-12-10 09:00"),
    (workbook("completed_list", [{**A, "filled_on": "2022-12-11"}]), "2022-12-12 09:00"),
)


# A campaign whose id does not end in its year; its table 2 is corrected twice, and August's progress after September's.
NAMELESS = "spring-check"
CHANGED, GONE, BACK = ({"equip_model": f"HTK-{name}"} for name in ("changed", "gone", "back"))
CORRECTED = (
    (survey([A, CHANGED, GONE, BACK], campaign=NAMELESS), "2022-08-10 09:00"),
    (survey([A, {**CHANGED, "checked_on": "2022-07-18"}], version=2, campaign=NAMELESS), "2022-08-15 09:00"),
    (survey([A, {**CHANGED, "checked_on": "2022-07-18"}, BACK], version=3, campaign=NAMELESS), "2022-08-20 09:00"),
    (progress([{**A, **STOPPED}], campaign=NAMELESS), "2022-08-31 09:00"),
    (progress([{**A, **DONE}], period="2022-09", campaign=NAMELESS), "2022-09-30 09:00"),
    (progress([{**A, **STOPPED, "done_count": 1}], version=2, campaign=NAMELESS), "2022-10-05 09:00"),
)


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    yield from filled(tmp_path_factory.mktemp("history") / "warehouse.duckdb", ACCEPTED)


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    campaign = {"campaign_id": NAMELESS, "title": "示例", "campaign_year": 2022, "correction_working_days": 3}
    yield from filled(tmp_path_factory.mktemp("corrected") / "warehouse.duckdb", CORRECTED, campaign=[campaign])


def filled(path, accepted, **tables):
    warehouse = open_warehouse(path)
    decided = defaultdict(list)
    for book, accepted_at in accepted:
        decided[book.campaign].append(
            {
                "submission_id": book.submission,
                "obligation_id": book.submission.rsplit("/", 1)[0],
                "unit_code": book.unit,
                "form": book.reading.form,
                "version": book.version,
                "arrived_at": datetime.fromisoformat(accepted_at),
                "decided_at": datetime.fromisoformat(accepted_at),
                "decision": "accepted",
            }
        )
        with warehouse.batch():
            load(warehouse, book)
            warehouse.commit()
    for campaign, rows in decided.items():
        warehouse.refresh({**REFERENCES, **tables, "submission": rows}, campaign=campaign)
    warehouse.close()
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def ask(marts, query, **parameters):
    return marts.execute(query, parameters).fetchall()


def events(marts, model):
    return ask(
        marts,
        "SELECT event, CAST(event_date AS VARCHAR), detail, period, version FROM mart.equipment_event"
        " WHERE campaign_id = $campaign AND item_id = (SELECT any_value(item_id) FROM mart.equipment_version"
        " WHERE equip_model = $model) ORDER BY known_at, event_date, event",
        campaign=CAMPAIGN,
        model=model,
    )


def test_an_item_is_told_from_the_site_check_to_the_completed_list(marts):
    assert events(marts, "HTK-A") == [
        ("checked", "2022-07-15", None, None, 1),
        ("planned", "2022-10-31", "拆除", None, 1),
        ("stopped", "2022-08-20", "已停产", "2022-08", 1),
        ("status_changed", "2022-08-30", "已停产", "2022-08", 1),
        ("completed", "2022-09-20", "已拆除", "2022-09", 1),
        ("status_changed", "2022-09-30", "已拆除", "2022-09", 1),
        ("inspected", "2022-11-01", "限期整改", None, 1),
        ("rectification", "2022-11-20", "限期整改", None, 1),
        ("inspected", "2022-11-22", "通过", None, 2),
        ("listed", "2022-12-11", "通过", None, 1),
    ]


def history(marts, model):
    """Return what question 28 of the cookbook asks: every event, and whether it is still so."""
    return ask(
        marts,
        "SELECT event, CAST(event_date AS VARCHAR), coalesce(period, ''), version, is_current FROM mart.equipment_event"
        " WHERE item_id = (SELECT any_value(item_id) FROM mart.equipment_version WHERE equip_model = $model)"
        " ORDER BY version, period NULLS FIRST, event",
        model=model,
    )


@pytest.mark.parametrize(
    ("model", "told"),
    [
        pytest.param(
            "HTK-A",
            [
                ("checked", "2022-07-15", "", 1, True),
                ("planned", "2022-10-31", "", 1, True),
                ("status_changed", "2022-08-30", "2022-08", 1, True),
                ("stopped", "2022-08-20", "2022-08", 1, True),
                ("completed", "2022-09-20", "2022-09", 1, True),
                ("status_changed", "2022-09-30", "2022-09", 1, True),
            ],
            id="unchanged by every correction",
        ),
        pytest.param(
            "HTK-changed",
            [
                ("checked", "2022-07-15", "", 1, False),
                ("planned", "2022-10-31", "", 1, True),
                ("checked", "2022-07-18", "", 2, True),
            ],
            id="checked on another day",
        ),
        pytest.param(
            "HTK-gone",
            [
                ("checked", "2022-07-15", "", 1, False),
                ("planned", "2022-10-31", "", 1, False),
                ("dropped", "2022-08-15", "", 2, True),
            ],
            id="gone, and still gone in the newest version",
        ),
    ],
)
def test_what_a_correction_repeats_stays_current_where_it_was_first_said(corrected, model, told):
    assert history(corrected, model) == told


def test_an_item_that_came_back_is_no_longer_dropped(corrected):
    dropped = [is_current for event, *_, is_current in history(corrected, "HTK-back") if event == "dropped"]

    assert dropped == [False]


def test_a_campaign_without_a_year_in_its_id_has_the_year_that_it_says(corrected):
    place = ask(corrected, "SELECT place, campaign_year, before_campaign_id FROM mart.year_over_year")

    assert place == [(NAMELESS, 2022, None)]
    assert ask(corrected, "SELECT DISTINCT campaign_year, is_new FROM mart.equipment_year") == [(2022, None)]


def test_an_item_that_a_later_form_lists_no_longer_is_told_so_on_the_day_when_we_knew(marts):
    (dropped,) = [event for event in events(marts, "HTK-B") if event[0] == "dropped"]

    assert dropped == ("dropped", "2022-09-30", None, "2022-09", 1)


def test_a_planned_day_that_moves_between_two_forms_is_told_with_the_day_before(marts):
    assert [event for event in events(marts, "HTK-C") if event[0] == "plan_changed"] == [
        ("plan_changed", "2022-11-30", "2022-10-31", "2022-08", 1),
        ("plan_changed", "2022-10-31", "2022-11-30", "2022-09", 1),
    ]


def test_a_version_that_was_replaced_is_told_with_the_instants_between_which_it_counted(marts):
    rows = ask(
        marts,
        "SELECT version, equip_count, accepted_at, replaced_at, is_current FROM mart.equipment_version"
        " WHERE campaign_id = $campaign AND equip_model = 'HTK-B' ORDER BY version",
        campaign=CAMPAIGN,
    )

    first, second = datetime(2022, 8, 10, 9), datetime(2022, 8, 20, 9)  # noqa: DTZ001 - China's wall clock
    assert rows == [(1, 5, first, second, False), (3, 3, second, None, True)]


@pytest.mark.parametrize(
    ("instant", "count"),
    [("2022-08-10 08:59", None), ("2022-08-10 09:00", 5), ("2022-08-19", 5), ("2022-08-20", 3), ("2022-12-31", 3)],
)
def test_what_was_believed_at_an_instant_is_asked_of_the_mart_as_of_it(marts, instant, count):
    rows = ask(
        marts,
        "SELECT equip_count FROM mart.equipment_as_of($instant)"
        " WHERE campaign_id = $campaign AND equip_model = 'HTK-B'",
        instant=instant,
        campaign=CAMPAIGN,
    )

    assert rows == ([(count,)] if count else [])


def test_a_month_as_of_an_instant_has_what_was_accepted_by_then(marts):
    rows = ask(
        marts,
        "SELECT 1, period, closed_sets, open_items FROM mart.progress_monthly_as_of('2022-09-29')"
        " WHERE campaign_id = $campaign"
        " UNION ALL SELECT 2, period, closed_sets, open_items FROM mart.progress_monthly_as_of('2022-09-30')"
        " WHERE campaign_id = $campaign ORDER BY ALL",
        campaign=CAMPAIGN,
    )

    assert rows == [(1, "2022-08", 0, 3), (2, "2022-08", 0, 3), (2, "2022-09", 2, 1)]


def test_an_item_is_followed_over_the_years(marts):
    rows = ask(
        marts,
        "SELECT campaign_year, equip_model, sets, before_sets, is_outdated, is_closed_before, is_new, is_gone_after"
        " FROM mart.equipment_year ORDER BY ALL",
    )

    assert rows == [
        (2021, "HTK-A", 2, None, True, False, None, False),
        (2021, "HTK-B", 2, None, True, False, None, False),
        (2021, "HTK-C", 2, None, False, False, None, False),
        (2022, "HTK-A", 2, 2, True, True, False, None),  # closed last year, and surveyed again
        (2022, "HTK-B", 3, 2, True, False, False, None),
        (2022, "HTK-C", 2, 2, True, False, False, None),
    ]


def test_a_campaigns_key_figures_stand_beside_those_of_the_year_before(marts):
    rows = ask(
        marts,
        "SELECT campaign_year, outdated_items, outdated_sets, closed_sets, listed_items, before_outdated_sets,"
        " before_closed_sets FROM mart.year_over_year ORDER BY campaign_year",
    )

    assert rows == [(2021, 2, 4, 2, 0, None, None), (2022, 3, 7, 2, 1, 4, 2)]


def test_every_event_is_of_a_unit_and_a_day(marts):
    assert ask(marts, "SELECT DISTINCT unit_code FROM mart.equipment_event") == [(NANJING,)]
    assert ask(marts, "SELECT count(*) FROM mart.equipment_event WHERE event_date IS NULL") == [(0,)]
    assert ask(marts, "SELECT min(event_date) FROM mart.equipment_event")[0][0] > date(2021, 1, 1)
