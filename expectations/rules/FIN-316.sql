-- Selects the items that passed inspection by an accepted form and that the submission leaves out.
WITH inspected AS MATERIALIZED (
    SELECT *
    FROM core.inspection_current
    WHERE campaign_id = $campaign_id
        AND result = '通过'
)

SELECT
    submitted.submission_id,
    NULL AS row_id,
    inspected.enterprise_name,
    inspected.equip_name,
    inspected.equip_model
FROM stage_submission AS submitted
INNER JOIN inspected
    ON submitted.unit_code = inspected.unit_code
LEFT JOIN stage_completed_list AS staged
    ON submitted.submission_id = staged.submission_id
    AND inspected.item_id = staged.item_id
WHERE submitted.form = 'completed_list'
    AND staged.item_id IS NULL
ORDER BY submitted.submission_id, inspected.sheet_no, inspected.row_no;
