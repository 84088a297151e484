"""Inventory (排查底数): the survey is complete; due 07-30, soft."""

from prefect import State, flow
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from flows.milestone import run_milestone


@flow(name="inventory", flow_run_name="排查底数-{campaign}")
def inventory(campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Run the inventory milestone: requests from 06-06, stock taken after 07-30."""
    return run_milestone(campaign, "inventory", as_of=as_of_or_now(as_of))
