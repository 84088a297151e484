-- Selects one hash a row of one table that mirrors the ledger, over what does not depend on when it was refreshed.
SELECT sha256(to_json(struct_pack({columns}))) AS row_hash
FROM core.{table}
ORDER BY row_hash;
