"""Runs of the flow `release` without a worker."""

from contextlib import suppress

from prefect.exceptions import Pause
from prefect.flow_engine import run_flow
from prefect.flow_runs import resume_flow_run
from prefect.input import keyset_from_paused_state, read_flow_run_input

from flows.release import release


def deployment_of(client):
    flow = client.create_flow_from_name("release")
    return client.create_deployment(flow, name="release", entrypoint="flows/release.py:release")


class Run:
    """A run of the flow `release`, as a worker runs it: each time from the top, until it suspends."""

    def __init__(self, client, letter, **more):
        self.client = client
        self.parameters = {"letter": letter, **more}
        self.id = client.create_flow_run_from_deployment(deployment_of(client), parameters=self.parameters).id

    def work(self):
        with suppress(Pause):
            run_flow(release, flow_run=self.client.read_flow_run(self.id), parameters=self.parameters)
        return self.state

    def resume(self, **answer):
        resume_flow_run(self.id, run_input=answer)

    @property
    def state(self):
        return self.client.read_flow_run(self.id).state.name

    @property
    def name(self):
        return self.client.read_flow_run(self.id).name

    @property
    def form(self):
        """What the form shows before it is filled in."""
        keys = keyset_from_paused_state(self.client.read_flow_run(self.id).state)
        return read_flow_run_input(key=keys["description"], flow_run_id=self.id)
