"""Remind the office of drafts that wait for a signature (提请签发提醒); the drafts themselves stay where they are."""

from datetime import datetime

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.letter import OFFICE, LetterKind, LetterState
from phaseout.domain.obligation import standings
from phaseout.domain.signing import WaitingDraft, is_reminder_due, waiting_drafts, whom_it_concerns
from phaseout.domain.standing_words import LETTER_WORDS
from phaseout.ports import Definitions, Ledger
from phaseout.usecases import Desk


def drafts_to_decide(
    campaign_id: str, *, as_of: datetime, definitions: Definitions, calendar: WorkCalendar, ledger: Ledger
) -> tuple[WaitingDraft, ...]:
    """Return the drafts of a campaign that wait for a person."""
    drafts = ledger.letters(campaign_id, states={LetterState.DRAFT})
    if not drafts:
        return ()
    views = standings(
        ledger.obligations(campaign_id),
        ledger.submitted(campaign_id),
        calendar=calendar,
        correction_working_days=definitions.campaign(campaign_id).correction_working_days,
        as_of=as_of,
    )
    return waiting_drafts(drafts, views, calendar=calendar, today=day_in_china(as_of))


def remind_signing(
    campaign_id: str,
    *,
    as_of: datetime,
    definitions: Definitions,
    calendar: WorkCalendar,
    ledger: Ledger,
    desk: Desk,
    page: str | None,
) -> int:
    """Queue today's reminder of all that waits, if one of the drafts has come of age; return how many letters."""
    waiting = drafts_to_decide(campaign_id, as_of=as_of, definitions=definitions, calendar=calendar, ledger=ledger)
    campaign, today = definitions.campaign(campaign_id), day_in_china(as_of)
    if not waiting or not is_reminder_due(
        waiting, ledger.letters(campaign_id), campaign.signing_reminders, calendar=calendar, today=today
    ):
        return 0
    letter = desk.letter(
        LetterKind.SIGNING,
        {"drafts": [_facts(draft, campaign) for draft in waiting], "page": page},
        key=f"{OFFICE}/{campaign_id}/{today}",
        campaign=campaign,
        unit=OFFICE,
        recipient=campaign.office.mailbox,
        as_of=as_of,
    )
    return ledger.queue([letter])


def _facts(draft: WaitingDraft, campaign: Campaign) -> dict[str, object]:
    letter = draft.record.letter
    return {
        "number": draft.record.id,
        "kind_title": LETTER_WORDS[letter.kind],
        "unit_name": whom_it_concerns(draft.record, campaign),
        "subject": letter.subject,
        "drafted_on": letter.day,
        "age": draft.age,
    }
