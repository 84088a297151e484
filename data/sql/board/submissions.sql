-- Selects each version of each form with what was decided of it, the newest first.
SELECT
    submission.unit_code,
    submission.submission_id,
    submission.obligation_id,
    submission.form,
    submission.industry_key AS industry,
    submission.period,
    submission.version,
    submission.arrived_at,
    submission.decided_at,
    submission.decision,
    submission.is_zero,
    submission.finding_count
FROM mart.submission AS submission
WHERE submission.campaign_id = $campaign_id
ORDER BY submission.unit_code, submission.arrived_at DESC, submission.obligation_id, submission.version DESC;
