"""Any milestone (时间节点): announce it, show where it stands, take stock when its day has ended."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from prefect import State, flow
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, says_what_to_do
from phaseout.domain.run_tables import names_in_short
from tasks.intake import assess_batch, is_anything_waiting, take_in
from tasks.letters import owe_what_depends, send_letters, write_letters
from tasks.reporting import campaign_title, milestone_title, report_intake, report_letters, report_sent, report_standing
from tasks.signing import ask_for_signatures, does_a_person_sign
from tasks.stock import publish_snapshot, see_and_take_stock

MilestoneId = Annotated[
    str, Field(json_schema_extra={"title": "时间节点代号", "description": "办理哪一个时间节点，一般不需改动。"})
]


def name_of(milestone_id: str | None = None) -> Callable[[], str]:
    """Return what names a run: the titles of milestone and campaign; without *milestone_id* the one it is told."""

    def name() -> str:
        told = flow_run.parameters
        campaign = told.get("campaign", CAMPAIGN)
        return f"{milestone_title(campaign, milestone_id or told['milestone_id'])}（{campaign_title(campaign)}）"

    return name


@flow(
    name="milestone",
    flow_run_name=name_of(),
    description="办理一个时间节点：到期前发函提示，逐日核对，截止日期后清点并更新看板。",
)
@says_what_to_do
def milestone(milestone_id: MilestoneId, campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Run the milestone of an id, for campaigns whose milestones have no flow of their own."""
    return run_milestone(campaign, milestone_id, as_of=as_of_or_now(as_of))


def run_milestone(campaign: str, milestone_id: str, *, as_of: datetime) -> State[None]:
    """Do what a milestone owes now: request what has opened, show the picture, take stock of what has ended."""
    if is_anything_waiting():  # what arrived before the deadline is in the picture
        take_in(as_of=as_of)
        report_intake(assess_batch(as_of=as_of), as_of=as_of)
    owe_what_depends(campaign, as_of=as_of)
    report_letters(campaign, write_letters(campaign, as_of=as_of), as_of=as_of)
    if does_a_person_sign():
        ask_for_signatures(campaign, as_of=as_of)
    report_sent(send_letters(as_of=as_of), as_of=as_of)
    stock = see_and_take_stock(campaign, milestone_id, as_of=as_of)
    if stock.taken:
        send_letters(as_of=as_of)  # the tables to the industry offices
        publish_snapshot(campaign, as_of=as_of)
    report_standing(campaign, milestone_id, stock, as_of=as_of)
    late = names_in_short(row.unit_name for row in stock.late)
    return Completed(
        name=f"已报 {stock.received}/{stock.expected}",
        message=(f"逾期 {len(stock.late)} 个单位：{late}" if late else "无逾期")
        + ("；已清点" if stock.taken else "")
        + "".join(f"；{note}" for note in stock.notes),
    )
