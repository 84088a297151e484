-- Selects the rows inspected before the completion date of the newest accepted progress form.
WITH newest AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
    QUALIFY period = max(period) OVER (PARTITION BY unit_code)
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.inspected_on AS found,
    newest.completed_on
FROM stage_inspection AS staged
INNER JOIN newest
    ON newest.campaign_id = $campaign_id
    AND staged.unit_code = newest.unit_code
    AND staged.item_id = newest.item_id
WHERE staged.inspected_on < newest.completed_on
ORDER BY staged.row_id;
