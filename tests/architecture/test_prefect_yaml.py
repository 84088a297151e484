"""`prefect.yaml` is what the campaign's data makes it, and fires when China says so."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from prefect import Flow
from prefect.flows import load_flow_from_entrypoint
from prefect.server.schemas.schedules import CronSchedule

from phaseout.adapters.definitions import FileDefinitions
from phaseout.adapters.prefect_yaml import render
from phaseout.cli.service.office import QUEUES, Office, worker_command
from phaseout.domain.run_events import ACCEPTED
from phaseout.settings import PROJECT, Settings
from tasks.reporting import BOARD

TEXT = (PROJECT / "prefect.yaml").read_text("utf-8")
DEPLOYMENTS = {deployment["name"]: deployment for deployment in yaml.safe_load(TEXT)["deployments"]}
SCHEDULES = {schedule["slug"]: schedule for one in DEPLOYMENTS.values() for schedule in one["schedules"]}
# `milestone` is run by the flows named after a milestone, `replay` by `phaseout replay`.
NOT_DEPLOYED = {"milestone", "replay"}
NEW_YEAR = datetime(2021, 12, 31, 16, tzinfo=UTC)  # midnight of 1 January 2022 in China


def instants(slug, count):
    """Return when a schedule fires from New Year on, by the scheduler's own arithmetic."""
    cron = CronSchedule(cron=SCHEDULES[slug]["cron"], timezone=SCHEDULES[slug]["timezone"])
    dates = asyncio.run(cron.get_dates(n=count, start=NEW_YEAR))
    return [date.astimezone(UTC).strftime("%m-%dT%H:%MZ") for date in dates]


def test_it_is_what_the_campaign_makes_it():
    assert render(FileDefinitions(PROJECT).campaign("jiangsu-2022")) == TEXT


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_entrypoint_loads(name, monkeypatch):
    monkeypatch.chdir(PROJECT)

    flow = load_flow_from_entrypoint(DEPLOYMENTS[name]["entrypoint"])

    assert isinstance(flow, Flow)
    assert flow.name == name


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_flow_takes_the_parameters_of_its_deployment(name, monkeypatch):
    monkeypatch.chdir(PROJECT)
    flow = load_flow_from_entrypoint(DEPLOYMENTS[name]["entrypoint"])

    assert set(DEPLOYMENTS[name].get("parameters", {})) <= set(flow.parameters.properties)


def test_every_flow_is_deployed():
    modules = {path.stem for path in Path(PROJECT, "flows").glob("*.py")} - {"__init__"} - NOT_DEPLOYED

    assert {Path(one["entrypoint"].partition(":")[0]).stem for one in DEPLOYMENTS.values()} == modules


def test_every_slug_is_unique():
    # A redeploy tells schedules apart by slug: two of one name would take each other's pause.
    slugs = Counter(schedule["slug"] for one in DEPLOYMENTS.values() for schedule in one["schedules"])

    assert [slug for slug, count in slugs.items() if count > 1] == []


@pytest.mark.parametrize("slug", SCHEDULES)
def test_every_schedule_is_cron_in_chinas_time(slug):
    assert set(SCHEDULES[slug]) == {"slug", "cron", "timezone"}
    assert SCHEDULES[slug]["timezone"] == "Asia/Shanghai"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_tick_that_finds_the_one_before_still_at_work_is_dropped_and_only_drafts_wait_together(name):
    limit = DEPLOYMENTS[name]["concurrency_limit"]

    assert limit == (
        None if name == "release" else {"limit": 1, "collision_strategy": "CANCEL_NEW", "grace_period_seconds": 60}
    )


WITHOUT_THE_WAREHOUSE = {"collect": "default", "deliver": "default", "release": "release"}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_what_needs_the_warehouse_waits_for_the_machine_that_holds_it(name):
    queue = DEPLOYMENTS[name]["work_pool"].get("work_queue_name", "default")

    assert queue == WITHOUT_THE_WAREHOUSE.get(name, "warehouse")


def office(tmp_path, *, holds_warehouse):
    settings = Settings(home=tmp_path, holds_warehouse=holds_warehouse)
    return Office(settings=settings, host="127.0.0.1", port=4200, board_port=4280)


def test_the_worker_beside_the_warehouse_does_whatever_is_deployed_and_the_others_what_needs_none(tmp_path):
    of_all, of_others = (worker_command(office(tmp_path, holds_warehouse=holds)) for holds in (True, False))

    assert "--work-queue" not in of_all
    named = [of_others[place + 1] for place, word in enumerate(of_others) if word == "--work-queue"]
    assert set(named) == set(WITHOUT_THE_WAREHOUSE.values())
    assert {*named, "warehouse"} == set(QUEUES)


def test_the_board_is_published_by_an_event_that_is_told():
    (trigger,) = [trigger for one in DEPLOYMENTS.values() for trigger in one.get("triggers", [])]

    assert trigger["expect"] == [ACCEPTED]
    assert trigger["match"] == {BOARD: "outdated"}
    assert trigger["within"] > 0  # many at once are one
    assert set(trigger["parameters"]) <= set(DEPLOYMENTS["publish"]["parameters"])


INSTANTS = {
    "contact-list-opens": ["05-20T01:00Z"],
    "contact-list-due": ["06-03T01:00Z"],
    "contact-list-after": ["06-04T01:00Z"],
    "inventory-opens": ["06-06T01:00Z"],
    "inventory-due": ["07-30T01:00Z"],
    "inventory-after": ["07-31T01:00Z"],
    "summary-opens": ["07-25T01:00Z"],
    "summary-due": ["08-12T01:00Z"],
    "summary-after": ["08-13T01:00Z"],
    "monthly-progress-opens": ["08-23T01:00Z", "09-23T01:00Z", "10-23T01:00Z", "11-23T01:00Z", "12-23T01:00Z"],
    "monthly-progress-due": ["08-30T01:00Z", "09-30T01:00Z", "10-30T01:00Z", "11-30T01:00Z", "12-30T01:00Z"],
    "monthly-progress-after-1": ["10-01T01:00Z", "12-01T01:00Z"],
    "monthly-progress-after-31": ["08-31T01:00Z", "10-31T01:00Z", "12-31T01:00Z"],
    "closure-due": ["11-30T01:00Z"],
    "closure-after": ["12-01T01:00Z"],
    "final-list-opens": ["12-01T01:00Z"],
    "final-list-due": ["12-15T01:00Z"],
    "final-list-after": ["12-16T01:00Z"],
    "collect": ["12-31T16:00Z", "12-31T16:05Z", "12-31T16:10Z"],
    "deliver": ["12-31T16:00Z", "12-31T16:05Z", "12-31T16:10Z"],
    "remind": ["01-01T01:00Z", "01-02T01:00Z", "01-03T01:00Z"],
    "publish": ["12-31T18:30Z", "01-01T18:30Z"],
    "watch": ["12-31T16:17Z", "12-31T17:17Z"],
}


@pytest.mark.parametrize(("slug", "expected"), INSTANTS.items(), ids=INSTANTS)
def test_a_schedule_fires_at_the_right_instants(slug, expected):
    assert instants(slug, len(expected)) == expected


@pytest.mark.parametrize("slug", sorted(INSTANTS.keys() - {"collect", "deliver", "remind", "publish", "watch"}))
def test_a_milestones_schedule_comes_again_the_year_after_and_not_before(slug):
    days = INSTANTS[slug]

    assert instants(slug, 2 * len(days)) == [*days, *days]


def test_every_schedule_has_its_instants_written_out():
    assert set(SCHEDULES) == set(INSTANTS)


OTHERS = [name for name in FileDefinitions(PROJECT).campaigns() if name != "jiangsu-2022"]


@pytest.mark.parametrize("campaign", OTHERS)
def test_a_campaign_without_flows_of_its_own_runs_the_flow_of_any_milestone(campaign, monkeypatch):
    monkeypatch.chdir(PROJECT)
    known = FileDefinitions(PROJECT).campaign(campaign)

    deployments = yaml.safe_load(render(known))["deployments"]

    asked = [one["parameters"] for one in deployments if one["entrypoint"] == "flows/milestone.py:milestone"]
    assert asked == [{"campaign": campaign, "milestone_id": one.id} for one in known.milestones if one.is_owed]
    taken = load_flow_from_entrypoint("flows/milestone.py:milestone").parameters.properties
    assert {"campaign", "milestone_id"} <= set(taken)
