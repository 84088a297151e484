"""Final list (完成清单上报): 表5 with every 表4; due 12-15."""

from prefect import State, flow
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from flows.milestone import run_milestone


@flow(name="final-list", flow_run_name="完成清单-{campaign}")
def final_list(campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Run the final milestone: after 12-15, the reconciliation and the provincial final list."""
    return run_milestone(campaign, "final_list", as_of=as_of_or_now(as_of))
