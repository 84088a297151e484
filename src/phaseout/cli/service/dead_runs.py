"""Ends the flow runs that a dead worker left behind, so that no limit of one is held by nobody."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from phaseout.cli.service.prefect_api import PrefectApi

POOL = WORKER_NAME = "office"
AT_WORK = ("RUNNING", "PENDING", "CANCELLING")
RUN_ID = b"PREFECT__FLOW_RUN_ID="
MOST_ATTEMPTS = 5
CRASHED = {
    "type": "CRASHED",
    "name": "Crashed",
    "message": "运行进程已中断；未完成的工作由下一次运行继续办理，无需人工处理。",
}


def living_runs(local: Path) -> dict[str, int]:
    """Return the flow runs that have a process working for the machine of a folder, each with its number."""
    ours = b"PHASEOUT_LOCAL=" + os.fsencode(local)
    found: dict[str, int] = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):  # it ended while we looked, or is another person's
                environment = (process / "environ").read_bytes().split(b"\0")
                if ours in environment:
                    runs = [one for one in environment if one.startswith(RUN_ID)]
                    found |= {run.removeprefix(RUN_ID).decode(): int(process.name) for run in runs}
    return found


def kill_orphans(local: Path) -> int:
    """End the processes of flow runs whose worker is gone; everything they do survives that."""
    orphans = living_runs(local)
    for process in orphans.values():
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return len(orphans)


def dead_runs(api: PrefectApi, local: Path) -> list[dict[str, Any]]:
    """Return the runs that Prefect believes at work and that no process of this machine does."""
    asked = {"state": {"type": {"any_": list(AT_WORK)}}}
    at_work = list(api.every("flow_runs/filter", {"flow_runs": asked, "work_pools": {"name": {"any_": [POOL]}}}))
    if not at_work or _others_work(api):
        return []
    living = living_runs(local)
    return [run for run in at_work if run["id"] not in living]


def _others_work(api: PrefectApi) -> bool:
    """Say whether another machine works for us, too: of its processes nothing is known here."""
    workers = api.post(f"work_pools/{POOL}/workers/filter", {})
    return any(one["status"] == "ONLINE" and one["name"] != WORKER_NAME for one in workers)


def end_dead(api: PrefectApi, runs: Iterable[dict[str, Any]], *, as_of: datetime) -> int:
    """End runs that nobody works on, or put those back into the queue in which a person's decision waits."""
    unlimited = {
        one["id"] for one in api.every("deployments/filter", {}) if one.get("global_concurrency_limit") is None
    }
    count = 0
    for run in runs:
        again = run["deployment_id"] in unlimited and run["run_count"] < MOST_ATTEMPTS
        state = _again(as_of) if again and run["state_type"] != "CANCELLING" else CRASHED
        api.post(f"flow_runs/{run['id']}/set_state", {"state": state, "force": True})
        count += 1
    return count


def _again(as_of: datetime) -> dict[str, object]:
    details = {"scheduled_time": as_of.isoformat()}
    return {"type": "SCHEDULED", "name": "AwaitingRetry", "state_details": details}


def free_slots(api: PrefectApi) -> int:
    """Free the slots of deployments none of whose runs is at work: a kill between two writes can leave one taken."""
    taken = {one["id"] for one in api.every("v2/concurrency_limits/filter", {}) if one["active_slots"]}
    if not taken:
        return 0
    asked = {"state": {"type": {"any_": list(AT_WORK)}}}
    at_work = {run["deployment_id"] for run in api.every("flow_runs/filter", {"flow_runs": asked})}
    leaked = [
        limit["id"]
        for one in api.every("deployments/filter", {})
        if (limit := one.get("global_concurrency_limit")) and limit["id"] in taken and one["id"] not in at_work
    ]
    for limit in leaked:
        api.post(f"v2/concurrency_limits/{limit}", {"active_slots": 0}, method="PATCH")
    return len(leaked)


def clear_up(api: PrefectApi, local: Path, *, as_of: datetime) -> None:
    """Make an end of what a worker that is gone left: its processes, its runs, and the slots of their limits.

    Raises:
        PrefectSilent: the server does not answer.
    """
    kill_orphans(local)
    end_dead(api, dead_runs(api, local), as_of=as_of)
    free_slots(api)


class Sweep:
    """Ends runs whose process is gone although their worker lives, once two looks have found them so."""

    def __init__(self, api: PrefectApi, local: Path) -> None:
        self._api, self._local = api, local
        self._seen: frozenset[str] = frozenset()

    def look(self, *, as_of: datetime) -> int:
        """Look again, and return how many runs were ended.

        Raises:
            PrefectSilent: the server does not answer.
        """
        dead = dead_runs(self._api, self._local)
        twice = [run for run in dead if run["state_id"] in self._seen]
        self._seen = frozenset(run["state_id"] for run in dead)
        if twice:
            end_dead(self._api, twice, as_of=as_of)
            free_slots(self._api)
        return len(twice)
