"""Asks the flow-run server (调度服务) how its runs go, with nothing but the standard library."""

import base64
import http.client
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from phaseout.domain.health import Answer, RunSeen, RunsSeen

TIMEOUT = 5.0
MOST = 200
LOOK_BACK = timedelta(hours=24)
POOL = "office"
REFUSALS = frozenset({http.client.UNAUTHORIZED, http.client.FORBIDDEN})


class FlowRunServer:
    """The API of a server, as far as health asks it."""

    def __init__(self, url: str, *, auth: str | None = None, timeout: float = TIMEOUT) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._headers = {"content-type": "application/json"}
        if auth:
            self._headers["Authorization"] = f"Basic {base64.b64encode(auth.encode()).decode()}"

    def look(self, *, expected: Collection[str], as_of: datetime) -> RunsSeen:
        """Return how its runs go; *expected* are the deployments that should be there."""
        try:
            self._take_token()
            return self._look(expected, as_of)
        except urllib.error.HTTPError as refused:
            answer = Answer.REFUSED if refused.code in REFUSALS else Answer.AWAY
            return RunsSeen(answer)
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
            return RunsSeen(Answer.AWAY)

    def _look(self, expected: Collection[str], as_of: datetime) -> RunsSeen:
        deployments = self._post("deployments/filter", {"limit": MOST})
        names = {str(one["id"]): str(one["name"]) for one in deployments}
        pool = self._pool()
        return RunsSeen(
            Answer.WELL,
            late=self._late(names),
            failed=self._failed(names, as_of),
            going=self._going(names),
            paused=tuple(sorted(str(one["name"]) for one in deployments if _is_paused(one))),
            missing=tuple(sorted(set(expected) - set(names.values()))),
            is_pool_missing=pool is None,
            is_pool_paused=bool(pool and pool.get("is_paused")),
            worker_seen_at=self._worker_seen_at() if pool else None,
        )

    def _late(self, names: Mapping[str, str]) -> tuple[RunSeen, ...]:
        found = self._runs({"state": {"name": {"any_": ["Late"]}}})
        return _seen(found, names, "expected_start_time")

    def _going(self, names: Mapping[str, str]) -> tuple[RunSeen, ...]:
        found = self._runs({"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}})
        return _seen(found, names, "start_time", "expected_start_time")

    def _failed(self, names: Mapping[str, str], as_of: datetime) -> tuple[RunSeen, ...]:
        since = (as_of - LOOK_BACK).isoformat()
        asked = {"state": {"type": {"any_": ["FAILED", "CRASHED"]}}, "end_time": {"after_": since}}
        failed = _seen(self._runs(asked), names, "end_time")
        ids = {name: key for key, name in names.items()}
        well = {name: self._well_at(ids[name]) for name in {run.deployment for run in failed}}
        return tuple(run for run in failed if (at := well[run.deployment]) is None or at < run.since)

    def _well_at(self, deployment: str) -> datetime | None:
        asked = {"state": {"type": {"any_": ["COMPLETED"]}}, "deployment_id": {"any_": [deployment]}}
        found = self._runs(asked, limit=1)
        return _instant(found[0], "end_time") if found else None

    def _runs(self, asked: Mapping[str, object], *, limit: int = MOST) -> list[dict[str, Any]]:
        body = {"flow_runs": asked, "limit": limit, "sort": "END_TIME_DESC"}
        found: list[dict[str, Any]] = self._post("flow_runs/filter", body)
        return found

    def _pool(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._ask("GET", f"work_pools/{POOL}", None)
        except urllib.error.HTTPError as error:
            if error.code == http.client.NOT_FOUND:
                return None
            raise
        return found

    def _worker_seen_at(self) -> datetime | None:
        workers = self._post(f"work_pools/{POOL}/workers/filter", {"limit": MOST})
        # Where there are several, the one beside the warehouse bears the pool's name: without it nothing is decided.
        own = [one for one in workers if one.get("name") == POOL] or workers
        return max((at for one in own if (at := _instant(one, "last_heartbeat_time"))), default=None)

    def _take_token(self) -> None:
        # Against forged requests the server wants a token of its own in every question that has a body.
        client = str(uuid.uuid4())
        try:
            token = self._ask("GET", f"csrf-token?client={client}", None)["token"]
        except urllib.error.HTTPError as error:
            if error.code != http.client.UNPROCESSABLE_ENTITY:  # so says a server that asks for none
                raise
            return
        self._headers |= {"Prefect-Csrf-Token": str(token), "Prefect-Csrf-Client": client}

    def _post(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401  what JSON holds
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401  what JSON holds
        request = urllib.request.Request(  # noqa: S310  http, of this machine
            f"{self._url}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=self._headers,
            method=method,
        )
        with _STRAIGHT.open(request, timeout=self._timeout) as answer:
            return json.loads(answer.read())


# A proxy that the environment names is no way to this machine.
_STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _is_paused(deployment: Mapping[str, Any]) -> bool:
    schedules: Sequence[Mapping[str, Any]] = deployment.get("schedules") or ()
    return bool(deployment.get("paused")) or any(not one.get("active", True) for one in schedules)


def _seen(runs: Sequence[Mapping[str, Any]], names: Mapping[str, str], *instants: str) -> tuple[RunSeen, ...]:
    """Return the runs of our deployments; one that a person started without a deployment is not ours to judge."""
    return tuple(
        RunSeen(names[str(run["deployment_id"])], at)
        for run in runs
        if str(run.get("deployment_id")) in names
        and (at := next((at for name in instants if (at := _instant(run, name))), None))
    )


def _instant(facts: Mapping[str, Any], name: str) -> datetime | None:
    text = facts.get(name)
    return datetime.fromisoformat(text) if text else None
