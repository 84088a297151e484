"""Fills the warehouse (入库) from archive and ledger, and says in the log what was wrong with it."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from phaseout.adapters.duckdb_warehouse import WarehouseLost
from phaseout.domain.calendar import day_in_china
from phaseout.ports import Warehouse
from phaseout.usecases.load import Loaded, load
from phaseout.usecases.publish import mirror

if TYPE_CHECKING:
    from phaseout.bootstrap import App

LOG = logging.getLogger(__name__)
NAMED = 3  # of those that cannot be loaded; `phaseout doctor` counts all


def fill(app: "App", warehouse: Warehouse, *, is_thorough: bool = False) -> int:
    """Load what the ledger accepted and the warehouse does not hold; return how many submissions that were."""
    try:
        loaded = _load(app, warehouse, is_thorough=is_thorough)
    except WarehouseLost as lost:
        # It is set aside if it was damaged: whoever noticed goes on with a new one.
        LOG.warning("%s; once more", lost)
        loaded = _load(app, warehouse, is_thorough=is_thorough)
    if loaded.unreadable:
        named = "; ".join(f"{name}: {why}" for name, why in list(loaded.unreadable.items())[:NAMED])
        LOG.error("%d accepted submissions cannot be loaded: %s", len(loaded.unreadable), named)
    return loaded.submissions


def fill_to_publish(app: "App", campaign: str, *, as_of: datetime) -> int:
    """Bring the live warehouse up to date before it is published; the first time on a day every row is read."""
    looked, today = _note_of_last_look(app.warehouse_file), day_in_china(as_of).isoformat()
    is_first = not app.is_replay and _said(looked) != today
    loaded = fill(app, app.warehouse, is_thorough=is_first)
    if is_first:
        with suppress(OSError):  # it would be looked through once more
            looked.write_text(today, "utf-8")
    # After a file was built anew, the mirror of other campaigns is missing as well.
    mirrored = {row["campaign_id"] for row in app.warehouse.query("warehouse/mirrored", parameters={})}
    for other in app.ledger.open_campaigns():
        if other != campaign and other not in mirrored:
            _mirror(app, other, app.warehouse, as_of=as_of)
    return loaded


def _note_of_last_look(warehouse_file: Path) -> Path:
    """Return where stands on which day every row of this machine's file was read last, for whatever campaign."""
    return warehouse_file.with_name(f".{warehouse_file.name}.looked")


def _said(note: Path) -> str | None:
    try:
        return note.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def fill_and_mirror(app: "App", warehouse: Warehouse, *, as_of: datetime) -> int:
    """Make a warehouse all that archive and ledger say; return how many submissions were loaded."""
    loaded = fill(app, warehouse)
    for campaign in app.ledger.open_campaigns():
        _mirror(app, campaign, warehouse, as_of=as_of)
    return loaded


@contextmanager
def rebuilding(app: "App", *, keep_live: bool) -> Iterator[tuple[Warehouse | None, Warehouse]]:
    """Yield the live warehouse, if there is one, and a fresh one, which replaces it unless it is to be kept."""
    live_path = app.warehouse_file
    fresh_path, had_live = live_path.with_name("warehouse.rebuild.duckdb"), live_path.exists()
    with closing(app.make_warehouse(live_path)) as live:
        with closing(app.make_warehouse(fresh_path)) as fresh:
            fresh.clear()
            yield live if had_live else None, fresh
        if not keep_live:
            live.replace_by(fresh_path)
        fresh.clear()


def _mirror(app: "App", campaign: str, warehouse: Warehouse, *, as_of: datetime) -> None:
    mirror(
        app.definitions.campaign(campaign),
        as_of=as_of,
        calendar=app.calendar,
        ledger=app.ledger,
        warehouse=warehouse,
        definitions=app.definitions,
    )


def _load(app: "App", warehouse: Warehouse, *, is_thorough: bool) -> Loaded:
    return load(
        definitions=app.definitions,
        ledger=app.ledger,
        archive=app.archive,
        workbooks=app.workbooks,
        warehouse=warehouse,
        is_thorough=is_thorough,
    )
