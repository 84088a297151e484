-- Selects one hash over the rows of one table, in the order of their hashes, and over nothing that depends on when it was refreshed.
SELECT coalesce(sha256(string_agg(row_hash, '' ORDER BY row_hash)), '') AS table_hash
FROM (
    SELECT core.row_hash(json_array({columns})) AS row_hash
    FROM core.{table}
);
