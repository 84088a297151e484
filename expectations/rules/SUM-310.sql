-- Selects the sheets whose industry is not the one that the submission answers for.
SELECT
    staged.submission_id,
    min(staged.row_id) AS row_id,
    staged.industry AS found,
    industry.industry_name
FROM stage_survey_summary AS staged
INNER JOIN core.industry AS industry
    ON industry.campaign_id = $campaign_id
    AND staged.industry_key = industry.industry_key
WHERE core.normalised(staged.industry) <> core.normalised(industry.industry_name)
GROUP BY staged.submission_id, staged.sheet, staged.industry, industry.industry_name
ORDER BY row_id;
