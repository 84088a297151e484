-- Selects the submissions in which a month's done sets are ten or more, and over five times as many as in the busiest of two or more months before.
WITH accepted AS MATERIALIZED (
    SELECT
        unit_code,
        period,
        coalesce(sum(done_count), 0) AS done
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code, period
),

earlier AS (
    SELECT
        submitted.submission_id,
        accepted.period,
        accepted.done,
        accepted.done - lag(accepted.done, 1, 0) OVER (PARTITION BY submitted.submission_id ORDER BY accepted.period) AS month_done
    FROM stage_submission AS submitted
    INNER JOIN accepted
        ON submitted.unit_code = accepted.unit_code
        AND submitted.period > accepted.period
    WHERE submitted.form = 'progress'
),

history AS (
    SELECT
        submission_id,
        count(*) AS months,
        max(month_done) AS busiest,
        arg_max(done, period) AS done
    FROM earlier
    GROUP BY submission_id
),

counted AS (
    SELECT
        submission_id,
        coalesce(sum(done_count), 0) AS done
    FROM stage_progress
    GROUP BY submission_id
)

SELECT
    counted.submission_id,
    NULL AS row_id,
    counted.done - history.done AS found,
    counted.done - history.done AS month_done,
    history.months,
    history.busiest
FROM counted
INNER JOIN history
    ON counted.submission_id = history.submission_id
WHERE history.months >= 2
    AND history.busiest > 0
    AND counted.done - history.done >= 10
    AND counted.done - history.done > 5 * history.busiest
ORDER BY counted.submission_id;
