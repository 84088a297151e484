-- Selects the survey summaries whose enterprises differ from the accepted inventory statement: all, and those with outdated equipment.
WITH stated AS MATERIALIZED (
    SELECT *
    FROM core.inventory_statement_current
    WHERE campaign_id = $campaign_id
),

counted AS (
    SELECT
        submitted.submission_id,
        submitted.unit_code,
        submitted.industry_key,
        count(DISTINCT coalesce(staged.uscc, staged.enterprise_name)) AS surveyed_count,
        count(DISTINCT CASE WHEN staged.is_outdated THEN coalesce(staged.uscc, staged.enterprise_name) END) AS outdated_count
    FROM stage_submission AS submitted
    LEFT JOIN stage_survey_summary AS staged
        ON submitted.submission_id = staged.submission_id
    WHERE submitted.form = 'survey_summary'
    GROUP BY ALL
),

compared AS (
    SELECT
        counted.submission_id,
        counted.surveyed_count,
        counted.outdated_count,
        stated.surveyed_count AS stated_surveyed,
        stated.outdated_count AS stated_outdated
    FROM counted
    INNER JOIN core.industry AS industry
        ON industry.campaign_id = $campaign_id
        AND counted.industry_key = industry.industry_key
    INNER JOIN stated
        ON counted.unit_code = stated.unit_code
        AND core.normalised(industry.industry_name) = core.normalised(stated.industry)
)

SELECT
    submission_id,
    NULL AS row_id,
    '企业' AS label,
    surveyed_count AS found,
    surveyed_count AS computed,
    stated_surveyed AS stated
FROM compared
WHERE surveyed_count <> stated_surveyed
UNION ALL
SELECT
    submission_id,
    NULL,
    '存在落后装备的企业',
    outdated_count,
    outdated_count,
    stated_outdated
FROM compared
WHERE outdated_count <> stated_outdated
ORDER BY submission_id, label;
