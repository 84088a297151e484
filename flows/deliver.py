"""Deliver (发件): send what waits in the outbox."""

from prefect import State, flow
from prefect.states import Completed, Failed
from pydantic import AwareDatetime

from flows import as_of_or_now
from tasks.letters import is_anything_queued, send_letters
from tasks.signing import end_settled_runs


@flow(name="deliver", flow_run_name="发件")
def deliver(as_of: AwareDatetime | None = None) -> State[None]:
    """Send every queued letter that is due."""
    instant = as_of_or_now(as_of)
    end_settled_runs()
    if not is_anything_queued(as_of=instant):
        return Completed(name="无待发函件")
    done = send_letters(as_of=instant)
    if done.is_unreachable:  # the next run after a few minutes tries again
        return Failed(name="邮件服务器无法连接", message=f"{done.stopped}；函件均在待发箱中等候，稍后自动重试")
    if done.stopped:  # the operator must act; nothing is tried again by itself before the pause is over
        return Failed(name="邮件服务器拒绝", message=f"未能登录或被拒：{done.stopped}；函件均在待发箱中等候")
    return Completed(name=f"发出 {done.sent} 件", message=f"未能发出 {done.failed} 件，撤回 {done.withdrawn} 件")
