-- Selects the rows without an accepted inspection form that passed.
SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_name AS found,
    staged.enterprise_name,
    staged.equip_model
FROM stage_completed_list AS staged
LEFT JOIN core.inspection_current AS inspected
    ON staged.campaign_id = inspected.campaign_id
    AND staged.unit_code = inspected.unit_code
    AND staged.item_id = inspected.item_id
    AND inspected.result = '通过'
WHERE inspected.item_id IS NULL
ORDER BY staged.row_id;
