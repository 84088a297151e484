-- Selects the submissions that were accepted or returned after one instant and up to another, by unit, in the order of decision.
SELECT
    submission.unit_code,
    unit.unit_name,
    submission.form,
    industry.industry_name,
    submission.period,
    submission.version,
    submission.decision,
    submission.decided_at::DATE AS decided_on
FROM mart.submission AS submission
INNER JOIN mart.unit AS unit
    ON submission.campaign_id = unit.campaign_id
    AND submission.unit_code = unit.unit_code
LEFT JOIN core.industry AS industry
    ON submission.campaign_id = industry.campaign_id
    AND submission.industry_key = industry.industry_key
WHERE submission.campaign_id = $campaign_id
    AND submission.decision IN ('accepted', 'returned')
    AND submission.decided_at > $after
    AND submission.decided_at <= $until
ORDER BY unit.position, submission.decided_at, submission.submission_id;
