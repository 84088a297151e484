-- Selects the rows whose count differs from the accepted survey summary.
SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_count AS found,
    surveyed.equip_count AS summary_count
FROM stage_progress AS staged
INNER JOIN core.survey_summary_current AS surveyed
    ON staged.campaign_id = surveyed.campaign_id
    AND staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
    AND surveyed.is_outdated
WHERE staged.equip_count <> surveyed.equip_count
ORDER BY staged.row_id;
