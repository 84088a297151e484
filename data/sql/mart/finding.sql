-- Where a rule did not hold, without the values that were found.
-- Grain: one row is one place in one submission where a rule did not hold
-- Key: submission_id, finding_no
-- campaign_id: which campaign
-- submission_id: in which submission
-- unit_code: division code of the unit
-- form: id of the form: contact, inventory_statement, survey_summary (表2), progress (表3), inspection (表4) or completed_list (表5)
-- version: version of the submission
-- finding_no: place of the finding within the submission
-- rule: id of the rule
-- severity: blocking, error, warning or note
-- title: what the rule asks
-- remedy: what the unit is to do, in Chinese; the rule's words, without the values that were found
-- row_no: row of the sheet, from 1; empty when the finding is about the whole
-- cell: cell of the sheet, such as D12
-- field: field of the form
-- field_label: the field's label on the form
CREATE VIEW mart.finding AS
SELECT
    finding.campaign_id,
    finding.submission_id,
    submission.unit_code,
    submission.form,
    submission.version,
    finding.finding_no,
    finding.rule,
    finding.severity,
    finding.title,
    finding.remedy,
    finding.row_no,
    finding.cell,
    finding.field,
    finding.field_label
FROM core.finding AS finding
LEFT JOIN core.submission AS submission
    ON finding.submission_id = submission.submission_id
ORDER BY finding.submission_id, finding.finding_no;
