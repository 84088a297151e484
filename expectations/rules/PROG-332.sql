-- Selects the submissions that report everything done on one day, after two or more months with nothing done.
WITH accepted AS MATERIALIZED (
    SELECT
        unit_code,
        period,
        coalesce(sum(done_count), 0) AS done
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code, period
),

history AS (
    SELECT
        submitted.submission_id,
        count(*) AS months,
        max(accepted.done) AS done
    FROM stage_submission AS submitted
    INNER JOIN accepted
        ON submitted.unit_code = accepted.unit_code
        AND submitted.period > accepted.period
    WHERE submitted.form = 'progress'
    GROUP BY submitted.submission_id
),

counted AS (
    SELECT
        submission_id,
        count(*) AS items,
        sum(done_count) AS done,
        sum(equip_count) AS sets,
        min(completed_on) AS first_day,
        max(completed_on) AS last_day
    FROM stage_progress
    GROUP BY submission_id
)

SELECT
    counted.submission_id,
    NULL AS row_id,
    counted.last_day AS found,
    counted.last_day,
    history.months,
    counted.items,
    counted.done
FROM counted
INNER JOIN history
    ON counted.submission_id = history.submission_id
WHERE history.months >= 2
    AND history.done = 0
    AND counted.items >= 2
    AND counted.done = counted.sets
    AND counted.first_day = counted.last_day
ORDER BY counted.submission_id;
