-- Selects the rows whose planned date differs from the accepted survey summary without a reason.
WITH surveyed AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.plan_date AS found,
    surveyed.plan_date AS summary_plan_date
FROM stage_progress AS staged
INNER JOIN surveyed
    ON staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
WHERE staged.plan_date <> surveyed.plan_date
    AND staged.open_reason IS NULL
    AND NOT staged.has_remark
ORDER BY staged.row_id;
