"""The runs in which drafts wait for a person (提请签发); the ledger decides, the run only shows it."""

from collections.abc import Iterator
from datetime import datetime

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
from phaseout.usecases.explain_draft import title_of
from phaseout.usecases.remind_signing import drafts_to_decide, remind_signing
from tasks import POLICY

RELEASE = DeploymentFilter(name=DeploymentFilterName(any_=["release"]))
UNDECIDED = (StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED)
PAGE = 200
ELSEWHERE = "已另行办理"
CLOSED = "已过报送期"


def run_name(letter: int) -> str:
    """Return what the run of a draft is called: whom the letter is about, its kind and number."""
    with open_app() as app:
        return f"签发-{title_of(letter, definitions=app.definitions, ledger=app.ledger)}"


def does_a_person_sign() -> bool:
    """Say whether drafts wait for a person here; in a replay they do not. No task, so that a replay costs nothing."""
    with open_app() as app:
        return not app.is_replay


@task(name="提请签发", task_run_name="提请签发", **POLICY)
def ask_for_signatures(campaign: str, *, as_of: datetime) -> int:
    """Let a run wait for every draft of a campaign, end those that wait for nothing; return how many were started."""
    with open_app() as app:
        wanted = {
            draft.record.id
            for draft in drafts_to_decide(
                campaign, as_of=as_of, definitions=app.definitions, calendar=app.calendar, ledger=app.ledger
            )
        }
        drafts = {record.id: record.letter.campaign for record in app.ledger.letters(states={LetterState.DRAFT})}
    closed = {letter for letter, of in drafts.items() if of == campaign} - wanted
    with get_client(sync_client=True) as client:
        runs = list(_runs(client, *UNDECIDED))
        _end(client, runs, {letter: ELSEWHERE for run in runs if (letter := _letter(run)) not in drafts})
        _end(client, runs, dict.fromkeys(closed, CLOSED))
        unasked = sorted(wanted - {_letter(run) for run in runs})
        try:
            return sum(_start(client, letter) for letter in unasked)
        except ObjectNotFound:  # the flows are not deployed here: the command line is the way to decide
            return 0


def end_settled_runs() -> int:
    """End the runs whose drafts were decided or withdrawn elsewhere; return how many.

    No task, so that an idle run shows none: one question to the server, and no other where nobody waits.
    """
    if not does_a_person_sign():
        return 0
    with get_client(sync_client=True) as client:
        runs = list(_runs(client, StateType.PAUSED))
        if not runs:
            return 0
        with open_app() as app:
            drafts = {record.id for record in app.ledger.letters(states={LetterState.DRAFT})}
        return _end(client, runs, {letter: ELSEWHERE for run in runs if (letter := _letter(run)) not in drafts})


@task(name="提请签发提醒", task_run_name="提请签发提醒", **POLICY)
def remind_the_office(campaign: str, *, as_of: datetime) -> int:
    """Queue today's reminder of the drafts that wait, if one is due."""
    with open_app() as app:
        return remind_signing(
            campaign,
            as_of=as_of,
            definitions=app.definitions,
            calendar=app.calendar,
            ledger=app.ledger,
            desk=app.desk(app.definitions.campaign(campaign)),
            page=app.settings.signing_page,
        )


def _runs(client: SyncPrefectClient, *states: StateType) -> Iterator[FlowRun]:
    asked = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))))
    offset = 0
    while page := client.read_flow_runs(deployment_filter=RELEASE, flow_run_filter=asked, limit=PAGE, offset=offset):
        yield from page
        offset += PAGE


def _letter(run: FlowRun) -> int:
    return int(run.parameters["letter"])


def _end(client: SyncPrefectClient, runs: list[FlowRun], ended: dict[int, str]) -> int:
    """End the suspended runs of some letters, each with its word; a run that moves will see for itself."""
    waiting = [run for run in runs if run.state_type is StateType.PAUSED and _letter(run) in ended]
    for run in waiting:
        client.set_flow_run_state(run.id, Completed(name=ended[_letter(run)]), force=True)
    return len(waiting)


def _start(client: SyncPrefectClient, letter: int) -> int:
    deployment = client.read_deployment_by_name("release/release")
    tag = f"函件{letter}"
    # A key returns its old run for ever, also one that failed or timed out: the attempts are numbered.
    earlier = client.read_flow_runs(flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=[tag])), limit=PAGE)
    client.create_flow_run_from_deployment(
        deployment.id,
        name=run_name(letter),  # else it bears an English name of chance until it starts
        parameters={"letter": letter},
        tags=[tag],
        idempotency_key=f"签发-{letter}-{len(earlier) + 1}",
    )
    return 1
