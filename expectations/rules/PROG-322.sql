-- Selects the rows whose done count is less than in the last accepted month.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
),

previous AS (
    SELECT
        staged.row_id,
        accepted.period,
        accepted.closure_status,
        accepted.done_count
    FROM stage_progress AS staged
    INNER JOIN accepted
        ON staged.unit_code = accepted.unit_code
        AND staged.item_id = accepted.item_id
        AND staged.period > accepted.period
    QUALIFY row_number() OVER (PARTITION BY staged.row_id ORDER BY accepted.period DESC) = 1
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.done_count AS found,
    previous.period AS previous_period,
    previous.done_count AS previous_done
FROM stage_progress AS staged
INNER JOIN previous
    ON staged.row_id = previous.row_id
WHERE staged.done_count < previous.done_count
ORDER BY staged.row_id;
