-- Selects the rows whose closure status lies before that of the last accepted month, with the reason given.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
),

previous AS (
    SELECT
        staged.row_id,
        accepted.period,
        accepted.closure_status
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
    staged.closure_status AS found,
    previous.period AS previous_period,
    previous.closure_status AS previous_status,
    coalesce(staged.open_reason, '见备注') AS reason
FROM stage_progress AS staged
INNER JOIN previous
    ON staged.row_id = previous.row_id
WHERE core.status_rank(staged.closure_status) < core.status_rank(previous.closure_status)
    AND (staged.open_reason IS NOT NULL OR staged.has_remark)
ORDER BY staged.row_id;
