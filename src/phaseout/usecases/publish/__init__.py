"""Publish (发布): the analysts' snapshot, the site (工作看板) and what is for the office alone, as of an instant."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from phaseout.domain.calendar import WorkCalendar, day_in_china
from phaseout.domain.campaign import Campaign
from phaseout.domain.omission import omission_facts
from phaseout.domain.site import Rows
from phaseout.ports import Definitions, Ledger, Pages, Warehouse
from phaseout.usecases import suspected_omissions
from phaseout.usecases.publish.facts import site_facts
from phaseout.usecases.publish.mirror import mirror

__all__ = ["Published", "mirror", "publish"]


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, and whether it was new."""

    content_hash: str | None  # None when nothing was new
    board: Path | None
    is_new: bool


def publish(
    campaign_id: str,
    *,
    as_of: datetime,
    definitions: Definitions,
    calendar: WorkCalendar,
    ledger: Ledger,
    warehouse: Warehouse,
    pages: Pages,
    snapshot: Path,
    catch_up: Callable[[], int],
    troubles: Rows | None = None,
    days: Callable[[Campaign], str] | None = None,
) -> Published:
    """Mirror the ledger into the warehouse, replace the snapshot and the site; nothing if nothing changed today.

    *troubles* of this installation are shown on the site; None where nobody has looked for them. *days* writes the
    campaign's days as a file for people's own calendars.
    """
    campaign = definitions.campaign(campaign_id)
    revision, today = ledger.revision(), day_in_china(as_of)
    is_there = snapshot.exists() and pages.has_site(campaign_id)
    if is_there and ledger.published(campaign_id) == (revision, today):
        return Published(None, None, is_new=False)
    catch_up()
    mirrored = mirror(
        campaign, as_of=as_of, calendar=calendar, ledger=ledger, warehouse=warehouse, definitions=definitions
    )
    content_hash = warehouse.publish(snapshot)
    facts = site_facts(
        campaign,
        mirrored,
        as_of=as_of,
        calendar=calendar,
        definitions=definitions,
        ledger=ledger,
        warehouse=warehouse,
        content_hash=content_hash,
        troubles=troubles,
        calendar_file=days(campaign).encode() if days else None,
    )
    if facts.is_current:
        pages.omissions(omission_facts(campaign, suspected_omissions(campaign, warehouse=warehouse), as_of=as_of))
    board = pages.site(facts)
    ledger.record_published(campaign_id, revision, today, content_hash)
    return Published(content_hash, board, is_new=True)
