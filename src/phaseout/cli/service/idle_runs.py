"""Deletes old flow runs that found nothing to do: there are hundreds a day, and they would bury the others."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from phaseout.cli.service.prefect_api import PrefectApi

MOST_AT_ONCE = 50  # as many as Prefect deletes at a time
# What is older was looked at before; the machine may have been off for a while.
WINDOW = timedelta(days=30)


def drop_idle(api: PrefectApi, *, as_of: datetime, days: int) -> int:
    """Delete scheduled runs without a task that ended more than some days ago; return how many."""
    until = as_of - timedelta(days=days)
    ended = {"after_": (until - WINDOW).isoformat(), "before_": until.isoformat()}
    asked = {"state": {"type": {"any_": ["COMPLETED"]}}, "end_time": ended}
    old = [run["id"] for run in api.every("flow_runs/filter", {"flow_runs": asked}) if run["auto_scheduled"]]
    return _delete(api, [run for some in _batches(old) for run in _without_a_task(api, some)])


def _without_a_task(api: PrefectApi, runs: Sequence[str]) -> list[str]:
    asked = {"flow_runs": {"id": {"any_": list(runs)}}}
    with_tasks = {task["flow_run_id"] for task in api.every("task_runs/filter", asked)}
    return [run for run in runs if run not in with_tasks]


def _delete(api: PrefectApi, runs: Sequence[str]) -> int:
    for some in _batches(runs):
        api.post("flow_runs/bulk_delete", {"flow_runs": {"id": {"any_": some}}, "limit": MOST_AT_ONCE})
    return len(runs)


def _batches(runs: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(runs)
    while some := list(islice(rest, MOST_AT_ONCE)):
        yield some
