-- Which rules are broken most?
-- 哪些校验规则最常被违反？
-- Broken is not returned: only blocking and error return a form, and question 14 counts the returns. Counts places and forms apart: a hundred places in one form are one form that must be corrected. What a rule asks is in [rules.md](rules.md).
SELECT
    rule,
    severity,
    any_value(title) AS title,
    count(*) AS finding_count,
    count(DISTINCT submission_id) AS submission_count,
    count(DISTINCT unit_code) AS unit_count
FROM mart.finding
WHERE campaign_id = 'jiangsu-2022'
GROUP BY rule, severity
ORDER BY submission_count DESC, finding_count DESC, rule;
