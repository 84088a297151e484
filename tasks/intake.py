"""Taking in what arrived, and assessing it."""

from datetime import datetime

from prefect import task

from phaseout import bootstrap
from phaseout.bootstrap import open_app
from phaseout.usecases.assess import Assessed, assess
from phaseout.usecases.collect import collect
from tasks import POLICY, Progress

MOST = 100_000  # deliveries that a count of what waits looks at


def is_anything_waiting() -> bool:
    """Say whether a pass would find work; no task, so that an idle run costs nothing."""
    with open_app() as app:
        return bootstrap.is_anything_waiting(app)


@task(name="收件", task_run_name="收件", **POLICY)
def take_in(*, as_of: datetime) -> int:
    """Archive and record what waits in mailbox and inbox folders; return how many deliveries were new."""
    with open_app() as app:
        return collect(as_of=as_of, intakes=app.intakes, archive=app.archive, ledger=app.ledger)


@task(name="审核", task_run_name="审核", **POLICY)
def assess_batch(*, as_of: datetime) -> Assessed:
    """Read, check, decide and answer every delivery without an outcome."""
    with open_app() as app:
        waiting = len(app.ledger.pending(limit=MOST))
        progress = Progress("intake-progress", "正在审核来件")
        return assess(as_of=as_of, tools=app.tools, tell=lambda done: progress.tell(done, max(done, waiting)))
