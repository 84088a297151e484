-- Selects the rows whose equipment item no accepted survey summary of its industry lists as outdated.
WITH surveyed AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_name AS found,
    staged.enterprise_name,
    staged.equip_model
FROM stage_progress AS staged
INNER JOIN core.industry AS industry
    ON industry.campaign_id = $campaign_id
    AND core.normalised(staged.industry) = core.normalised(industry.industry_name)
INNER JOIN core.current_submission AS filed
    ON filed.campaign_id = $campaign_id
    AND staged.unit_code = filed.unit_code
    AND industry.industry_key = filed.industry_key
    AND filed.form = 'survey_summary'
LEFT JOIN surveyed
    ON staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
WHERE surveyed.item_id IS NULL
ORDER BY staged.row_id;
