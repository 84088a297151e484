-- As of an instant: every workbook that was taken as an answer to an obligation; one that was held until it was decided again counts as undecided until then.
-- Grain: one row is one version: one workbook that answered one obligation
-- Key: submission_id
-- $as_of: a TIMESTAMP in China's wall clock, or a DATE, which means the end of that day
-- campaign_id: which campaign
-- submission_id: natural key of the submission
-- obligation_id: what it answers
-- unit_code: division code of the unit
-- form: id of the form: contact, inventory_statement, survey_summary (表2), progress (表3), inspection (表4) or completed_list (表5)
-- industry_key: key of the industry; empty when the form is not owed by industry
-- period: the month it speaks of; empty when it has none
-- version: the nth submission for the obligation
-- sha256: hash of the workbook
-- arrived_at: when it arrived, China time
-- decided_at: when it was decided, China time
-- decision: accepted, returned or held
-- is_zero: whether it is a zero report (零报告)
-- finding_count: findings of any severity
-- is_loaded: whether its rows are in the tables of equipment
CREATE MACRO mart.submission_as_of(as_of) AS TABLE
SELECT
    submission.campaign_id,
    submission.submission_id,
    submission.obligation_id,
    submission.unit_code,
    submission.form,
    submission.industry AS industry_key,
    submission.period,
    submission.version,
    submission.sha256,
    submission.arrived_at,
    submission.decided_at,
    submission.decision,
    submission.is_zero,
    submission.finding_count,
    loaded.submission_id IS NOT NULL AS is_loaded
FROM core.submission_as_of(as_of) AS submission
LEFT JOIN core.submission_loaded_as_of(as_of) AS loaded
    ON submission.submission_id = loaded.submission_id
ORDER BY submission.submission_id;
