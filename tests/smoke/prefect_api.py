"""Asks a real Prefect server over HTTP."""

import httpx

from phaseout.cli.service.prefect_api import PrefectApi, PrefectSilent
from tests.waiting import wait_for


class Api:
    """The API of a server on loopback; with an auth string where it asks for one."""

    def __init__(self, url, *, auth=None):
        self.url = url
        self._api = PrefectApi(url, auth=auth, timeout=30)

    def is_healthy(self):
        return self._api.is_healthy()

    def get(self, path):
        return self._api.get(path)

    def post(self, path, body):
        # A server whose database is busy says 503; Prefect's own client tries again, too.
        return wait_for(lambda: self._answer(path, body), seconds=90, every=1)[0]

    def _answer(self, path, body):
        try:
            return [self._api.post(path, body)]
        except PrefectSilent as error:
            if str(httpx.codes.SERVICE_UNAVAILABLE.value) in str(error) or "timed out" in str(error):
                return None
            raise

    def deployments(self):
        """Return the deployments by name."""
        return {one["name"]: one for one in self.post("deployments/filter", {"limit": 200})}

    def runs(self, deployment, *states):
        """Return the flow runs of a deployment, in the given types of states, if any are given."""
        asked = {"state": {"type": {"any_": list(states)}}} if states else {}
        of_deployment = {"id": {"any_": [deployment["id"]]}}
        return self.post("flow_runs/filter", {"flow_runs": asked, "deployments": of_deployment, "limit": 200})

    def run(self, run_id):
        return self.get(f"flow_runs/{run_id}")

    def cancel(self, run):
        """Cancel a run as the button of its page does."""
        self.post(f"flow_runs/{run['id']}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}})

    def run_again(self, run):
        """Run a run that has ended once more, as the button of its page does."""
        again = {"type": "SCHEDULED", "name": "AwaitingRetry", "message": "Retry from the UI"}
        self.post(f"flow_runs/{run['id']}/set_state", {"state": again, "force": True})

    def delete(self, run):
        httpx.delete(f"{self.url}/flow_runs/{run['id']}", timeout=30).raise_for_status()

    def ended(self, run):
        """Return the state in which a run ended; nothing as long as it has not."""
        state = self.run(run["id"])["state"]
        return state if state["type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None
