"""Looking after the installation: its health is checked and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from prefect import task

from phaseout.bootstrap import health, open_app
from phaseout.usecases.tell_health import Way
from tasks import POLICY


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: the troubles' names, and whether the office was written to."""

    titles: Sequence[str]
    is_told: bool
    could_not_tell: bool


@task(name="运行检查", task_run_name="运行检查", **POLICY)
def check_and_tell(*, as_of: datetime) -> Looked | None:
    """Check everything and write to the office if there is something to say; None while another process does."""
    with open_app() as app:
        done = health.watch(app, as_of=as_of)
        if done is None:
            return None
        _, told = done
        words = health.words_of(app)
    titles = [words.chinese(one).title for one in told.troubles]
    return Looked(titles, told.way in {Way.QUEUED, Way.DIRECT}, told.way is Way.UNSENT)
