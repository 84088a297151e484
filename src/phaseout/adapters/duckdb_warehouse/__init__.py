"""The warehouse (数据仓库) in one DuckDB file, derived from archive and ledger."""

from phaseout.adapters.duckdb_warehouse.database import WarehouseInUse, WarehouseLost
from phaseout.adapters.duckdb_warehouse.statements import RuleDidNotRun
from phaseout.adapters.duckdb_warehouse.warehouse import DuckDbWarehouse

__all__ = ["DuckDbWarehouse", "RuleDidNotRun", "WarehouseInUse", "WarehouseLost"]
