"""Inventory (排查底数): the survey is complete; due 07-30, soft."""

from prefect import State, flow

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, says_what_to_do
from flows.milestone import name_of, run_milestone


@flow(
    name="inventory",
    flow_run_name=name_of("inventory"),
    description="企业排查完成情况：到期前发函提示，逐日核对，截止日期后清点，列出疑似漏报线索。",
)
@says_what_to_do
def inventory(campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Run the inventory milestone: requests from 06-06, stock taken after 07-30."""
    return run_milestone(campaign, "inventory", as_of=as_of_or_now(as_of))
