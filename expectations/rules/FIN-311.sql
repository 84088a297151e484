-- Selects the rows without an accepted inspection form that passed.
WITH inspected AS MATERIALIZED (
    SELECT *
    FROM core.inspection_current
    WHERE campaign_id = $campaign_id
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_name AS found,
    staged.enterprise_name,
    staged.equip_model
FROM stage_completed_list AS staged
LEFT JOIN inspected
    ON staged.unit_code = inspected.unit_code
    AND staged.item_id = inspected.item_id
    AND inspected.result = '通过'
WHERE inspected.item_id IS NULL
ORDER BY staged.row_id;
