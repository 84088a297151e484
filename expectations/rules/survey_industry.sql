-- Selects the rows that stand under another industry than in the accepted survey summary.
WITH surveyed AS MATERIALIZED (
    SELECT
        unit_code,
        item_id,
        min(industry) AS industry,
        list(core.normalised(industry)) AS industries
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
    GROUP BY unit_code, item_id
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.industry AS found,
    surveyed.industry AS summary_industry
FROM stage_{form} AS staged
INNER JOIN surveyed
    ON staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
WHERE staged.industry IS NOT NULL
    AND NOT list_contains(surveyed.industries, core.normalised(staged.industry))
ORDER BY staged.row_id;
