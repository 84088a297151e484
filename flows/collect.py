"""Collect (收件): take in what arrived, assess it, answer it; of several machines one assesses for all."""

from datetime import datetime

from prefect import State, flow
from prefect.states import Completed

from flows import Instant, as_of_or_now, noted, says_what_to_do
from tasks.intake import ask_to_assess, assess_batch, holds_warehouse, is_anything_waiting, take_in
from tasks.letters import send_letters
from tasks.reporting import report_intake, report_sent
from tasks.signing import end_settled_runs
from tasks.stock import campaigns_to_publish, publish_snapshot


@flow(
    name="collect",
    flow_run_name="收件与审核",
    description="取回邮箱和收件目录中的来件，逐件审核，发出回执或者退回函，更新看板。每五分钟一次，随时可以手工运行。",
)
@says_what_to_do
@noted("collect")
def collect(as_of: Instant = None) -> State[None]:
    """Take in mail and inbox folders, assess what is new, send the answers, show it on the board."""
    instant = as_of_or_now(as_of)
    if not is_anything_waiting():
        end_settled_runs()  # of drafts that were decided on the command line
        return Completed(name="无新来件")
    taken_in = take_in(as_of=instant, return_state=True)
    if holds_warehouse():
        words = _settle(instant)
    else:
        ask_to_assess()
        report_sent(send_letters(as_of=instant), as_of=instant)
        words = "来件已登记入库，由存放数据仓库的计算机审核答复"
    received = taken_in.result()  # fails only now: a mailbox that is away keeps no answer back
    return Completed(name=f"收件 {received}", message=words)


@flow(
    name="assess",
    flow_run_name="审核",
    description="审核其他计算机收取的来件，发出回执或者退回函，更新看板。由收件作业提请，随时可以手工运行。",
)
@says_what_to_do
def assess(as_of: Instant = None) -> State[None]:
    """Assess and answer what other machines have taken in."""
    return Completed(name="审核完毕", message=_settle(as_of_or_now(as_of)))


def _settle(instant: datetime) -> str:
    """Assess, answer and publish, and return what came of it in words."""
    done = assess_batch(as_of=instant)
    report_sent(send_letters(as_of=instant), as_of=instant)
    end_settled_runs()  # of drafts whose file has arrived
    campaigns = campaigns_to_publish()
    for campaign in campaigns:
        publish_snapshot(campaign, as_of=instant)
    report_intake(done, as_of=instant, shows_on_board=bool(campaigns))
    waiting = f"，隔离待查 {done.quarantined} 件" if done.quarantined else ""
    return f"报表审核通过 {done.accepted} 份，退回 {done.returned} 份，无法识别 {done.refused} 份{waiting}"
