"""Write a calendar (日程): all days of a campaign for the office, or one unit's due dates, as a file to open."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign, Hardness, Milestone, Term
from phaseout.domain.obligation import Obligation, obligations_of, plan_obligations, standings
from phaseout.ports import Deadline, Invitations, Ledger
from phaseout.usecases.deadlines import deadlines_of, due_word, month_words, settled_of


def write_calendar(
    campaign: Campaign,
    *,
    unit: str | None,
    as_of: datetime,
    calendar: WorkCalendar,
    ledger: Ledger,
    invitations: Invitations,
    host: str,
) -> bytes:
    """Return the .ics of the office, or of a unit; of an open campaign as the ledger has it, else as planned.

    Raises:
        UnknownUnit: the campaign has no such unit.
    """
    is_open = campaign.id in ledger.open_campaigns()
    obligations = ledger.obligations(campaign.id) if is_open else plan_obligations(campaign, calendar=calendar)
    if unit is None:
        days = sorted(_office_days(campaign, obligations, calendar=calendar, host=host), key=lambda day: day.day)
        return invitations.publish(days, name=campaign.title, organizer=campaign.office, written_at=as_of)
    views = standings(
        obligations,
        ledger.submitted(campaign.id) if is_open else {},
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    own = [one for one in obligations if one.unit == campaign.unit(unit).code]
    name = f"{campaign.title}（{campaign.unit(unit).name}）"
    days = deadlines_of(campaign, own, settled=settled_of(views), host=host)
    return invitations.publish(days, name=name, organizer=campaign.office, written_at=as_of)


def _office_days(
    campaign: Campaign, obligations: Sequence[Obligation], *, calendar: WorkCalendar, host: str
) -> Iterator[Deadline]:
    for milestone in campaign.milestones:
        for term in milestone.terms:
            # What the data say now; the ledger's obligations are held against it.
            planned = next(obligations_of(campaign, campaign.units[0], milestone, term, calendar=calendar))
            own = [one for one in obligations if (one.milestone, one.period) == (milestone.id, term.period)]
            yield from _of_term(campaign, milestone, term, planned, own, host=host)
            yield from _moved(campaign, [one for one in own if one.due != planned.due], host=host)


def _of_term(
    campaign: Campaign, milestone: Milestone, term: Term, planned: Obligation, own: Sequence[Obligation], *, host: str
) -> Iterator[Deadline]:
    """Yield the days that all units share: the window opens, what it is for is due, it closes."""
    title = f"{milestone.title}{month_words(term.period)}"
    begins, ends = ("开始推进", "结束统计") if milestone.hardness is Hardness.GOAL else ("开始报送", "报送关闭")
    days = (
        ("opens", begins, term.opens),
        ("due", due_word(milestone.hardness), planned.due),
        ("closes", ends, term.closes),
    )
    for kind, word, day in days:
        parts = (campaign.id, "office", milestone.id, term.period, kind)
        yield Deadline(
            uid="-".join(part for part in parts if part) + f"@{host}",
            sequence=max((one.moves for one in own), default=0),
            day=day,
            title=f"{word}：{title}",
            detail="\n".join((campaign.title, f"依据：{milestone.basis}")),
            alarm_on=planned.reminder_date if kind == "due" else None,
        )


def _moved(campaign: Campaign, moved: Sequence[Obligation], *, host: str) -> Iterator[Deadline]:
    """Yield the due dates of the units for which they differ, each day of a unit for itself."""
    for day in sorted({one.due for one in moved}):
        for entry in deadlines_of(campaign, [one for one in moved if one.due == day], host=host):
            unit = next(unit for unit in campaign.units if f"-{unit.code}-" in entry.uid)
            yield replace(entry, uid=f"office-{day}-{entry.uid}", title=f"{unit.name}{entry.title}（另定）")
