"""Remind (催报): every working day, the one letter that each unit is due."""

from prefect import State, flow
from prefect.states import Completed
from pydantic import AwareDatetime

from flows import CAMPAIGN, as_of_or_now
from tasks.intake import assess_batch, is_anything_waiting, take_in
from tasks.letters import owe_what_depends, send_letters, write_letters
from tasks.signing import ask_for_signatures, does_a_person_sign, remind_the_office


@flow(name="remind", flow_run_name="催报-{campaign}")
def remind(campaign: str = CAMPAIGN, as_of: AwareDatetime | None = None) -> State[None]:
    """Write and send today's requests, reminders and overdue notices; notices with release stay drafts."""
    instant = as_of_or_now(as_of)
    if is_anything_waiting():  # nobody is reminded of what already lies in the mailbox
        take_in(as_of=instant)
        assess_batch(as_of=instant)
    owe_what_depends(campaign, as_of=instant)
    written = write_letters(campaign, as_of=instant)
    if does_a_person_sign():
        ask_for_signatures(campaign, as_of=instant)
        remind_the_office(campaign, as_of=instant)
    send_letters(as_of=instant)
    return Completed(name=f"催报 {written.letters} 件", message=f"待签发拟稿 {written.drafts} 件")
