-- Selects the campaigns whose rows in one table are not those by which the ledger was mirrored; every row is read.
SELECT coalesce(recorded.campaign_id, found.campaign_id) AS campaign_id
FROM (
    SELECT
        campaign_id,
        content_hash
    FROM core.mirror_hash
    WHERE table_name = '{table}'
) AS recorded
FULL JOIN (
    SELECT
        campaign_id,
        sha256(string_agg(row_hash, '' ORDER BY row_hash)) AS content_hash
    FROM (
        SELECT
            campaign_id,
            core.row_hash(json_array({columns})) AS row_hash
        FROM core.{table}
    )
    GROUP BY campaign_id
) AS found
    ON recorded.campaign_id = found.campaign_id
WHERE recorded.content_hash IS DISTINCT FROM found.content_hash
ORDER BY campaign_id;
