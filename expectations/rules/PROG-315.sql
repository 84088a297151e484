-- Selects the industries of a submission for which the unit has no accepted survey summary yet.
SELECT
    staged.submission_id,
    min(staged.row_id) AS row_id,
    industry.industry_name,
    count(*) AS items
FROM stage_progress AS staged
INNER JOIN core.industry AS industry
    ON industry.campaign_id = $campaign_id
    AND core.normalised(staged.industry) = core.normalised(industry.industry_name)
LEFT JOIN core.current_submission AS filed
    ON filed.campaign_id = $campaign_id
    AND staged.unit_code = filed.unit_code
    AND industry.industry_key = filed.industry_key
    AND filed.form = 'survey_summary'
WHERE filed.submission_id IS NULL
GROUP BY staged.submission_id, industry.industry_name
ORDER BY row_id;
