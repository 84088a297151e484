-- Selects the rows whose day of inspection differs from the accepted inspection form that passed.
SELECT
    staged.submission_id,
    staged.row_id,
    staged.inspected_on AS found,
    inspected.inspected_on AS other_date
FROM stage_completed_list AS staged
INNER JOIN core.inspection_current AS inspected
    ON staged.campaign_id = inspected.campaign_id
    AND staged.unit_code = inspected.unit_code
    AND staged.item_id = inspected.item_id
    AND inspected.result = '通过'
WHERE staged.inspected_on <> inspected.inspected_on
ORDER BY staged.row_id;
