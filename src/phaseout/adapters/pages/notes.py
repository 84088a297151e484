"""The notes on the data (数据说明): how figures are counted, where they come from, and what the snapshot holds."""

from collections.abc import Iterator

from phaseout.adapters.pages.page import Page
from phaseout.domain.board import WORST_FIRST
from phaseout.domain.obligation import Standing
from phaseout.domain.site import Rows, SiteFacts
from phaseout.domain.standing_words import GOAL_WORDS, STANDING_WORDS


def pages(facts: SiteFacts) -> Iterator[Page]:
    """Yield data.html."""
    content = {
        "standings": [(STANDING_WORDS[one], GOAL_WORDS[one], one) for one in _in_order()],
        "tables": _tables(facts.answers["dictionary"]),
        "content_hash": facts.content_hash,
        "basis": [(milestone.title, milestone.basis) for milestone in facts.campaign.milestones if milestone.is_owed],
        "correction_working_days": facts.campaign.correction_working_days,
        "closures_due": facts.campaign.closures_due,
    }
    yield Page("data.html", "data", "data.html.j2", content)


def _in_order() -> list[Standing]:
    """Return the standings as an obligation runs through them."""
    return [Standing.NOT_OPEN, Standing.OPEN, *sorted(set(Standing) - {Standing.NOT_OPEN, Standing.OPEN}, key=_place)]


def _place(standing: Standing) -> int:
    return -WORST_FIRST.index(standing)


def _tables(rows: Rows) -> dict[str, list[str]]:
    """Return the columns of each table of the marts, in their order."""
    found: dict[str, list[str]] = {}
    for row in rows:
        columns = found.setdefault(row["table_name"], [])
        if row["column_name"] is not None:
            columns.append(row["column_name"])
    return found
