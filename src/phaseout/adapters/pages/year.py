"""The calendar (日历): the campaign's year as a drawing, in months, and as a list."""

from collections.abc import Iterator

from phaseout.adapters.pages.page import Page
from phaseout.domain.campaign_year import HOLIDAY, MAKE_UP, SIGNS, months_of_year, own_days_of, runs_of, turns_of
from phaseout.domain.site import SiteFacts

FILE = "calendar.ics"
MOST_OWN = 200  # due dates of single units; the pages of the units have them all


def pages(facts: SiteFacts) -> Iterator[Page]:
    """Yield calendar.html."""
    turns = turns_of(facts.campaign, facts.answers["calendar_days"], calendar=facts.calendar)
    own = own_days_of(facts.campaign, facts.answers["calendar_own"])
    months = months_of_year(facts.campaign, turns, own, calendar=facts.calendar, today=facts.today)
    days = [day for month in months for day in month.days_off]
    content = {
        "turns": turns,
        "coming": next((turn for turn in turns if turn.due >= facts.today), None),
        "own": own[:MOST_OWN],
        "own_count": len(own),
        "months": months,
        "runs": list(runs_of(days)),
        "signs": SIGNS,
        "marks": (HOLIDAY, MAKE_UP),
        "provisional": sorted({day.day.year for day in days if facts.calendar.is_provisional(day.day)}),
        "policy": facts.campaign.correction_working_days,
        "closures_due": facts.campaign.closures_due,
        "file": FILE if facts.calendar_file is not None else None,
    }
    yield Page("calendar.html", "calendar", "calendar.html.j2", content)
