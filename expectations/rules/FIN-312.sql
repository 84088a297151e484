-- Selects the rows whose count differs from the accepted inspection form that passed.
SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_count AS found,
    inspected.equip_count AS inspection_count
FROM stage_completed_list AS staged
INNER JOIN core.inspection_current AS inspected
    ON staged.campaign_id = inspected.campaign_id
    AND staged.unit_code = inspected.unit_code
    AND staged.item_id = inspected.item_id
    AND inspected.result = '通过'
WHERE staged.equip_count <> inspected.equip_count
ORDER BY staged.row_id;
