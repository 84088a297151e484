"""Looks at the warehouse's file without changing it: is it whole, of this layout, and as far as the ledger?"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from phaseout.domain.health import WarehouseSeen, WarehouseState

CONFIG = {"enable_external_access": False, "python_enable_replacements": False}
# So DuckDB says that another process works with the file, which is as it should be.
AT_WORK = "lock on file"


def look_at_warehouse(path: Path, accepted: Sequence[str], *, missing: str) -> WarehouseSeen:
    """Return how the file is, and how many of the accepted submissions it lacks; *missing* is the SQL that asks."""
    set_aside = len([one for one in path.parent.glob(f"{path.name}.damaged-*") if one.suffix != ".wal"])
    if not path.exists():
        return WarehouseSeen(WarehouseState.MISSING, set_aside=set_aside)
    try:
        connection = duckdb.connect(str(path), read_only=True, config=CONFIG)
    except duckdb.Error as refused:
        state = WarehouseState.IN_USE if AT_WORK in str(refused) else WarehouseState.DAMAGED
        return WarehouseSeen(state, set_aside=set_aside)
    try:
        absent = connection.execute(missing, {"submissions": list(accepted)}).fetchall()
        return WarehouseSeen(WarehouseState.WELL, behind=len(absent), set_aside=set_aside)
    except duckdb.CatalogException:  # a file of an older layout, or one of which the building was broken off
        return WarehouseSeen(WarehouseState.OTHER_LAYOUT, set_aside=set_aside)
    except duckdb.Error:
        return WarehouseSeen(WarehouseState.DAMAGED, set_aside=set_aside)
    finally:
        connection.close()
