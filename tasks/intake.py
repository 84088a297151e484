"""Taking in what arrived, and assessing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from prefect import task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ObjectNotFound

from phaseout import bootstrap
from phaseout.bootstrap import App, open_app, reading_cluster
from phaseout.usecases.assess import Assessed, assess
from phaseout.usecases.collect import collect
from tasks import POLICY, Progress

MOST = 100_000  # deliveries that a count of what waits looks at
ASSESS = DeploymentFilter(name=DeploymentFilterName(any_=["assess"]))
UNDER_WAY = FlowRunFilter(
    state=FlowRunFilterState(
        type=FlowRunFilterStateType(any_=[StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING])
    )
)


def is_anything_waiting() -> bool:
    """Say whether a pass would find work; no task, so that an idle run costs nothing."""
    with open_app() as app:
        return bootstrap.is_anything_waiting(app)


def holds_warehouse() -> bool:
    """Say whether assessing is this machine's work, or that of another one."""
    with open_app() as app:
        return app.settings.holds_warehouse


def ask_to_assess() -> bool:
    """Ask the machine that holds the warehouse for a run that assesses what waits; False if one is on its way.

    No task: it is asked again in every pass as long as something waits.
    """
    with get_client(sync_client=True) as client:
        under_way = client.read_flow_runs(deployment_filter=ASSESS, flow_run_filter=UNDER_WAY, limit=1)
        if under_way:
            return False
        try:
            deployment = client.read_deployment_by_name("assess/assess")
        except ObjectNotFound:  # the flows are not deployed here: the next collect over there finds it
            return False
        client.create_flow_run_from_deployment(deployment.id)
        return True


@contextmanager
def joined_cluster(app: App) -> Iterator[None]:
    """Read what is inside on the Dask cluster that the settings name, if any; the run's log says where its page is."""
    address = reading_cluster.address_of(app.settings)
    if address is None:
        yield
        return
    from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415  heavy, and an extra

    known = {"timeout": reading_cluster.CONNECT_SECONDS, "set_as_default": False}
    with (
        DaskTaskRunner(address=address, client_kwargs=known) as runner,  # joined when there is something to read
        reading_cluster.lend_cluster(lambda: runner.client),
    ):
        yield


@task(name="收件", task_run_name="收件", **POLICY)
def take_in(*, as_of: datetime) -> int:
    """Archive and record what waits in mailbox and inbox folders; return how many deliveries were new."""
    with open_app() as app:
        return collect(as_of=as_of, intakes=app.intakes, archive=app.archive, ledger=app.ledger)


@task(name="审核", task_run_name="审核", **POLICY)
def assess_batch(*, as_of: datetime) -> Assessed:
    """Read, check, decide and answer every delivery without an outcome."""
    with open_app() as app, joined_cluster(app):
        waiting = len(app.ledger.pending(limit=MOST))
        progress = Progress("intake-progress", "正在审核来件")
        return assess(as_of=as_of, tools=app.tools, tell=lambda done: progress.tell(done, max(done, waiting)))
