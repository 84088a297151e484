-- Selects the whole campaign's progress month by month up to a month; a unit without an accepted form counts with its newest one before.
WITH months AS (
    SELECT DISTINCT period
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
        AND period <= $period
),

newest AS (
    SELECT
        months.period,
        counted.unit_code,
        max_by(counted.sets, counted.period) AS sets,
        max_by(counted.closed_sets, counted.period) AS done,
        max_by(counted.sealed_sets, counted.period) AS sealed
    FROM months
    INNER JOIN mart.progress_monthly AS counted
        ON counted.campaign_id = $campaign_id
        AND counted.period <= months.period
    GROUP BY months.period, counted.unit_code
)

SELECT
    period,
    sum(sets)::INTEGER AS sets,
    sum(done)::INTEGER AS done,
    sum(done)::INTEGER - coalesce(lag(sum(done)::INTEGER) OVER (ORDER BY period), 0) AS done_this_month,
    (sum(done) - sum(sealed))::INTEGER AS dismantled,
    sum(sealed)::INTEGER AS sealed,
    (sum(sets) - sum(done))::INTEGER AS left_open
FROM newest
GROUP BY period
ORDER BY period;
