"""Monthly progress (月度进展): 表3, the 30th of each month from August to November."""

from prefect import State, flow
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from flows.milestone import run_milestone


@flow(name="monthly-progress", flow_run_name="月度进展-{campaign}")
def monthly_progress(campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Run the monthly milestone: prefilled 表3 out a week before, the bulletin after the 30th."""
    return run_milestone(campaign, "monthly_progress", as_of=as_of_or_now(as_of))
