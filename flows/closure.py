"""Closure (关停到期): the last day for closures, 11-30; a goal, derived from the progress forms."""

from prefect import State, flow
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from flows.milestone import run_milestone


@flow(name="closure", flow_run_name="关停到期-{campaign}")
def closure(campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Run the closure milestone: after 11-30, what is not closed, by city and reason."""
    return run_milestone(campaign, "closure", as_of=as_of_or_now(as_of))
