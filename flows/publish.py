"""Publish (发布): the analysts' snapshot and the board."""

from prefect import State, flow
from prefect.states import Completed
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from tasks.stock import publish_snapshot


@flow(name="publish", flow_run_name="发布-{campaign}")
def publish(campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Replace snapshot and board if anything changed since they were written."""
    published = publish_snapshot(campaign, as_of=as_of_or_now(as_of))
    if published.content_hash is None:
        return Completed(name="无变化")
    return Completed(name="已发布", message=f"内容校验值 {published.content_hash[:16]}")
