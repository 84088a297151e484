"""Closure (关停到期): the last day for closures, 11-30; a goal, derived from the progress forms."""

from prefect import State, flow

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, says_what_to_do
from flows.milestone import name_of, run_milestone


@flow(
    name="closure",
    flow_run_name=name_of("closure"),
    description="关停淘汰到期核对：到期后列出尚未关停的装备和原因。",
)
@says_what_to_do
def closure(campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Run the closure milestone: after 11-30, what is not closed, by city and reason."""
    return run_milestone(campaign, "closure", as_of=as_of_or_now(as_of))
