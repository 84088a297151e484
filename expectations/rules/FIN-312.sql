-- Selects the rows whose count differs from the accepted inspection form that passed.
WITH inspected AS MATERIALIZED (
    SELECT *
    FROM core.inspection_current
    WHERE campaign_id = $campaign_id
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_count AS found,
    inspected.equip_count AS inspection_count
FROM stage_completed_list AS staged
INNER JOIN inspected
    ON staged.unit_code = inspected.unit_code
    AND staged.item_id = inspected.item_id
    AND inspected.result = '通过'
WHERE staged.equip_count <> inspected.equip_count
ORDER BY staged.row_id;
