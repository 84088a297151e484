"""Asks for one run of each flow: what days without this machine owed is done now, once, and not slot by slot."""

import sys
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort

from flows import as_of_or_now

PAGE = 200
FIRST = ("collect", "remind", "deliver")  # what units wait for comes before what the office looks at
IN_HAND = (StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING)
AN_HOUR = timedelta(hours=1)


def ask(client: SyncPrefectClient, campaigns: Collection[str], *, as_of: datetime) -> list[str]:
    """Ask for a run of every scheduled flow that may owe something and return their names; slots missed are dropped."""
    due = _runs(client, states=IN_HAND, until=as_of)
    # A slot that an outage delayed by a week would do what the fresh run does, only later and once more.
    missed = [run for run in due if run.auto_scheduled and run.state_type is StateType.SCHEDULED]
    for run in missed:
        client.delete_flow_run(run.id)
    behind = {run.deployment_id for run in missed}
    in_hand = {run.deployment_id for run in due} - behind
    up_to_date = _up_to_date(client, as_of=as_of) - behind
    wanted = [
        one
        for one in client.read_deployments(limit=PAGE)
        if one.schedules and _is_open(one, campaigns) and one.id not in in_hand | up_to_date
    ]
    wanted.sort(key=_rank)
    for deployment in wanted:
        client.create_flow_run_from_deployment(deployment.id)
    return [deployment.name for deployment in wanted]


def _up_to_date(client: SyncPrefectClient, *, as_of: datetime) -> set[UUID | None]:
    """Return the deployments whose last run ended well within the hour: a short stop owes nothing."""
    last = {run.deployment_id: run for run in _runs(client, since=as_of - AN_HOUR, until=as_of)}
    return {deployment for deployment, run in last.items() if run.state_type is StateType.COMPLETED}


def _rank(deployment: DeploymentResponse) -> int:
    flow = (deployment.entrypoint or "").rpartition(":")[2]
    return FIRST.index(flow) if flow in FIRST else len(FIRST)


def _is_open(deployment: DeploymentResponse, campaigns: Collection[str]) -> bool:
    """Say whether a flow is of an open campaign, or of none, as mail in and out."""
    return deployment.parameters.get("campaign") in {None, *campaigns}


def _runs(
    client: SyncPrefectClient, *, states: Sequence[StateType] = (), since: datetime | None = None, until: datetime
) -> Sequence[FlowRun]:
    """Return the runs that were to begin in some time, the earliest first."""
    asked = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))) if states else None,
        expected_start_time=FlowRunFilterExpectedStartTime(after_=since, before_=until),
    )
    found: list[FlowRun] = []
    while page := client.read_flow_runs(
        flow_run_filter=asked, sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=PAGE, offset=len(found)
    ):
        found += page
    return found


def main() -> None:
    """Ask the server that the environment names, for the campaigns named."""
    with get_client(sync_client=True) as client:
        ask(client, sys.argv[1:], as_of=as_of_or_now(None))


if __name__ == "__main__":
    main()
