-- Selects credit codes that differ from another code of the same enterprise name, in the workbook or in an accepted survey summary.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
),

named AS (
    SELECT
        submission_id,
        unit_code,
        industry_key,
        uscc,
        enterprise_name,
        min(row_id) AS row_id
    FROM stage_{form}
    WHERE uscc IS NOT NULL
        AND enterprise_name IS NOT NULL
    GROUP BY ALL
),

known AS (
    SELECT
        named.row_id,
        earlier.uscc AS other_uscc
    FROM named
    INNER JOIN named AS earlier
        ON named.submission_id = earlier.submission_id
        AND core.normalised(named.enterprise_name) = core.normalised(earlier.enterprise_name)
        AND named.row_id > earlier.row_id
    UNION ALL
    SELECT
        named.row_id,
        accepted.uscc
    FROM named
    INNER JOIN accepted
        ON core.normalised(named.enterprise_name) = core.normalised(accepted.enterprise_name)
        AND NOT (
            '{form}' = 'survey_summary'
            AND named.unit_code = accepted.unit_code
            AND named.industry_key IS NOT DISTINCT FROM accepted.industry_key
        )
)

SELECT
    named.submission_id,
    named.row_id,
    named.uscc AS found,
    named.enterprise_name,
    min(known.other_uscc) AS other_uscc
FROM named
INNER JOIN known
    ON named.row_id = known.row_id
WHERE named.uscc <> known.other_uscc
GROUP BY ALL
ORDER BY named.row_id;
