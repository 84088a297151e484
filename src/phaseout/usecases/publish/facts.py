"""The facts of the site (工作看板): what the marts answer, and what waits for a person."""

from datetime import datetime

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.signing import signing_time, waiting_drafts
from phaseout.domain.site import QUESTIONS, Answers, Rows, SiteFacts
from phaseout.domain.standing_words import NO_TASK
from phaseout.ports import Definitions, Ledger, Warehouse
from phaseout.usecases.publish.mirror import Mirrored
from phaseout.usecases.publish.waiting import Waiting, todos


def ask(campaign: Campaign, *, as_of: datetime, warehouse: Warehouse) -> Answers:
    """Return what the marts answer to every question of the site."""
    parameters = {
        "campaign_id": campaign.id,
        "as_of_day": day_in_china(as_of),
        "closures_due": campaign.closures_due,
        "no_task": NO_TASK,
    }
    return {name: warehouse.query(f"board/{name}", parameters=parameters) for name in QUESTIONS}


def site_facts(
    campaign: Campaign,
    mirrored: Mirrored,
    *,
    as_of: datetime,
    calendar: WorkCalendar,
    definitions: Definitions,
    ledger: Ledger,
    warehouse: Warehouse,
    content_hash: str,
    troubles: Rows | None,
    calendar_file: bytes | None,
) -> SiteFacts:
    """Return all that the pages say: the answers of the marts, and what waits for a person."""
    today, answers = day_in_china(as_of), ask(campaign, as_of=as_of, warehouse=warehouse)
    drafts = waiting_drafts(mirrored.letters, mirrored.views, calendar=calendar, today=today)
    waiting = Waiting(campaign, ledger, as_of)
    is_current = list(ledger.open_campaigns())[-1:] == [campaign.id]
    return SiteFacts(
        campaign=campaign,
        as_of=as_of,
        answers=answers,
        calendar=calendar,
        content_hash=content_hash,
        calendar_file=calendar_file,
        forms={name: form.number or form.title for name, form in definitions.forms().items()},
        documents=ledger.documents(campaign.id),
        todos=todos(waiting, mirrored.letters, drafts, answers, near=definitions.evidence_customs().near),
        signing=signing_time(mirrored.letters, ledger.approvals(campaign.id), drafts, calendar=calendar),
        is_current=is_current,
        troubles=troubles if is_current else None,
    )
