-- Selects the rows whose equipment item no accepted survey summary lists as outdated.
SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_name AS found,
    staged.enterprise_name,
    staged.equip_model
FROM stage_inspection AS staged
LEFT JOIN core.survey_summary_current AS surveyed
    ON staged.campaign_id = surveyed.campaign_id
    AND staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
    AND surveyed.is_outdated
WHERE surveyed.item_id IS NULL
ORDER BY staged.row_id;
