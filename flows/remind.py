"""Remind (催报): every working day, the one letter that each unit is due."""

from prefect import State, flow
from prefect.runtime import flow_run
from prefect.states import Completed

from flows import CAMPAIGN, CampaignId, Instant, as_of_or_now, noted, says_what_to_do
from tasks.intake import assess_batch, is_anything_waiting, take_in
from tasks.letters import owe_what_depends, send_letters, write_letters
from tasks.reporting import campaign_title, report_intake, report_letters, report_sent
from tasks.signing import ask_for_signatures, does_a_person_sign, remind_the_office


def run_name() -> str:
    """Return the name of this run: of which campaign units are reminded."""
    return f"催报（{campaign_title(flow_run.parameters.get('campaign', CAMPAIGN))}）"


@flow(
    name="remind",
    flow_run_name=run_name,
    description="每个工作日上午向尚有未办事项的填报单位发一件函；督办、通报等须签发的，拟稿后提请签发。休息日不发。",
)
@says_what_to_do
@noted("remind")
def remind(campaign: CampaignId = CAMPAIGN, as_of: Instant = None) -> State[None]:
    """Write and send today's requests, reminders and overdue notices; notices with release stay drafts."""
    instant = as_of_or_now(as_of)
    if is_anything_waiting():  # nobody is reminded of what already lies in the mailbox
        take_in(as_of=instant)
        report_intake(assess_batch(as_of=instant), as_of=instant)
    owe_what_depends(campaign, as_of=instant)
    written = write_letters(campaign, as_of=instant)
    report_letters(campaign, written, as_of=instant)
    if does_a_person_sign():
        ask_for_signatures(campaign, as_of=instant)
        remind_the_office(campaign, as_of=instant)
    report_sent(send_letters(as_of=instant), as_of=instant)
    return Completed(name=f"催报 {written.letters} 件", message=f"待签发拟稿 {written.drafts} 件")
