-- Selects the first row of each industry that the campaign does not have.
SELECT
    staged.submission_id,
    min(staged.row_id) AS row_id,
    staged.industry AS found
FROM stage_{form} AS staged
WHERE staged.industry IS NOT NULL
    AND EXISTS (
        SELECT 1
        FROM core.industry AS industry
        WHERE industry.campaign_id = $campaign_id
    )
    AND NOT EXISTS (
        SELECT 1
        FROM core.industry AS industry
        WHERE industry.campaign_id = $campaign_id
            AND core.normalised(staged.industry) = core.normalised(industry.industry_name)
    )
GROUP BY staged.submission_id, staged.industry
ORDER BY row_id;
