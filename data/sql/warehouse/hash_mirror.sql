-- Records one hash over a campaign's rows in one table that mirrors the ledger, in the order of the rows' own hashes.
INSERT INTO core.mirror_hash
SELECT
    campaign_id,
    '{table}',
    sha256(string_agg(row_hash, '' ORDER BY row_hash))
FROM (
    SELECT
        campaign_id,
        core.row_hash(json_array({columns})) AS row_hash
    FROM core.{table}
    WHERE campaign_id = $campaign
)
GROUP BY campaign_id;
