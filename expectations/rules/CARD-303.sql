-- Selects enterprise names that differ from another name of the same credit code, on another card or in an accepted survey summary.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
),

named AS (
    SELECT
        submission_id,
        sheet,
        uscc,
        enterprise_name,
        min(row_id) AS row_id
    FROM stage_enterprise_card
    WHERE campaign_id = $campaign_id
        AND uscc IS NOT NULL
        AND enterprise_name IS NOT NULL
    GROUP BY ALL
),

known AS (
    SELECT
        named.row_id,
        earlier.enterprise_name AS other_name
    FROM named
    INNER JOIN named AS earlier
        ON named.uscc = earlier.uscc
        AND named.row_id > earlier.row_id
    UNION ALL
    SELECT
        named.row_id,
        accepted.enterprise_name
    FROM named
    INNER JOIN accepted
        ON named.uscc = accepted.uscc
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
