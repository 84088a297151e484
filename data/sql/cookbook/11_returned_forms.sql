-- Which forms were returned, why, and how soon was the correction there?
-- 哪些报表被退回？原因是什么？更正件多久报来？
-- A return (退回) names every error; warnings alone do not return a form. `correction_days` are calendar days to the next version.
WITH versions AS (
    SELECT
        *,
        lead(arrived_at) OVER (PARTITION BY obligation_id ORDER BY version) AS corrected_at
    FROM mart.submission
    WHERE campaign_id = 'jiangsu-2022'
)

SELECT
    unit.unit_name,
    versions.form,
    versions.industry_key,
    versions.version,
    versions.decided_at,
    versions.corrected_at,
    date_diff('day', versions.decided_at::DATE, versions.corrected_at::DATE) AS correction_days,
    string_agg(DISTINCT finding.rule || ' ' || finding.title, '；' ORDER BY finding.rule || ' ' || finding.title) AS broken_rules
FROM versions
INNER JOIN mart.unit AS unit
    ON versions.campaign_id = unit.campaign_id
    AND versions.unit_code = unit.unit_code
INNER JOIN mart.finding AS finding
    ON versions.submission_id = finding.submission_id
    AND finding.severity IN ('blocking', 'error')
WHERE versions.decision = 'returned'
GROUP BY ALL
ORDER BY versions.decided_at, unit.unit_name, versions.form, versions.industry_key;
