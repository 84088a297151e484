"""Any milestone (时间节点): announce it, show where it stands, take stock when its day has ended."""

from datetime import datetime

from prefect import State, flow
from prefect.artifacts import create_table_artifact
from prefect.states import Completed
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from tasks.intake import assess_batch, is_anything_waiting, take_in
from tasks.letters import owe_what_depends, send_letters, write_letters
from tasks.signing import ask_for_signatures, does_a_person_sign
from tasks.stock import publish_snapshot, see_and_take_stock


@flow(name="milestone", flow_run_name="{milestone_id}-{campaign}")
def milestone(milestone_id: str, campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Run the milestone of an id, for campaigns whose milestones have no flow of their own."""
    return run_milestone(campaign, milestone_id, as_of=as_of_or_now(as_of))


def run_milestone(campaign: str, milestone_id: str, *, as_of: datetime) -> State[None]:
    """Do what a milestone owes now: request what has opened, show the picture, take stock of what has ended."""
    if is_anything_waiting():  # what arrived before the deadline is in the picture
        take_in(as_of=as_of)
        assess_batch(as_of=as_of)
    owe_what_depends(campaign, as_of=as_of)
    write_letters(campaign, as_of=as_of)
    if does_a_person_sign():
        ask_for_signatures(campaign, as_of=as_of)
    send_letters(as_of=as_of)
    stock = see_and_take_stock(campaign, milestone_id, as_of=as_of)
    if stock.taken:
        send_letters(as_of=as_of)  # the tables to the industry offices
        publish_snapshot(campaign, as_of=as_of)
    create_table_artifact(
        [
            {"填报单位": r.unit_name, "应报": r.expected, "已报": r.received, "通过": r.accepted, "办理状态": r.reason}
            for r in stock.rows
        ],
        key=f"{campaign}-{milestone_id}".replace("_", "-"),
        description=f"## 截至{as_of.year}年{as_of.month}月{as_of.day}日{as_of.hour}时{as_of.minute:02d}分",
    )
    late = "、".join(row.unit_name for row in stock.late)
    return Completed(
        name=f"已报 {stock.received}/{stock.expected}",
        message=(f"逾期 {len(stock.late)} 个单位：{late}" if late else "无逾期") + ("；已清点" if stock.taken else ""),
    )
