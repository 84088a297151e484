"""Publish (发布): the analysts' snapshot and the board."""

from prefect import State, flow
from prefect.runtime import flow_run
from prefect.states import Completed

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, noted, says_what_to_do
from tasks.reporting import campaign_title, report_published
from tasks.stock import are_extracts_due, publish_snapshot, renew_extracts


def run_name() -> str:
    """Return the name of this run: what it publishes, of which campaign."""
    return f"发布看板（{campaign_title(flow_run.parameters.get('campaign', CAMPAIGN))}）"


@flow(
    name="publish",
    flow_run_name=run_name,
    description="更新工作看板和分析快照；没有变化的，不作改动。每日凌晨一次，有报表审核通过时另行更新。数据文件每日更新一次。",
)
@says_what_to_do
@noted("publish")
def publish(campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Replace snapshot and board if anything changed since they were written."""
    instant = as_of_or_now(as_of)
    published = publish_snapshot(campaign, as_of=instant)
    if are_extracts_due(as_of=instant):
        renew_extracts(as_of=instant)
    if published.content_hash is None:
        return Completed(name="无变化", message="看板和快照已是最新")
    report_published(campaign, published, as_of=instant)
    return Completed(name="已发布", message=f"内容校验值 {published.content_hash[:16]}")
