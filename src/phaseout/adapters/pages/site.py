"""The pages of the site (工作看板) in one list, and what all of them say."""

from collections.abc import Callable, Iterator

from phaseout.adapters.pages import downloads, notes, overview, progress, todo, units, year
from phaseout.adapters.pages.page import Page
from phaseout.domain.overview import group_word
from phaseout.domain.site import SiteFacts

# One module a page, or a family of pages; each yields what it has to say of the facts.
SITE: tuple[Callable[[SiteFacts], Iterator[Page]], ...] = (
    overview.pages,
    units.pages,
    progress.pages,
    year.pages,
    todo.pages,
    downloads.pages,
    notes.pages,
)
ENTRY = "index.html"  # it takes its place last: who comes by it finds what it leads to


def pages_of(facts: SiteFacts) -> Iterator[Page]:
    """Yield every page of the site."""
    for family in SITE:
        yield from family(facts)


def common(facts: SiteFacts) -> dict[str, object]:
    """Return what the layout says on every page."""
    campaign = facts.campaign
    return {
        "campaign_title": campaign.title,
        "notice": campaign.notice,
        "office_body": campaign.office.body,
        "office_desk": campaign.office.desk,
        "unit_group": group_word(campaign),
        "year": campaign.year,
        "as_of": facts.as_of,
        "today": facts.today,
    }
