"""Who misbehaves and how: each invented unit plays one part (角色) through the whole year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign, MilestoneKind
from phaseout.domain.invented.chance import dice
from phaseout.domain.obligation import Obligation


class Part(StrEnum):
    """What is remarkable about a unit; it is punctual and right in everything else."""

    PUNCTUAL = "punctual"
    LATE = "late"  # a few working days past most due dates
    VERY_LATE = "very_late"  # so late with the summary that a supervision letter is drafted
    WRONG = "wrong"  # a wrong code, a wrong total and a date after the deadline; corrects when asked
    CORRECTS_TOO_LATE = "corrects_too_late"  # after the correction date
    RESENDS = "resends"  # sends last month's progress form again
    SILENT = "silent"  # never files one month's progress form
    NO_CONTACTS = "no_contacts"  # never sends its contacts
    ZERO = "zero"  # nothing in two industries, and says so
    NOTHING_OUTDATED = "nothing_outdated"
    CLOSES_IN_DECEMBER = "closes_in_december"  # one enterprise misses the last day for closures
    STAYS_OPEN = "stays_open"  # one enterprise is still open at the end


# Dealt in this order: a campaign with few units goes without the last ones.
PARTS = (
    Part.WRONG,
    Part.VERY_LATE,
    Part.CORRECTS_TOO_LATE,
    Part.RESENDS,
    Part.SILENT,
    Part.NO_CONTACTS,
    Part.ZERO,
    Part.LATE,
    Part.CLOSES_IN_DECEMBER,
    Part.STAYS_OPEN,
    Part.NOTHING_OUTDATED,
    Part.STAYS_OPEN,
)

# Working days from the due date. Units act on few common days: every such day costs the replay a run.
_USUAL = {
    MilestoneKind.CONTACT_LIST: -1,
    MilestoneKind.INVENTORY: -1,
    MilestoneKind.SUMMARY: -1,
    MilestoneKind.MONTHLY_PROGRESS: -2,
    MilestoneKind.FINAL_LIST: -1,
}
_EARLY = {MilestoneKind.CONTACT_LIST: -3, MilestoneKind.SUMMARY: -3, MilestoneKind.FINAL_LIST: -3}
_LATE = {
    Part.LATE: {
        MilestoneKind.CONTACT_LIST: 2,
        MilestoneKind.INVENTORY: 2,
        MilestoneKind.SUMMARY: 2,
        MilestoneKind.MONTHLY_PROGRESS: 2,
    },
    Part.VERY_LATE: {MilestoneKind.INVENTORY: 2, MilestoneKind.SUMMARY: 5, MilestoneKind.FINAL_LIST: 2},
}
RIGHT_FILE_AFTER_DUE = 2  # when the one that sent last month's file has been told so


@dataclass(frozen=True, slots=True)
class Habit:
    """How one unit goes about its filings."""

    part: Part
    is_early: bool
    corrects_after: int  # working days from the arrival of what was returned

    def filing_day(self, obligation: Obligation, kind: MilestoneKind, *, calendar: WorkCalendar) -> date:
        """Return the working day on which the unit means to file."""
        offset = _LATE.get(self.part, {}).get(kind) or (_EARLY.get(kind) if self.is_early else None)
        day = calendar.shift(obligation.due, offset or _USUAL.get(kind, -1))
        return within_window(day, obligation, calendar=calendar)


def within_window(day: date, obligation: Obligation, *, calendar: WorkCalendar) -> date:
    """Return the working day next to *day* on which the obligation can be met."""
    return min(max(day, calendar.on_or_after(obligation.opens)), calendar.on_or_before(obligation.closes))


def draw_habits(campaign: Campaign, *, seed: int) -> Mapping[str, Habit]:
    """Return each unit's habit: the parts are dealt to different units, the rest are punctual."""
    deck = dice(seed, "parts")
    units = sorted(unit.code for unit in campaign.units)
    deck.shuffle(units)
    early = frozenset(deck.sample(units, len(units) // 2))
    parts = (*PARTS, *[Part.PUNCTUAL] * len(units))
    return {unit: _habit(part, campaign, is_early=unit in early) for unit, part in zip(units, parts, strict=False)}


def _habit(part: Part, campaign: Campaign, *, is_early: bool) -> Habit:
    if part is Part.WRONG:  # early, so that its correction comes before the due date
        return Habit(part=part, is_early=True, corrects_after=2)
    if part is Part.CORRECTS_TOO_LATE:
        return Habit(part=part, is_early=False, corrects_after=campaign.correction_working_days + 3)
    return Habit(part=part, is_early=is_early, corrects_after=2)
