"""Looks at the warehouse's file without changing it: is it whole, of this layout, and as far as the ledger?"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from phaseout.domain.damage import DAMAGED, FOREIGN, NOTE, DamageKind
from phaseout.domain.health import WarehouseSeen, WarehouseState

CONFIG = {"enable_external_access": False, "python_enable_replacements": False}
# So DuckDB says that another process works with the file, which is as it should be.
AT_WORK = "lock on file"


def look_at_warehouse(path: Path, accepted: Sequence[str], *, missing: str) -> WarehouseSeen:
    """Return how the file is, and how many of the accepted submissions it lacks; *missing* is the SQL that asks."""
    aside = [one for word in (DAMAGED, FOREIGN) for one in path.parent.glob(f"{path.name}.{word}-*")]
    aside = sorted((one for one in aside if one.name.rpartition("-")[2].isdecimal()), key=_age)
    seen = _seen(path, accepted, missing=missing)
    return replace(seen, set_aside=len(aside), found=_found_in(aside[-1])) if aside else seen


def _seen(path: Path, accepted: Sequence[str], *, missing: str) -> WarehouseSeen:
    if not path.exists():
        return WarehouseSeen(WarehouseState.MISSING)
    try:
        connection = duckdb.connect(str(path), read_only=True, config=CONFIG)
    except duckdb.Error as refused:
        return WarehouseSeen(WarehouseState.IN_USE if AT_WORK in str(refused) else WarehouseState.DAMAGED)
    try:
        absent = connection.execute(missing, {"submissions": list(accepted)}).fetchall()
        return WarehouseSeen(WarehouseState.WELL, behind=len(absent))
    except duckdb.CatalogException:  # a file of an older layout, or one of which the building was broken off
        return WarehouseSeen(WarehouseState.OTHER_LAYOUT)
    except duckdb.Error:
        return WarehouseSeen(WarehouseState.DAMAGED)
    finally:
        connection.close()


def _age(aside: Path) -> int:
    note = aside.with_name(aside.name + NOTE)  # a file that is moved keeps its own time
    return (note if note.exists() else aside).lstat().st_mtime_ns


def _found_in(aside: Path) -> DamageKind:
    """Return what was found in a file, by the note that was left beside it."""
    try:
        return DamageKind(json.loads(aside.with_name(aside.name + NOTE).read_bytes())["kind"])
    except (OSError, ValueError, KeyError, TypeError):
        return DamageKind.UNREADABLE
