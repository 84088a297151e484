-- Selects the survey summaries whose outdated sets differ from the accepted inventory statement.
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
        coalesce(sum(staged.equip_count), 0) AS computed
    FROM stage_submission AS submitted
    LEFT JOIN stage_survey_summary AS staged
        ON submitted.submission_id = staged.submission_id
        AND staged.is_outdated
    WHERE submitted.form = 'survey_summary'
    GROUP BY ALL
)

SELECT
    counted.submission_id,
    NULL AS row_id,
    counted.computed AS found,
    counted.computed,
    stated.outdated_equipment_count AS stated
FROM counted
INNER JOIN core.industry AS industry
    ON industry.campaign_id = $campaign_id
    AND counted.industry_key = industry.industry_key
INNER JOIN stated
    ON counted.unit_code = stated.unit_code
    AND core.normalised(industry.industry_name) = core.normalised(stated.industry)
WHERE counted.computed <> stated.outdated_equipment_count
ORDER BY counted.submission_id;
