-- Selects the industries whose enterprises differ from the accepted survey summary: all, and those with outdated equipment.
WITH counted AS (
    SELECT
        filed.unit_code,
        core.normalised(industry.industry_name) AS industry,
        count(DISTINCT coalesce(surveyed.uscc, surveyed.enterprise_name)) AS surveyed_count,
        count(DISTINCT CASE WHEN surveyed.is_outdated THEN coalesce(surveyed.uscc, surveyed.enterprise_name) END) AS outdated_count
    FROM core.current_submission AS filed
    INNER JOIN core.industry AS industry
        ON industry.campaign_id = $campaign_id
        AND filed.industry_key = industry.industry_key
    LEFT JOIN core.survey_summary_current AS surveyed
        ON filed.submission_id = surveyed.submission_id
    WHERE filed.campaign_id = $campaign_id
        AND filed.form = 'survey_summary'
    GROUP BY filed.unit_code, industry.industry_name
)

SELECT
    staged.submission_id,
    staged.row_id,
    'surveyed_count' AS field,
    staged.industry AS found,
    '排查企业' AS label,
    staged.surveyed_count AS stated,
    counted.surveyed_count AS computed
FROM stage_inventory_statement AS staged
INNER JOIN counted
    ON staged.unit_code = counted.unit_code
    AND core.normalised(staged.industry) = counted.industry
WHERE staged.surveyed_count <> counted.surveyed_count
UNION ALL
SELECT
    staged.submission_id,
    staged.row_id,
    'outdated_count',
    staged.industry,
    '存在落后装备企业',
    staged.outdated_count,
    counted.outdated_count
FROM stage_inventory_statement AS staged
INNER JOIN counted
    ON staged.unit_code = counted.unit_code
    AND core.normalised(staged.industry) = counted.industry
WHERE staged.outdated_count <> counted.outdated_count
ORDER BY row_id, field DESC;
