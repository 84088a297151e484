"""The runs in which drafts wait for a person (提请签发); the ledger decides, the run only shows it."""

from collections.abc import Iterator

from prefect import task
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed

from phaseout.bootstrap import open_app
from phaseout.domain.letter import LetterState
from tasks import POLICY

RELEASE = DeploymentFilter(name=DeploymentFilterName(any_=["release"]))
UNDECIDED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED]
PAGE = 200


def does_a_person_sign() -> bool:
    """Say whether drafts wait for a person here; in a replay they do not. No task, so that a replay costs nothing."""
    with open_app() as app:
        return not app.is_replay


@task(name="提请签发", task_run_name="提请签发", **POLICY)
def ask_for_signatures() -> int:
    """Let a run wait for every draft, and end those whose letter waits no more; return how many were started."""
    with open_app() as app:
        drafts = {record.id for record in app.ledger.letters(states={LetterState.DRAFT})}
    with get_client(sync_client=True) as client:
        runs = {run.parameters["letter"]: run for run in _undecided(client)}
        for letter, run in runs.items():
            # A run that moves will see for itself that nothing is to be decided.
            if letter not in drafts and run.state_type is StateType.PAUSED:
                client.set_flow_run_state(run.id, Completed(name="已另行办理"), force=True)
        unasked = sorted(drafts - runs.keys())
        try:
            return sum(_start(client, letter) for letter in unasked)
        except ObjectNotFound:  # the flows are not deployed here: the command line is the way to decide
            return 0


def _undecided(client: SyncPrefectClient) -> Iterator[FlowRun]:
    asked = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNDECIDED)))
    offset = 0
    while page := client.read_flow_runs(deployment_filter=RELEASE, flow_run_filter=asked, limit=PAGE, offset=offset):
        yield from page
        offset += PAGE


def _start(client: SyncPrefectClient, letter: int) -> int:
    deployment = client.read_deployment_by_name("release/release")
    tag = f"letter-{letter}"
    # A key returns its old run for ever, also one that failed or timed out: the attempts are numbered.
    earlier = client.read_flow_runs(flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=[tag])), limit=PAGE)
    client.create_flow_run_from_deployment(
        deployment.id,
        parameters={"letter": letter},
        tags=[tag],
        idempotency_key=f"release-{letter}-{len(earlier) + 1}",
    )
    return 1
