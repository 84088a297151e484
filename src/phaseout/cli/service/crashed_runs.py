"""Asks once more for the work of a run that crashed: a daily flow would otherwise wait for tomorrow."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from phaseout.cli.service.dead_runs import POOL
from phaseout.cli.service.prefect_api import PrefectApi

AN_HOUR = timedelta(hours=1)
SOON = timedelta(minutes=10)
# What crashes again and again is a person's to look at; `watch` says so.
MOST_CRASHES = 3


def ask_again(api: PrefectApi, *, as_of: datetime) -> int:
    """Ask for a run of each flow whose last one crashed within the hour and that none follows soon; return how many."""
    ended = {"after_": (as_of - AN_HOUR).isoformat()}
    asked = {"state": {"type": {"any_": ["CRASHED"]}}, "end_time": ended}
    crashed = api.every("flow_runs/filter", {"flow_runs": asked, "work_pools": {"name": {"any_": [POOL]}}})
    count = 0
    for runs in _of_the_same_work(crashed).values():
        last = max(runs, key=lambda run: run["end_time"])
        if len(runs) <= MOST_CRASHES and not _is_followed(api, last, as_of=as_of):
            wanted = {"parameters": last["parameters"], "tags": last["tags"]}
            api.post(f"deployments/{last['deployment_id']}/create_flow_run", wanted)
            count += 1
    return count


def _of_the_same_work(runs: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for run in runs:
        if run["deployment_id"] is not None:
            key = json.dumps([run["deployment_id"], run["parameters"]], sort_keys=True)
            found.setdefault(key, []).append(run)
    return found


def _is_followed(api: PrefectApi, run: Mapping[str, Any], *, as_of: datetime) -> bool:
    """Say whether a later run of the same work was there, or is due soon."""
    due = {"after_": run["end_time"], "before_": (as_of + SOON).isoformat()}
    asked = {"flow_runs": {"expected_start_time": due}, "deployments": {"id": {"any_": [run["deployment_id"]]}}}
    return any(later["parameters"] == run["parameters"] for later in api.every("flow_runs/filter", asked))
