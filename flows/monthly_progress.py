"""Monthly progress (月度进展): 表3, the 30th of each month from August to November."""

from prefect import State, flow

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, says_what_to_do
from flows.milestone import name_of, run_milestone


@flow(
    name="monthly-progress",
    flow_run_name=name_of("monthly_progress"),
    description="关停淘汰进展月报：每月到期前发出预填报表，截止日期后清点，生成情况通报。",
)
@says_what_to_do
def monthly_progress(campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Run the monthly milestone: prefilled 表3 out a week before, the bulletin after the 30th."""
    return run_milestone(campaign, "monthly_progress", as_of=as_of_or_now(as_of))
