"""Summary (排查汇总): 表2 by industry; due 08-12."""

from prefect import State, flow
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from flows.milestone import run_milestone


@flow(name="summary", flow_run_name="排查汇总-{campaign}")
def summary(campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Run the summary milestone: requests from 07-25, the provincial tables after 08-12."""
    return run_milestone(campaign, "summary", as_of=as_of_or_now(as_of))
