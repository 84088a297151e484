-- Which rules cost the first-time acceptance?
-- 首次报送未能通过，是哪些规则造成的？
-- Of the first versions (首版) of each form: how many broke the rule, and how many of those were returned. A warning is broken without a return; a return with two errors counts for both.
WITH first_version AS (
    SELECT
        submission_id,
        form,
        decision,
        count(*) OVER (PARTITION BY form) AS form_count
    FROM mart.submission
    WHERE campaign_id = 'jiangsu-2022'
        AND version = 1
),

broken AS (
    SELECT DISTINCT
        submission_id,
        rule,
        severity
    FROM mart.finding
    WHERE campaign_id = 'jiangsu-2022'
)

SELECT
    first_version.form,
    broken.rule,
    broken.severity,
    any_value(first_version.form_count) AS first_version_count,
    count(*) AS broken_count,
    count(*) FILTER (WHERE first_version.decision = 'returned') AS returned_count,
    round(count(*) FILTER (WHERE first_version.decision = 'returned') / any_value(first_version.form_count), 4) AS lost_rate
FROM first_version
INNER JOIN broken
    ON first_version.submission_id = broken.submission_id
GROUP BY first_version.form, broken.rule, broken.severity
ORDER BY lost_rate DESC, broken_count DESC, broken.rule;
