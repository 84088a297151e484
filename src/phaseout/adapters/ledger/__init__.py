"""The ledger (报送台账) in SQLite or PostgreSQL."""

from phaseout.adapters.ledger.sql_ledger import SqlLedger, open_ledger

__all__ = ["SqlLedger", "open_ledger"]
