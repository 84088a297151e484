"""Due dates as calendar entries (日程), from obligations alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby

from phaseout.domain.campaign import Campaign, Hardness
from phaseout.domain.decision import Decision
from phaseout.domain.escalation import REQUEST_ORDER, Line, Planned
from phaseout.domain.obligation import Obligation, Standing, StandingView
from phaseout.ports import Deadline, Ledger

# What a unit shares one entry for: unit, milestone and period.
Group = tuple[str, str, str]


def deadlines_of(
    campaign: Campaign, obligations: Iterable[Obligation], *, host: str, settled: Collection[str] = ()
) -> list[Deadline]:
    """Return one entry for each unit, milestone and period, first day first; *settled* are ids of what is met.

    One, however many industries and forms it has: eleven alarms on one morning help nobody. So *obligations* must hold
    all that share an entry (`sharing`). Its day is the first that is still open: an extension for one industry must not
    hide the day of the others. The later days stand in its text, and it moves to them when the first is met.

    The sequence counts all that can change an entry: obligations, moves of their due dates, and how many are met. Each
    only grows, so any letter at any time carries the right number, from the ledger alone. A move counts twice: what is
    open again after it was met has a number above that of its cancellation.

    Paper copies have no entry of their own: when they have come, nobody writes.
    """
    files = [one for one in obligations if not one.is_paper]
    ordered = sorted(files, key=lambda one: (_group(one), one.due, one.id))
    entries = [_entry(campaign, list(own), host=host, settled=settled) for _, own in groupby(ordered, _group)]
    return sorted(entries, key=lambda entry: (entry.is_cancelled, entry.day, entry.uid))


def sharing(obligations: Iterable[Obligation], about: Iterable[Obligation]) -> list[Obligation]:
    """Return all obligations that share a calendar entry with one of those that a letter is about."""
    groups = {_group(one) for one in about}
    return [one for one in obligations if _group(one) in groups and not one.is_paper]


def changed_by(
    filed: Iterable[Obligation], obligations: Iterable[Obligation], *, settled: Collection[str]
) -> list[Obligation]:
    """Return all that share an entry which these filings, accepted just now, move to a later day or cancel."""
    changed: list[Obligation] = []
    by_group = groupby(sorted(filed, key=_group), _group)
    for own in (list(group) for _, group in by_group):
        shared = sharing(obligations, own)
        next_due = min((one.due for one in shared if one.id not in settled), default=date.max)
        changed += shared if next_due > min(one.due for one in own) else []
    return changed


def settled_of(views: Mapping[str, StandingView]) -> frozenset[str]:
    """Return the ids of the obligations that nobody waits for any more: met, or exempt from (免报)."""
    return frozenset(
        obligation
        for obligation, view in views.items()
        if view.standing is Standing.ACCEPTED or view.exempt is not None
    )


class Entries:
    """Which calendar entries ride on a campaign's letters; the ledger is asked when the first letter carries one."""

    def __init__(self, campaign: str, *, ledger: Ledger) -> None:
        self._campaign = campaign
        self._ledger = ledger

    @cached_property
    def _obligations(self) -> Sequence[Obligation]:
        return self._ledger.obligations(self._campaign)

    @cached_property
    def _climbs(self) -> Collection[tuple[str, int]]:
        return {(item.obligation, item.version) for item in self._ledger.items(self._campaign)}

    @cached_property
    def settled(self) -> frozenset[str]:
        """The ids of the obligations that nobody waits for any more: met, or exempt from (免报)."""
        submitted = self._ledger.submitted(self._campaign)
        return frozenset(
            one.id
            for one in self._obligations
            if one.exempt is not None or any(s.decision is Decision.ACCEPTED for s in submitted.get(one.id, ()))
        )

    @cached_property
    def _sharing(self) -> Mapping[Group, Sequence[Obligation]]:
        # Of thousands of units each letter would look through all obligations.
        groups: dict[Group, list[Obligation]] = {}
        for one in self._obligations:
            groups.setdefault(_group(one), []).extend([] if one.is_paper else [one])
        return groups

    def about(self, obligation: Obligation) -> list[Obligation]:
        """Return all that share an entry with an obligation."""
        return list(self._sharing.get(_group(obligation), ()))

    def of(self, plan: Planned) -> list[Obligation]:
        """Return those of what a letter asks for first, and of what it says first since the due date moved."""
        about = [line.obligation for line in plan.lines if self._is_news(line)]
        return [one for group in dict.fromkeys(map(_group, about)) for one in self._sharing.get(group, ())]

    def _is_news(self, line: Line) -> bool:
        if any(item.rung == REQUEST_ORDER for item in line.items):
            return True
        if line.obligation.moves == 0 or line.view.standing is Standing.RETURNED:  # climbs by its correction date
            return False
        return any((item.obligation, item.version) not in self._climbs for item in line.items)


def _group(obligation: Obligation) -> Group:
    return obligation.unit, obligation.milestone, obligation.period or ""


def _entry(campaign: Campaign, own: Sequence[Obligation], *, host: str, settled: Collection[str]) -> Deadline:
    unmet = [one for one in own if one.id not in settled]
    shown = unmet[0] if unmet else own[-1]
    return Deadline(
        uid="-".join(part for part in (campaign.id, *_group(shown)) if part) + f"@{host}",
        sequence=sum(1 + 2 * one.moves + (one.id in settled) for one in own) - 1,
        day=shown.due,
        title=f"{due_word(shown.hardness)}：{campaign.milestone(shown.milestone).title}{period_words(shown.period)}",
        detail=_detail(campaign, unmet or own),
        alarm_on=shown.reminder_date,
        is_cancelled=not unmet,
    )


def due_word(hardness: Hardness) -> str:
    """Return what a calendar calls the day: a form is filed by it, a goal is reached."""
    return "完成期限" if hardness is Hardness.GOAL else "报送截止"


def period_words(period: str | None) -> str:
    """Return a reporting period as a calendar says it: （2022年9月）, or （2023年） of what comes once a year."""
    year, _, month = (period or "").partition("-")
    return f"（{year}年{f'{int(month)}月' if month else ''}）" if year else ""


def nominal_line(nominal: date, *, due: date) -> list[str]:
    """Return a line on the day that the notice writes; none where that is the due date."""
    return [f"文件规定日期：{_day(nominal)}"] if nominal != due else []


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _detail(campaign: Campaign, obligations: Sequence[Obligation]) -> str:
    first = obligations[0]
    lines = [
        campaign.title,
        *_days(campaign, obligations),
        *nominal_line(first.nominal_due, due=first.due),
        f"依据：{first.basis}",
        *([f"报送至：{campaign.office.mailbox}"] if first.form else []),
        "本日程随报送情况自动更新或取消，无需答复。",
    ]
    return "\n".join(lines)


def _days(campaign: Campaign, obligations: Sequence[Obligation]) -> list[str]:
    """Return which industries are due on which day; of a form that is owed once, nothing."""
    names: dict[str, list[str]] = {}
    for one in obligations:
        names.setdefault(_day(one.due), []).extend([campaign.industry(one.industry).name] if one.industry else [])
    return [f"{day}截止：{'、'.join(own)}" for day, own in names.items() if own]
