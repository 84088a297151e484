"""Remind (催报): write today's unprompted letters, from where every obligation stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Audience, Campaign
from phaseout.domain.escalation import REQUEST_ORDER, Planned, plan_letters
from phaseout.domain.letter import Letter, LetterKind, LetterState
from phaseout.domain.letter_facts import line_facts
from phaseout.domain.obligation import standings
from phaseout.ports import Contact, Definitions, Ledger
from phaseout.usecases import Desk, FormFiles
from phaseout.usecases.deadlines import Entries


@dataclass(frozen=True, slots=True)
class Reminded:
    """What one pass wrote."""

    letters: int
    drafts: int


def remind(
    campaign_id: str,
    *,
    as_of: datetime,
    definitions: Definitions,
    calendar: WorkCalendar,
    ledger: Ledger,
    desk: Desk,
    forms: FormFiles,
) -> Reminded:
    """Put today's letters of a campaign into the outbox; drafts wait for release."""
    campaign = definitions.campaign(campaign_id)
    # What a day gone by left in the queue would stand in the way of what is right today.
    ledger.withdraw_before(day_in_china(as_of))
    planned = letters_due(campaign, as_of=as_of, calendar=calendar, ledger=ledger)
    addresses = Addresses(campaign, ledger.contacts(campaign_id, as_of=as_of))
    entries = Entries(campaign, ledger=ledger, calendar=calendar, as_of=as_of)
    queued = drafted = 0
    for plan in planned:
        letter = _letter(
            plan, campaign=campaign, as_of=as_of, desk=desk, forms=forms, addresses=addresses, entries=entries
        )
        new = ledger.queue([letter])
        queued += 0 if plan.release else new
        drafted += new if plan.release else 0
    return Reminded(queued, drafted)


def letters_due(campaign: Campaign, *, as_of: datetime, calendar: WorkCalendar, ledger: Ledger) -> Sequence[Planned]:
    """Return the letters that are due now and not written yet."""
    today = day_in_china(as_of)
    obligations = ledger.obligations(campaign.id)
    views = standings(
        obligations,
        ledger.submitted(campaign.id),
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    planned = plan_letters(
        [(obligation, views[obligation.id]) for obligation in obligations],
        ladder=campaign.ladder,
        written=ledger.items(campaign.id),
        calendar=calendar,
        today=today,
    )
    # A unit that has had its letter of the day waits for the next; the ladder is still there tomorrow.
    had_one = ledger.written(campaign.id, today)
    return [plan for plan in planned if plan.release or _digest_key(campaign, plan, as_of) not in had_one]


class Addresses:
    """Who is written to at each unit."""

    def __init__(self, campaign: Campaign, contacts: Sequence[Contact]) -> None:
        self._campaign = campaign
        self._by_role = {(contact.unit, contact.role): contact.address for contact in contacts}

    def of(self, unit: str, audience: Audience) -> str:
        """Return the address of an audience at a unit; the unit's mailbox where no contact is known."""
        known = self._campaign.unit(unit)
        if audience is Audience.OFFICE:
            return self._campaign.office.mailbox
        if audience is Audience.LEADER:
            return self._by_role.get((unit, "leader"), known.leader_mailbox)
        mailbox = self._by_role.get((unit, "unit_mailbox"), known.mailbox)
        return self._by_role.get((unit, "contact"), mailbox) if audience is Audience.CONTACT else mailbox


def _digest_key(campaign: Campaign, plan: Planned, as_of: datetime) -> str:
    return f"{campaign.id}/{plan.unit}/{day_in_china(as_of)}"


def _letter(
    plan: Planned,
    *,
    campaign: Campaign,
    as_of: datetime,
    desk: Desk,
    forms: FormFiles,
    addresses: Addresses,
    entries: Entries,
) -> Letter:
    lines = line_facts(plan.lines, campaign=campaign, forms=forms.of(campaign))
    if plan.release:
        return _draft(plan, lines, campaign=campaign, as_of=as_of, desk=desk, addresses=addresses)
    requested = [line.obligation for line in plan.lines if any(item.rung == REQUEST_ORDER for item in line.items)]
    files = [file for obligation in requested if (file := forms.file(campaign, obligation))]
    recipient = addresses.of(plan.unit, Audience.CONTACT)
    copies = {
        addresses.of(plan.unit, audience) for line in plan.lines if line.rung for audience in line.rung.audience
    } - {recipient}
    return desk.letter(
        plan.kind,
        {"lines": lines, "files": [file.name for file in files]},
        key=_digest_key(campaign, plan, as_of),
        campaign=campaign,
        unit=plan.unit,
        recipient=recipient,
        copy_to=sorted(copies),
        files=files,
        items=[item for line in plan.lines for item in line.items],
        deadlines=entries.of(plan),
        settled=entries.settled,
        as_of=as_of,
    )


def _draft(
    plan: Planned,
    lines: list[dict[str, object]],
    *,
    campaign: Campaign,
    as_of: datetime,
    desk: Desk,
    addresses: Addresses,
) -> Letter:
    """Draft a notice that waits for release; a criticism names one unit before all of them."""
    facts: dict[str, object] = {"lines": lines}
    recipient = addresses.of(plan.unit, Audience.LEADER)
    copies: tuple[str, ...] = ()
    if plan.kind is LetterKind.CRITICISM:
        facts = {"units": [{"unit_name": campaign.unit(plan.unit).name, "lines": lines}]}
        recipient = addresses.of(plan.unit, Audience.OFFICE)
        copies = tuple(addresses.of(unit.code, Audience.UNIT_MAILBOX) for unit in campaign.units)
    return desk.letter(
        plan.kind,
        facts,
        key=f"draft/{campaign.id}/{plan.unit}/{plan.kind}/{day_in_china(as_of)}",
        campaign=campaign,
        unit=plan.unit,
        recipient=recipient,
        copy_to=copies,
        items=[item for line in plan.lines for item in line.items],
        state=LetterState.DRAFT,
        as_of=as_of,
    )
