"""Contact list (工作联系人信息): who answers for each city; due 06-03."""

from prefect import State, flow

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, says_what_to_do
from flows.milestone import name_of, run_milestone


@flow(
    name="contact-list",
    flow_run_name=name_of("contact_list"),
    description="向各填报单位征集工作联系人信息：到期前发函提示，逐日核对，截止日期后清点并更新看板。",
)
@says_what_to_do
def contact_list(campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Run the contact-list milestone: requests from 05-20, stock taken after 06-03."""
    return run_milestone(campaign, "contact_list", as_of=as_of_or_now(as_of))
