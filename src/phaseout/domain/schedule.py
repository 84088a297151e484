"""On which days a milestone's flow runs (流程日程): when its window opens, on its due day, and on the day after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from phaseout.domain.calendar import ONE_DAY
from phaseout.domain.campaign import Campaign, Milestone


class Occasion(StrEnum):
    """Why the flow runs that day. It does what is due whatever the occasion; this is for people to read."""

    OPENS = "opens"
    DUE = "due"
    AFTER = "after"  # the first run after the due day takes stock


@dataclass(frozen=True, slots=True)
class FlowDay:
    """A day on which a milestone's flow runs."""

    milestone: str
    occasion: Occasion
    day: date


@dataclass(frozen=True, slots=True)
class YearlySchedule:
    """Days that share occasion and day of month, as a schedule that comes again every year."""

    slug: str
    milestone: str
    day_of_month: int
    months: tuple[int, ...]

    @property
    def cron(self) -> str:
        """The schedule at nine in the morning, as cron writes it."""
        return f"0 9 {self.day_of_month} {_month_list(self.months)} *"


def flow_days(milestone: Milestone) -> Iterator[FlowDay]:
    """Yield the days of a milestone's flow; history and open acts have none."""
    for term in milestone.terms if milestone.is_owed else ():
        if milestone.forms:  # a goal asks for no form, so nothing is announced
            yield FlowDay(milestone.id, Occasion.OPENS, term.opens)
        yield FlowDay(milestone.id, Occasion.DUE, term.nominal_due)
        yield FlowDay(milestone.id, Occasion.AFTER, term.nominal_due + ONE_DAY)


def flows_on(campaign: Campaign, day: date) -> tuple[str, ...]:
    """Return the milestones whose flow runs on *day*."""
    return tuple(
        milestone.id for milestone in campaign.milestones if any(one.day == day for one in flow_days(milestone))
    )


def yearly_schedules(milestone: Milestone) -> tuple[YearlySchedule, ...]:
    """Return the milestone's days as yearly schedules, as few as they can be."""
    name = milestone.id.replace("_", "-")
    days = sorted(set(flow_days(milestone)), key=lambda one: (list(Occasion).index(one.occasion), one.day.day))
    return tuple(
        schedule
        for occasion, of_occasion in groupby(days, lambda one: one.occasion)
        for schedule in _of_occasion(name, milestone.id, occasion, list(of_occasion))
    )


def _of_occasion(name: str, milestone: str, occasion: Occasion, days: Iterable[FlowDay]) -> Iterator[YearlySchedule]:
    groups = {day: sorted({one.day.month for one in of_day}) for day, of_day in groupby(days, lambda one: one.day.day)}
    for day, months in groups.items():
        slug = f"{name}-{occasion}" + (f"-{day}" if len(groups) > 1 else "")
        yield YearlySchedule(slug, milestone, day, tuple(months))


def _month_list(months: tuple[int, ...]) -> str:
    """Write months as cron does: a run as 8-11, else one by one."""
    if len(months) > 1 and months[-1] - months[0] == len(months) - 1:
        return f"{months[0]}-{months[-1]}"
    return ",".join(str(month) for month in months)
