"""Deliver (发件): send what waits in the outbox."""

from prefect import State, flow
from prefect.states import Completed
from pydantic import AwareDatetime

from flows import as_of_or_now
from tasks.letters import is_anything_queued, send_letters


@flow(name="deliver", flow_run_name="发件")
def deliver(as_of: AwareDatetime | None = None) -> State[None]:
    """Send every queued letter that is due."""
    instant = as_of_or_now(as_of)
    if not is_anything_queued(as_of=instant):
        return Completed(name="无待发函件")
    done = send_letters(as_of=instant)
    return Completed(name=f"发出 {done.sent} 函", message=f"未能发出 {done.failed} 函，撤回 {done.withdrawn} 函")
