"""The ledger's migrations (台账结构变更), run by `schema` alone."""
