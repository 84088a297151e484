-- Selects the industries that a unit answers for and its statement leaves out.
SELECT
    submitted.submission_id,
    NULL AS row_id,
    industry.industry_name
FROM stage_submission AS submitted
INNER JOIN core.required_industry AS required
    ON required.campaign_id = $campaign_id
    AND submitted.unit_code = required.unit_code
INNER JOIN core.industry AS industry
    ON industry.campaign_id = $campaign_id
    AND required.industry_key = industry.industry_key
LEFT JOIN stage_inventory_statement AS staged
    ON submitted.submission_id = staged.submission_id
    AND core.normalised(industry.industry_name) = core.normalised(staged.industry)
WHERE submitted.form = 'inventory_statement'
    AND staged.industry IS NULL
ORDER BY submitted.submission_id, required.position;
