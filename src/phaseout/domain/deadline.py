"""Due dates as calendar entries (日程), from obligations alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from phaseout.domain.campaign import Campaign, Hardness
from phaseout.domain.finding_text import say
from phaseout.domain.obligation import Obligation, Standing, StandingView

# What a unit shares one entry for: unit, milestone and period.
Group = tuple[str, str, str]
PROVISIONAL = "该年度放假安排尚未公布，日期暂按周末推算，公布后另行调整。"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day as a calendar entry. *uid* stays the same whatever becomes of it; *sequence* rises with each change."""

    uid: str
    sequence: int
    day: date
    title: str
    detail: str
    alarm_on: date | None = None  # the working day before on which it rings at nine; none: it does not ring
    is_cancelled: bool = False


def deadlines_of(
    campaign: Campaign,
    obligations: Iterable[Obligation],
    *,
    host: str,
    settled: Collection[str] = (),
    provisional_years: Collection[int] = (),
) -> list[Deadline]:
    """Return one entry for each unit, milestone and period, first day first; *settled* are ids of what is met.

    One, however many industries and forms it has: eleven alarms on one morning help nobody. So *obligations* must hold
    all that share an entry (`sharing`). Its day is the first that is still open: an extension for one industry must not
    hide the day of the others. The later days stand in its text, and it moves to them when the first is met.

    The sequence counts what can change an entry: obligations, moves of their due dates, and how many are met. So any
    letter at any time carries the right number, from the ledger alone. A move counts twice: what is open again after
    it was met has a number above that of its cancellation. Only a plan that takes obligations away lowers it.

    Paper copies have no entry of their own: when they have come, nobody writes. A day in one of *provisional_years*
    is said to be planned on weekdays alone.
    """
    files = [one for one in obligations if not one.is_paper]
    ordered = sorted(files, key=lambda one: (entry_key(one), one.due))
    entries = [
        _entry(campaign, list(own), host=host, settled=settled, provisional_years=provisional_years)
        for _, own in groupby(ordered, entry_key)
    ]
    return sorted(entries, key=lambda entry: (entry.is_cancelled, entry.day, entry.uid))


def entry_key(obligation: Obligation) -> Group:
    """Return unit, milestone and period: what all obligations of one entry have in common."""
    return obligation.unit, obligation.milestone, obligation.period or ""


def sharing(obligations: Iterable[Obligation], about: Iterable[Obligation]) -> list[Obligation]:
    """Return all obligations that share a calendar entry with one of those that a letter is about."""
    groups = {entry_key(one) for one in about}
    return [one for one in obligations if entry_key(one) in groups and not one.is_paper]


def changed_by(
    filed: Iterable[Obligation], obligations: Iterable[Obligation], *, settled: Collection[str]
) -> list[Obligation]:
    """Return all that share an entry which these filings, accepted just now, move to a later day or cancel."""
    changed: list[Obligation] = []
    by_group = groupby(sorted(filed, key=entry_key), entry_key)
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


def _entry(
    campaign: Campaign,
    own: Sequence[Obligation],
    *,
    host: str,
    settled: Collection[str],
    provisional_years: Collection[int],
) -> Deadline:
    unmet = [one for one in own if one.id not in settled]
    shown = unmet[0] if unmet else own[-1]
    return Deadline(
        uid="-".join(part for part in (campaign.id, *entry_key(shown)) if part) + f"@{host}",
        sequence=sum(1 + 2 * one.moves + (one.id in settled) for one in own) - 1,
        day=shown.due,
        title=f"{due_word(shown.hardness)}：{campaign.milestone(shown.milestone).title}{period_words(shown.period)}",
        detail=_detail(campaign, unmet or own, provisional_years=provisional_years),
        alarm_on=shown.reminder_date,
        is_cancelled=not unmet,
    )


def due_word(hardness: Hardness) -> str:
    """Return what a calendar calls the day: a form is filed by it, a goal is reached."""
    return {Hardness.GOAL: "完成期限", Hardness.SOFT: "报送截止（原则上）"}.get(hardness, "报送截止")


def period_words(period: str | None) -> str:
    """Return a reporting period as a calendar says it: （2022年9月）, or （2023年） of what comes once a year."""
    year, _, month = (period or "").partition("-")
    return f"（{year}年{f'{int(month)}月' if month else ''}）" if year else ""


def nominal_line(nominal: date, *, due: date) -> list[str]:
    """Return a line on the day that the notice writes; none where that is the due date."""
    return [f"文件规定日期：{say(nominal)}"] if nominal != due else []


def provisional_line(days: Iterable[date], *, provisional_years: Collection[int]) -> list[str]:
    """Return a line on days of years whose holidays are not published yet; none where all are known."""
    return [PROVISIONAL] if any(day.year in provisional_years for day in days) else []


def _detail(campaign: Campaign, obligations: Sequence[Obligation], *, provisional_years: Collection[int]) -> str:
    first = obligations[0]
    lines = [
        campaign.title,
        *_days(campaign, obligations),
        *nominal_line(first.nominal_due, due=first.due),
        *provisional_line((one.due for one in obligations), provisional_years=provisional_years),
        f"依据：{campaign.notice}{first.basis}",
        *([f"报送至：{campaign.office.mailbox}"] if first.form else []),
        "本日程随报送情况自动更新或取消，无需答复。",
    ]
    return "\n".join(lines)


def _days(campaign: Campaign, obligations: Sequence[Obligation]) -> list[str]:
    """Return which industries are due on which day; of a form that is owed once, nothing."""
    names: dict[str, list[str]] = {}
    for one in obligations:
        names.setdefault(say(one.due), []).extend([campaign.industry(one.industry).name] if one.industry else [])
    return [f"{day}截止：{'、'.join(own)}" for day, own in names.items() if own]
