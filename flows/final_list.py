"""Final list (完成清单上报): 表5 with every 表4; due 12-15."""

from prefect import State, flow

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, says_what_to_do
from flows.milestone import name_of, run_milestone


@flow(
    name="final-list",
    flow_run_name=name_of("final_list"),
    description="完成淘汰清单及核查验收表：截止日期后核对前后各表，生成全省清单。",
)
@says_what_to_do
def final_list(campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Run the final milestone: after 12-15, the reconciliation and the provincial final list."""
    return run_milestone(campaign, "final_list", as_of=as_of_or_now(as_of))
