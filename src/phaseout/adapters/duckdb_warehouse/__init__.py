"""The warehouse (数据仓库) in one DuckDB file, derived from archive and ledger."""

from phaseout.adapters.duckdb_warehouse.database import NoFileToPublish, WarehouseInUse, WarehouseLost
from phaseout.adapters.duckdb_warehouse.warehouse import DuckDbWarehouse, NotStaged

__all__ = ["DuckDbWarehouse", "NoFileToPublish", "NotStaged", "WarehouseInUse", "WarehouseLost"]
