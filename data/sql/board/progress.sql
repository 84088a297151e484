-- Selects how many outdated sets there are, and how many are closed and sealed, month by month over all units.
-- A unit that did not file a month counts with the last month it filed.
WITH months AS (
    SELECT DISTINCT period
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
),

carried AS (
    SELECT
        months.period,
        filed.unit_code,
        max_by(filed.sets, filed.period) AS sets,
        max_by(filed.closed_sets, filed.period) AS closed_sets,
        max_by(filed.sealed_sets, filed.period) AS sealed_sets
    FROM months
    INNER JOIN mart.progress_monthly AS filed
        ON filed.campaign_id = $campaign_id
        AND filed.period <= months.period
    GROUP BY months.period, filed.unit_code
)

SELECT
    period,
    sum(sets)::INTEGER AS items,
    sum(closed_sets)::INTEGER AS closed,
    sum(sealed_sets)::INTEGER AS sealed
FROM carried
GROUP BY period
ORDER BY period;
