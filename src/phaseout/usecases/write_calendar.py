"""Write a calendar (日程): all days of a campaign for the office, or one unit's due dates, as a file to open."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign, Milestone, Term, Unit, UnitKind
from phaseout.domain.deadline import (
    Deadline,
    deadlines_of,
    due_word,
    nominal_line,
    period_words,
    provisional_line,
    settled_of,
)
from phaseout.domain.obligation import Obligation, due_date, plan_obligations, standings
from phaseout.ports import Invitations, Ledger


def write_calendar(
    campaign: Campaign,
    *,
    unit: str | None,
    as_of: datetime,
    calendar: WorkCalendar,
    ledger: Ledger | None,
    invitations: Invitations,
    host: str,
) -> bytes:
    """Return the .ics of the office, or of a unit; of an open campaign as the ledger has it, else as planned.

    Without a *ledger* nothing is open yet.

    Raises:
        UnknownUnit: the campaign has no such unit.
    """
    opened = ledger if ledger is not None and campaign.id in ledger.open_campaigns() else None
    obligations = opened.obligations(campaign.id) if opened else plan_obligations(campaign, calendar=calendar)
    submitted = opened.submitted(campaign.id) if opened else {}
    views = standings(
        obligations,
        submitted,
        calendar=calendar,
        correction_working_days=campaign.correction_working_days,
        as_of=as_of,
    )
    if unit is None:
        name, days = campaign.title, list(_office_days(campaign, obligations, calendar=calendar, host=host))
    else:
        owes = campaign.unit(unit)
        own = [one for one in obligations if one.unit == owes.code]
        name = f"{campaign.title}（{owes.name}）"
        years = calendar.provisional_years
        days = deadlines_of(campaign, own, settled=settled_of(views), host=host, provisional_years=years)
    days.sort(key=lambda day: (day.day, day.uid))
    return invitations.publish(days, name=name, organizer=campaign.office, written_at=as_of)


def _office_days(
    campaign: Campaign, obligations: Sequence[Obligation], *, calendar: WorkCalendar, host: str
) -> Iterator[Deadline]:
    """Yield the days of every milestone that somebody owes, and where a unit has a day of its own."""
    for milestone in campaign.milestones:
        owing = [unit for unit in campaign.units if milestone.is_owed_by(unit)]
        for term in milestone.terms if owing else ():
            due, _ = due_date(milestone, term, calendar=calendar)
            own = [one for one in obligations if (one.milestone, one.period) == (milestone.id, term.period)]
            is_ours = all(unit.kind is UnitKind.OFFICE for unit in owing)
            parts = (campaign.id, "office", milestone.id, term.period)
            day = Deadline(
                uid="-".join(part for part in parts if part) + f"@{host}",
                sequence=max((one.moves for one in own), default=0),
                day=due,
                title=_title(milestone, term, is_ours=is_ours),
                detail=_detail(campaign, milestone, owing, nominal=term.nominal_due, due=due, calendar=calendar),
                alarm_on=calendar.before(due),
            )
            yield day
            if milestone.forms and not is_ours:
                yield from _window(day, milestone, term)
            moved = [one for one in own if one.due != due]
            yield from _of_their_own(campaign, moved, host=host, provisional_years=calendar.provisional_years)


def _title(milestone: Milestone, term: Term, *, is_ours: bool) -> str:
    word = "本处室办结期限" if is_ours else due_word(milestone.hardness)
    return f"{word}：{milestone.title}{period_words(term.period)}"


def _detail(
    campaign: Campaign, milestone: Milestone, owing: Sequence[Unit], *, nominal: date, due: date, calendar: WorkCalendar
) -> str:
    """Return what else there is to know: who owes it, if not all do, and the notice's day, if it is another."""
    some = () if len(owing) == len(campaign.units) else [unit.name for unit in owing]
    lines = [
        campaign.title,
        *nominal_line(nominal, due=due),
        *provisional_line([due], provisional_years=calendar.provisional_years),
        f"依据：{campaign.notice}{milestone.basis}",
    ]
    if actors := milestone.wording.actors or some:
        lines.append(f"责任主体：{'、'.join(actors)}")
    return "\n".join(lines)


def _window(day: Deadline, milestone: Milestone, term: Term) -> Iterator[Deadline]:
    """Yield the days on which the window of a form opens and closes."""
    title = f"{milestone.title}{period_words(term.period)}"
    for kind, word, at in (("opens", "开始报送", term.opens), ("closes", "报送关闭", term.closes)):
        yield replace(day, uid=f"{kind}-{day.uid}", day=at, title=f"{word}：{title}", alarm_on=None)


def _of_their_own(
    campaign: Campaign, moved: Sequence[Obligation], *, host: str, provisional_years: Collection[int]
) -> Iterator[Deadline]:
    """Yield the due dates that were moved for one unit."""
    for unit in campaign.units:
        own = [one for one in moved if one.unit == unit.code]
        for day in sorted({one.due for one in own}):
            that_day = [one for one in own if one.due == day]
            for entry in deadlines_of(campaign, that_day, host=host, provisional_years=provisional_years):
                yield replace(entry, uid=f"office-{day}-{entry.uid}", title=f"{unit.name}另定{entry.title}")
