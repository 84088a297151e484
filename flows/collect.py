"""Collect (收件): take in what arrived, assess it, answer it."""

from prefect import State, flow
from prefect.states import Completed
from pydantic import AwareDatetime

from flows import as_of_or_now
from tasks.intake import assess_batch, is_anything_waiting, take_in
from tasks.letters import send_letters
from tasks.signing import end_settled_runs
from tasks.stock import campaigns_to_publish, publish_snapshot


@flow(name="collect", flow_run_name="收件与审核")
def collect(as_of: AwareDatetime | None = None) -> State[None]:
    """Take in mail and inbox folders, assess what is new, send the answers, show it on the board."""
    instant = as_of_or_now(as_of)
    if not is_anything_waiting():
        end_settled_runs()  # of drafts that were decided on the command line
        return Completed(name="无新来件")
    taken_in = take_in(as_of=instant, return_state=True)
    done = assess_batch(as_of=instant)
    send_letters(as_of=instant)
    end_settled_runs()  # of drafts whose file has arrived
    for campaign in campaigns_to_publish():
        publish_snapshot(campaign, as_of=instant)
    received = taken_in.result()  # fails only now: a mailbox that is away keeps no answer back
    waiting = f"，隔离待查 {done.quarantined} 件" if done.quarantined else ""
    return Completed(
        name=f"收件 {received}",
        message=f"报表审核通过 {done.accepted} 份，退回 {done.returned} 份，无法识别 {done.refused} 份{waiting}",
    )
