-- Selects for each campaign what its rows in one table of the core layer come to, in whatever order they lie.
SELECT
    campaign_id,
    count(*) AS row_count,
    sum(CAST(hash(held) AS HUGEINT)) AS row_sum
FROM core.{table} AS held
GROUP BY campaign_id
ORDER BY campaign_id;
