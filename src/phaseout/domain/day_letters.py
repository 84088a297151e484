"""All that is written unprompted to units on a day (当日函件): the ladder's letters, and the closing one."""

from collections.abc import Collection, Sequence
from datetime import date

from phaseout.domain.calendar import WorkCalendar
from phaseout.domain.campaign import Campaign
from phaseout.domain.escalation import Planned, plan_letters
from phaseout.domain.letter import LetterItem
from phaseout.domain.obligation import Obligation, StandingView
from phaseout.domain.thanks import plan_thanks


def letters_of_day(
    campaign: Campaign,
    owed: Sequence[tuple[Obligation, StandingView]],
    *,
    written: Collection[LetterItem],
    calendar: WorkCalendar,
    today: date,
) -> tuple[Planned, ...]:
    """Return the letters of *today* by the campaign's ladders and the grace of its milestones."""
    climbed = plan_letters(
        owed,
        ladder=campaign.ladder,
        written=written,
        calendar=calendar,
        today=today,
        grace={milestone.id: milestone.grace for milestone in campaign.milestones},
        enterprise_ladder=campaign.enterprise_ladder if campaign.coordination_body else (),
    )
    return (*climbed, *plan_thanks(owed, written=written, calendar=calendar, today=today))
