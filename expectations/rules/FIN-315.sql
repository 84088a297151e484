-- Selects the rows whose day of inspection differs from the accepted inspection form that passed.
WITH inspected AS MATERIALIZED (
    SELECT *
    FROM core.inspection_current
    WHERE campaign_id = $campaign_id
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.inspected_on AS found,
    inspected.inspected_on AS other_date
FROM stage_completed_list AS staged
INNER JOIN inspected
    ON staged.unit_code = inspected.unit_code
    AND staged.item_id = inspected.item_id
    AND inspected.result = '通过'
WHERE staged.inspected_on <> inspected.inspected_on
ORDER BY staged.row_id;
