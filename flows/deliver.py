"""Deliver (发件): send what waits in the outbox."""

from prefect import State, flow
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from flows import Instant, as_of_or_now, noted, says_what_to_do
from tasks.letters import is_anything_queued, is_dispatch_stopped, send_letters
from tasks.reporting import report_sent
from tasks.signing import end_settled_runs

UNREACHABLE = ("邮件服务器无法连接", "持续一小时以上的，请系统管理员检查网络和邮件服务器。")
REFUSED = ("邮件服务器拒绝", "请系统管理员核对发件账号和授权码，以及邮件服务商的发信限制。")


@flow(
    name="deliver",
    flow_run_name="发件",
    description="发出待发箱中的函件，每件只发一次。每五分钟一次，随时可以手工运行。",
)
@says_what_to_do
@noted("deliver")
def deliver(as_of: Instant = None) -> State[None]:
    """Send every queued letter that is due."""
    instant = as_of_or_now(as_of)
    end_settled_runs()
    if is_dispatch_stopped():
        return Completed(name="停发中", message="已停止发出一切函件，函件均在待发箱中等候；恢复发件须由经办人决定。")
    if not is_anything_queued(as_of=instant):
        return Completed(name="无待发函件")
    done = send_letters(as_of=instant)
    report_sent(done, as_of=instant)
    if done.stopped:
        get_run_logger().error("the mail server said: %s", done.stopped)
        # Not there: the next run tries again. Refused: the operator must act, and the pause be over.
        name, advice = UNREACHABLE if done.is_unreachable else REFUSED
        return Failed(name=name, message=f"函件均在待发箱中等候，稍后自动重试，不会重复发出。{advice}")
    return Completed(name=f"发出 {done.sent} 件", message=f"未能发出 {done.failed} 件，撤回 {done.withdrawn} 件")
