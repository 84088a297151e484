"""Asks a real Prefect server over HTTP."""

import httpx

from tests.waiting import wait_for


class Api:
    """The API of a server on loopback."""

    def __init__(self, url):
        self.url = url

    def is_healthy(self):
        try:
            return httpx.get(f"{self.url}/health", timeout=2).is_success
        except httpx.TransportError:
            return False

    def post(self, path, body):
        # A server whose database is busy says 503; Prefect's own client tries again, too.
        answer = wait_for(lambda: self._answer(path, body), seconds=60, every=1)
        answer.raise_for_status()
        return answer.json()

    def _answer(self, path, body):
        answer = httpx.post(f"{self.url}/{path}", json=body, timeout=30)
        return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

    def deployments(self):
        """Return the deployments by name."""
        return {one["name"]: one for one in self.post("deployments/filter", {"limit": 200})}

    def runs(self, deployment, *states):
        """Return the flow runs of a deployment, in the given types of states, if any are given."""
        asked = {"state": {"type": {"any_": list(states)}}} if states else {}
        of_deployment = {"id": {"any_": [deployment["id"]]}}
        return self.post("flow_runs/filter", {"flow_runs": asked, "deployments": of_deployment, "limit": 200})

    def run(self, run_id):
        answer = httpx.get(f"{self.url}/flow_runs/{run_id}", timeout=30)
        answer.raise_for_status()
        return answer.json()
