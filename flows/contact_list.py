"""Contact list (工作联系人信息): who answers for each city; due 06-03."""

from prefect import State, flow
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from flows.milestone import run_milestone


@flow(name="contact-list", flow_run_name="工作联系人信息-{campaign}")
def contact_list(campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Run the contact-list milestone: requests from 05-20, stock taken after 06-03."""
    return run_milestone(campaign, "contact_list", as_of=as_of_or_now(as_of))
