-- Selects how many forms of each unit wait for a person's decision because their newest version came too late, and since when.
WITH newest AS (
    SELECT *
    FROM mart.submission
    WHERE campaign_id = $campaign_id
    QUALIFY version = max(version) OVER (PARTITION BY obligation_id)
)

SELECT
    newest.unit_code,
    count(*) AS held,
    min(newest.arrived_at)::DATE AS since
FROM newest
INNER JOIN mart.obligation AS owed
    ON newest.obligation_id = owed.obligation_id
WHERE newest.decision = 'held'
    AND NOT coalesce(owed.is_exempt, FALSE)
GROUP BY newest.unit_code
ORDER BY since, newest.unit_code;
