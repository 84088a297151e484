-- Selects the rows whose planned date differs from the accepted survey summary without a reason.
SELECT
    staged.submission_id,
    staged.row_id,
    staged.plan_date AS found,
    surveyed.plan_date AS summary_plan_date
FROM stage_progress AS staged
INNER JOIN core.survey_summary_current AS surveyed
    ON staged.campaign_id = surveyed.campaign_id
    AND staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
    AND surveyed.is_outdated
WHERE staged.plan_date <> surveyed.plan_date
    AND staged.open_reason IS NULL
ORDER BY staged.row_id;
