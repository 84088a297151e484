"""The campaign's year (全年日程): its turns with their days and why one moved, and every day of its months."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from phaseout.domain.board import period_title
from phaseout.domain.calendar import (
    SATURDAY,
    CalendarNotPublished,
    DayOff,
    WorkCalendar,
    clipped,
    days_between,
    month_of,
    months_between,
    period_of,
)
from phaseout.domain.campaign import Campaign, Condition, Hardness, Milestone, Rung, Term
from phaseout.domain.escalation import rung_day
from phaseout.domain.letter import LetterKind
from phaseout.domain.obligation import due_date
from phaseout.domain.standing_words import LETTER_WORDS

# What a day can be of a turn, the weightiest first; the word stands in a list, the sign in the month's square.
DUE, OPENS, CLOSES, REMIND, CHASE, OWN = "due", "opens", "closes", "remind", "chase", "own"
SIGNS: Mapping[str, tuple[str, str]] = {
    DUE: ("截", "截止日期"),
    OWN: ("延", "个别单位另定截止日期"),
    OPENS: ("启", "开始报送"),
    CLOSES: ("关", "报送关闭"),
    REMIND: ("提", "提醒日"),
    CHASE: ("催", "逾期催办日"),
}
MOST_MONTHS = 18  # that are shown without a gap
HOLIDAY, MAKE_UP = ("休", "节假日"), ("班", "调休上班")

_CAUSES = {
    DayOff.STATUTORY_HOLIDAY: "法定节假日",
    DayOff.WEEKEND: "休息日",
    DayOff.OFFICE: "临时停工日",
}


@dataclass(frozen=True, slots=True)
class Chase:
    """A day on which a unit is written to unasked, and with which letter."""

    day: date
    word: str
    waits_for_release: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One dated turn of a milestone, with all its days."""

    title: str
    hardness: str  # 刚性, 原则上 or 目标
    opens: date
    nominal: date
    due: date
    why: str  # how the due date follows from the day that the notice writes
    reminders: tuple[Chase, ...]
    chases: tuple[Chase, ...]
    closes: date
    units: int  # that owe it
    is_goal: bool
    is_conditional: bool


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A unit's own due date, later (or earlier) than the others' (延期)."""

    unit_name: str
    title: str
    common_due: date
    due: date
    forms: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Day:
    """A square of a month."""

    day: date
    is_working: bool
    mark: tuple[str, str] | None  # 休 or 班, where the weekday alone does not tell
    kinds: tuple[str, ...]  # of SIGNS
    words: tuple[str, ...]  # what is on this day
    is_today: bool


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A month in weeks that begin on Monday; none stands for a square of another month."""

    period: str
    weeks: tuple[tuple[Day | None, ...], ...]
    events: tuple[tuple[date, str, str], ...]  # day, kind, words; without reminders

    @property
    def days_off(self) -> tuple[Day, ...]:
        """The days that a holiday notice made free or made working."""
        return tuple(day for week in self.weeks for day in week if day and day.mark)


def turns_of(campaign: Campaign, days: Sequence[Mapping[str, Any]], *, calendar: WorkCalendar) -> tuple[Turn, ...]:
    """Return the turns in the order of their due dates; *days* are those that most units have, as the marts say."""
    known = {(row["milestone"], row["period"]): row for row in days}
    turns = [
        _turn(campaign, milestone, term, known.get((milestone.id, term.period)), calendar=calendar)
        for milestone in campaign.milestones
        if milestone.is_owed
        for term in milestone.terms
        if term.condition is Condition.ALWAYS or (milestone.id, term.period) in known
    ]
    return tuple(sorted(turns, key=lambda turn: (turn.due, turn.opens)))


def own_days_of(campaign: Campaign, rows: Sequence[Mapping[str, Any]]) -> tuple[OwnDay, ...]:
    """Return the units with due dates of their own."""
    return tuple(
        OwnDay(
            unit_name=row["unit_name"],
            title=_name(campaign, campaign.milestone(row["milestone"]), row["period"]),
            common_due=row["common_due_date"],
            due=row["due_date"],
            forms=row["forms"],
            accepted=row["accepted"],
        )
        for row in rows
    )


def months_of_year(
    campaign: Campaign,
    turns: Sequence[Turn],
    own: Sequence[OwnDay],
    *,
    calendar: WorkCalendar,
    today: date,
) -> tuple[MonthPage, ...]:
    """Return the months from the campaign's opening to its last close date; of many years, those with something on."""
    first = min([campaign.opens, *(turn.opens for turn in turns)])
    last = max([campaign.closes, *(turn.closes for turn in turns), *(day.due for day in own)])
    on_day: dict[date, list[tuple[str, str]]] = {}
    for day, kind, words in sorted(_events(turns, own), key=lambda event: (event[0], list(SIGNS).index(event[1]))):
        on_day.setdefault(day, []).append((kind, words))
    periods = list(months_between(period_of(first), period_of(last)))
    if len(periods) > MOST_MONTHS:
        busy = {period_of(day) for day in (*on_day, today)}
        periods = [period for period in periods if period in busy]
    return tuple(_month(period, on_day, calendar=calendar, today=today) for period in periods)


def _turn(
    campaign: Campaign,
    milestone: Milestone,
    term: Term,
    row: Mapping[str, Any] | None,
    *,
    calendar: WorkCalendar,
) -> Turn:
    planned, _ = due_date(milestone, term, calendar=calendar)
    due = row["due_date"] if row else planned
    is_goal = milestone.hardness is Hardness.GOAL
    ladder = campaign.enterprise_ladder if is_goal else campaign.ladder
    # Lateness of what is due in principle only is never chased beyond a reminder.
    rungs = [rung for rung in ladder if milestone.hardness is not Hardness.SOFT or rung.letter == LetterKind.REMINDER]
    closes = row["close_date"] if row else term.closes
    # Nothing is written before the window opens, nor after it is closed; nor ever about what is no filing and no goal.
    chases = [
        chase
        for chase in _chases(rungs, due, grace=milestone.grace, calendar=calendar)
        if (milestone.forms or is_goal) and term.opens <= chase.day <= closes
    ]
    return Turn(
        title=_name(campaign, milestone, term.period),
        hardness={Hardness.SOFT: "原则上", Hardness.GOAL: "目标"}.get(milestone.hardness, "刚性"),
        opens=term.opens,
        nominal=term.nominal_due,
        due=due,
        why=why_moved(term.nominal_due, due, calendar=calendar),
        reminders=tuple(chase for chase in chases if chase.day <= due),
        chases=tuple(chase for chase in chases if chase.day > due),
        closes=closes,
        units=row["units"] if row else 0,
        is_goal=is_goal,
        is_conditional=term.condition is not Condition.ALWAYS,
    )


def why_moved(nominal: date, due: date, *, calendar: WorkCalendar) -> str:
    """Say how a due date follows from the day that the notice writes."""
    cause = _CAUSES.get(_day_off(calendar, nominal))  # type: ignore[arg-type]  # None has no cause
    if due == nominal:
        return f"当日为{cause}，按规定不顺延" if cause else "与文件规定一致"
    how = "顺延" if due > nominal else "提前"
    return f"遇{cause}{how}" if cause else f"由主办处室另行{how}"


def _day_off(calendar: WorkCalendar, day: date) -> DayOff | None:
    try:
        return calendar.day_off(day)
    except CalendarNotPublished:
        return DayOff.WEEKEND if day.weekday() >= SATURDAY else None


def _chases(rungs: Iterable[Rung], due: date, *, grace: int, calendar: WorkCalendar) -> Iterator[Chase]:
    for rung in rungs:
        try:
            day = rung_day(rung, due, grace=grace, calendar=calendar)
            # On a day off nobody is written to unasked.
            day = calendar.on_or_after(day)
        except CalendarNotPublished:
            continue
        yield Chase(day, LETTER_WORDS[LetterKind(rung.letter)], waits_for_release=rung.release)


def _events(turns: Iterable[Turn], own: Iterable[OwnDay]) -> Iterator[tuple[date, str, str]]:
    for turn in turns:
        name = turn.title
        yield turn.due, DUE, ("完成期限：" if turn.is_goal else "截止：") + name
        if not turn.is_goal:
            yield turn.opens, OPENS, f"开始报送：{name}"
            yield turn.closes, CLOSES, f"报送关闭：{name}"
        for chase in turn.reminders:
            yield chase.day, REMIND, f"提醒：{name}"
        for chase in turn.chases:
            yield chase.day, CHASE, f"{chase.word}：{name}"
    for day, name, units in _own_events(own):
        yield day, OWN, f"另定截止：{name}（{units}）"


def _own_events(own: Iterable[OwnDay]) -> Iterator[tuple[date, str, str]]:
    """Yield the own due dates of units, those of one day and turn together."""
    units: dict[tuple[date, str], list[str]] = {}
    for one in own:
        units.setdefault((one.due, one.title), []).append(one.unit_name)
    for (day, name), names in units.items():
        yield day, name, names[0] if len(names) == 1 else f"{names[0]}等{len(names)}个单位"


def _name(campaign: Campaign, milestone: Milestone, period: str | None) -> str:
    return milestone.title + (f"（{period_title(period, year=campaign.year)}）" if period else "")


def _month(
    period: str, on_day: Mapping[date, Sequence[tuple[str, str]]], *, calendar: WorkCalendar, today: date
) -> MonthPage:
    year, number = month_of(period)
    first, last = date(year, number, 1), clipped(year, number, 31)
    squares: list[Day | None] = [None] * first.weekday()
    squares += [_day(day, on_day.get(day, ()), calendar=calendar, today=today) for day in days_between(first, last)]
    squares += [None] * (-len(squares) % 7)
    events = tuple(
        (day, kind, words)
        for day in days_between(first, last)
        for kind, words in on_day.get(day, ())
        if kind not in {REMIND, CHASE}
    )
    weeks = tuple(tuple(squares[start : start + 7]) for start in range(0, len(squares), 7))
    return MonthPage(period, weeks, events)


def _day(day: date, events: Sequence[tuple[str, str]], *, calendar: WorkCalendar, today: date) -> Day:
    off = _day_off(calendar, day)
    is_weekend = day.weekday() >= SATURDAY
    mark = MAKE_UP if off is None and is_weekend else None
    if off in {DayOff.STATUTORY_HOLIDAY, DayOff.OFFICE}:
        mark = HOLIDAY
    return Day(
        day=day,
        is_working=off is None,
        mark=mark,
        kinds=tuple(dict.fromkeys(kind for kind, _ in events)),
        words=tuple(words for _, words in events),
        is_today=day == today,
    )


def runs_of(days: Iterable[Day]) -> Iterator[tuple[date, date, str]]:
    """Yield runs of days that a holiday notice made free or working, as first and last day and the word."""
    run: list[Day] = []
    for day in days:
        if run and (day.mark != run[-1].mark or day.day - run[-1].day != timedelta(days=1)):
            yield run[0].day, run[-1].day, _mark_word(run)
            run = []
        run.append(day)
    if run:
        yield run[0].day, run[-1].day, _mark_word(run)


def _mark_word(run: Sequence[Day]) -> str:
    mark = run[0].mark
    return mark[1] if mark else ""
