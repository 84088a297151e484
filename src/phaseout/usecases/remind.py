"""Remind (催报): write today's unprompted letters, from where every obligation stands now."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Audience, Campaign
from phaseout.domain.day_letters import letters_of_day
from phaseout.domain.entries import Entries
from phaseout.domain.escalation import REQUEST_ORDER, Line, Planned
from phaseout.domain.happened import WrittenLetter, written_letter
from phaseout.domain.letter import Letter, LetterFile, LetterItem, LetterKind, LetterState
from phaseout.domain.letter_facts import closure_facts, filed_facts, line_facts
from phaseout.domain.obligation import Obligation, Submitted, standings
from phaseout.ports import Definitions, Ledger, Pages
from phaseout.usecases import Addresses, Desk, FormFiles

# Files may be taken in while letters are written: what is left to say beside them is planned once more.
PASSES = 2
# So many letters are put into the outbox together: a transaction each would cost a fifth of writing them.
AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Reminded:
    """What one pass wrote."""

    letters: int
    drafts: int
    written: tuple[WrittenLetter, ...] = field(default=(), compare=False)  # each of them, for people

    def __add__(self, other: "Reminded") -> "Reminded":
        return Reminded(self.letters + other.letters, self.drafts + other.drafts, self.written + other.written)


def remind(
    campaign_id: str,
    *,
    as_of: datetime,
    definitions: Definitions,
    calendar: WorkCalendar,
    ledger: Ledger,
    desk: Desk,
    forms: FormFiles,
    pages: Pages,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
) -> Reminded:
    """Put today's letters of a campaign into the outbox; drafts wait for release.

    *tell* hears now and then how many are written, of how many.
    """
    campaign = definitions.campaign(campaign_id)
    # What a day gone by left in the queue would stand in the way of what is right today.
    ledger.withdraw_before(day_in_china(as_of))
    total = Reminded(0, 0)
    for _ in range(PASSES):
        planned = letters_due(campaign, as_of=as_of, calendar=calendar, ledger=ledger)
        if not planned:
            break
        total += _write(planned, campaign, as_of=as_of, ledger=ledger, desk=desk, forms=forms, pages=pages, tell=tell)
        if not ledger.withdraw_about(_answered_meanwhile(planned, ledger.submitted(campaign_id))):
            break
    return total


def _answered_meanwhile(planned: Sequence[Planned], submitted: Mapping[str, Sequence[Submitted]]) -> Collection[str]:
    """Return the obligations of which a file was taken in while letters about them were written."""
    lines = [line for plan in planned for line in plan.lines if line.obligation.form is not None]
    return {line.obligation.id for line in lines if len(submitted.get(line.obligation.id, ())) != line.view.versions}


def _write(
    planned: Sequence[Planned],
    campaign: Campaign,
    *,
    as_of: datetime,
    ledger: Ledger,
    desk: Desk,
    forms: FormFiles,
    pages: Pages,
    tell: Callable[[int, int], None],
) -> Reminded:
    table = _Table(
        campaign,
        as_of,
        ledger,
        desk,
        forms,
        pages,
        Addresses(campaign, ledger.contacts(campaign.id, as_of=as_of)),
        Entries(ledger.obligations(campaign.id), ledger.submitted(campaign.id), written=ledger.items(campaign.id)),
    )
    total = Reminded(0, 0)
    for first in range(0, len(planned), AT_ONCE):
        some = [(plan, letter) for plan in planned[first : first + AT_ONCE] if (letter := _letter(plan, table))]
        for drafts in (False, True):
            own = [pair for pair in some if (pair[1].state is LetterState.DRAFT) is drafts]
            total += _queued(own, campaign, drafts=drafts, ledger=ledger)
        tell(min(first + AT_ONCE, len(planned)), len(planned))
    return total


def _queued(some: Sequence[tuple[Planned, Letter]], campaign: Campaign, *, drafts: bool, ledger: Ledger) -> Reminded:
    """Put letters, or drafts, into the outbox, and say which."""
    if not some:
        return Reminded(0, 0)
    new = ledger.queue([letter for _, letter in some])
    # Where another pass is writing the same letters, it is left to say so.
    ours = some if new == len(some) else ()
    told = tuple(written_letter(plan, letter, campaign=campaign) for plan, letter in ours)
    return Reminded(0, new, told) if drafts else Reminded(new, 0, told)


def letters_due(campaign: Campaign, *, as_of: datetime, calendar: WorkCalendar, ledger: Ledger) -> Sequence[Planned]:
    """Return the letters that are due now and not written yet."""
    today = day_in_china(as_of)
    obligations = ledger.obligations(campaign.id)
    submitted = ledger.submitted(campaign.id)
    # What was taken in counts, also where the clock has been put back since.
    known = [at for found in submitted.values() for one in found for at in (one.arrived_at, one.decided_at) if at]
    views = standings(
        obligations,
        submitted,
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=max([as_of, *known]),
    )
    planned = letters_of_day(
        campaign,
        [(obligation, views[obligation.id]) for obligation in obligations],
        written=ledger.items(campaign.id),
        calendar=calendar,
        today=today,
    )
    # A unit that has had its letter of the day waits for the next; the ladder is still there tomorrow.
    had_one = ledger.written(campaign.id, today)
    waiting = [plan for plan in planned if plan.release or _digest_key(campaign, plan, as_of) not in had_one]
    return [plan for plan in waiting if _has_substance(plan, obligations, submitted)]


def _has_substance(
    plan: Planned, obligations: Sequence[Obligation], submitted: Mapping[str, Sequence[Submitted]]
) -> bool:
    """Say whether a letter on enterprises has any to name: without a progress form nobody knows of one."""
    if plan.kind is not LetterKind.COORDINATION:
        return True
    return closure_facts((one for one in obligations if one.unit == plan.unit), submitted) is not None


def _digest_key(campaign: Campaign, plan: Planned, as_of: datetime) -> str:
    return f"{campaign.id}/{plan.unit}/{day_in_china(as_of)}"


@dataclass(frozen=True, slots=True)
class _Table:
    """What lies ready where today's letters of a campaign are written."""

    campaign: Campaign
    as_of: datetime
    ledger: Ledger
    desk: Desk
    forms: FormFiles
    pages: Pages
    addresses: Addresses
    entries: Entries

    def lines(self, plan: Planned) -> list[dict[str, object]]:
        return line_facts(plan.lines, campaign=self.campaign, forms=self.forms.of(self.campaign))

    def draft(
        self,
        plan: Planned,
        facts: Mapping[str, object],
        *,
        recipient: str,
        copy_to: Sequence[str] = (),
        files: Sequence[LetterFile] = (),
        threads: Sequence[Obligation] = (),
    ) -> Letter:
        """Return a notice that waits for release."""
        return self.desk.letter(
            plan.kind,
            facts,
            key=f"draft/{self.campaign.id}/{plan.unit}/{plan.kind}/{day_in_china(self.as_of)}",
            campaign=self.campaign,
            unit=plan.unit,
            recipient=recipient,
            copy_to=copy_to,
            files=files,
            items=_items(plan),
            state=LetterState.DRAFT,
            threads=threads,
            as_of=self.as_of,
        )


def _items(plan: Planned) -> list[LetterItem]:
    return [item for line in plan.lines for item in line.items]


def _letter(plan: Planned, table: _Table) -> Letter | None:
    """Return a planned letter; None when there is nothing to name in it."""
    if plan.kind is LetterKind.THANKS:
        return _thanks(plan, table)
    if not plan.release:
        return _digest(plan, table)
    if plan.kind is LetterKind.COORDINATION:
        return _coordination(plan, table)
    if plan.kind is LetterKind.CRITICISM:
        return _criticism(plan, table)
    recipient = table.addresses.of(plan.unit, Audience.LEADER)
    return table.draft(plan, {"lines": table.lines(plan)}, recipient=recipient, threads=plan.by_urgency)


def _digest(plan: Planned, table: _Table) -> Letter:
    campaign, addresses = table.campaign, table.addresses
    files = [file for line in plan.lines if _has_form(line) and (file := table.forms.file(campaign, line.obligation))]
    recipient = addresses.of(plan.unit, Audience.CONTACT)
    audience = {each for line in plan.lines if line.rung for each in line.rung.audience}
    return table.desk.letter(
        plan.kind,
        {"lines": table.lines(plan), "files": [file.name for file in files]},
        key=_digest_key(campaign, plan, table.as_of),
        campaign=campaign,
        unit=plan.unit,
        recipient=recipient,
        copy_to=sorted({addresses.of(plan.unit, each) for each in audience} - {recipient}),
        files=files,
        items=_items(plan),
        deadlines=table.entries.of(plan),
        settled=table.entries.settled,
        threads=plan.by_urgency,
        as_of=table.as_of,
    )


def _has_form(line: Line) -> bool:
    """Say whether the form goes along: when it is asked for first, and when it is overdue.

    Who corrects a return has a file of its own; a blank one would lead it to begin anew.
    """
    is_overdue = line.letter is LetterKind.OVERDUE and line.view.correction_due is None
    return is_overdue or any(item.rung == REQUEST_ORDER for item in line.items)


def _criticism(plan: Planned, table: _Table) -> Letter:
    """Draft a criticism: it names one unit before all of them."""
    campaign, addresses = table.campaign, table.addresses
    return table.draft(
        plan,
        {"units": [{"unit_name": campaign.unit(plan.unit).name, "lines": table.lines(plan)}]},
        recipient=addresses.of(plan.unit, Audience.OFFICE),
        copy_to=[addresses.of(unit.code, Audience.UNIT_MAILBOX) for unit in campaign.units],
    )


def _coordination(plan: Planned, table: _Table) -> Letter | None:
    """Draft the letter to the coordination body that names a unit's enterprises with open items; None without any."""
    campaign, body = table.campaign, table.campaign.coordination_body
    open_items = table.forms.open_items(campaign, plan.unit)
    if body is None or not open_items:
        return None
    goal = plan.lines[0].obligation
    name = f"{campaign.unit(plan.unit).name}-到期未关停淘汰装备清单"
    rows = [{head: item[key] for key, head in OPEN_ITEM_HEADS.items()} for item in open_items]
    file = LetterFile(f"{name}.xlsx", table.pages.sheet(f"{campaign.unit(plan.unit).name}到期未关停淘汰装备清单", rows))
    facts = {
        "addressee": body.name,
        "milestone_title": campaign.milestone(goal.milestone).title,
        "due": goal.due,
        "open_items": open_items,
        "files": [file.name],
    }
    return table.draft(plan, facts, recipient=body.mailbox, files=[file])


OPEN_ITEM_HEADS = {
    "enterprise": "企业名称",
    "county": "县（市、区）",
    "industry": "行业",
    "equipment": "装备名称",
    "model": "规格型号",
    "count": "数量（台、套）",
    "planned": "计划完成时限",
    "reason": "未完成原因",
    "period": "截至报告期",
}


def _thanks(plan: Planned, table: _Table) -> Letter:
    """Write the thanks-and-closing letter: what was filed and when, and how the closures stand."""
    campaign = table.campaign
    owed = [line.obligation for line in plan.lines]
    last = max(owed, key=lambda one: (one.due, one.form is not None))
    return table.desk.letter(
        plan.kind,
        {
            "filed": filed_facts(plan.lines, campaign=campaign, forms=table.forms.of(campaign)),
            "closures": closure_facts(owed, table.ledger.submitted(campaign.id)),
            "last_milestone": campaign.milestone(last.milestone).title,
            "last_due": last.due,
        },
        key=_digest_key(campaign, plan, table.as_of),
        campaign=campaign,
        unit=plan.unit,
        recipient=table.addresses.of(plan.unit, Audience.CONTACT),
        items=_items(plan),
        as_of=table.as_of,
    )
