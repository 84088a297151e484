"""Summary (排查汇总): 表2 by industry; due 08-12."""

from prefect import State, flow

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, says_what_to_do
from flows.milestone import name_of, run_milestone


@flow(
    name="summary",
    flow_run_name=name_of("summary"),
    description="落后生产工艺装备排查汇总：到期前发函提示，截止日期后清点，按行业汇总并分送业务处室。",
)
@says_what_to_do
def summary(campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Run the summary milestone: requests from 07-25, the provincial tables after 08-12."""
    return run_milestone(campaign, "summary", as_of=as_of_or_now(as_of))
