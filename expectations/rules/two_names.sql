-- Selects enterprise names that differ from another name of the same credit code, in the workbook or in an accepted survey summary.
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
        earlier.enterprise_name AS other_name
    FROM named
    INNER JOIN named AS earlier
        ON named.submission_id = earlier.submission_id
        AND named.uscc = earlier.uscc
        AND named.row_id > earlier.row_id
    UNION ALL
    SELECT
        named.row_id,
        accepted.enterprise_name
    FROM named
    INNER JOIN accepted
        ON named.uscc = accepted.uscc
        AND NOT (
            '{form}' = 'survey_summary'
            AND named.unit_code = accepted.unit_code
            AND named.industry_key IS NOT DISTINCT FROM accepted.industry_key
        )
)

SELECT
    named.submission_id,
    named.row_id,
    named.enterprise_name AS found,
    named.uscc,
    min(known.other_name) AS other_name
FROM named
INNER JOIN known
    ON named.row_id = known.row_id
WHERE core.normalised(named.enterprise_name) <> core.normalised(known.other_name)
GROUP BY ALL
ORDER BY named.row_id;
