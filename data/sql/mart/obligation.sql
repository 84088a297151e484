-- What each unit owes and where it stands, as of the last publication.
-- Grain: one row is one form, paper copy or goal that one unit owes
-- Key: obligation_id
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- milestone: id of the milestone, such as summary; its name is the title of mart.milestone
-- form: id of the form: contact, inventory_statement, survey_summary (表2), progress (表3), inspection (表4) or completed_list (表5); empty for a goal
-- industry: key of the industry; empty when the form is not owed by industry
-- period: the month it speaks of; empty when it has none
-- nominal_due_date: the day that the notice writes
-- due_date: the last day on time, after calendar policy and extensions
-- standing: not_open, open, late, received, held, returned, accepted or never_filed
-- reason: the standing explained, in Chinese
-- arrived_at: when the first submission arrived, China time
-- accepted_at: when a submission was accepted, China time
-- days_late: working days past the due date; negative before it
-- versions: submissions so far
-- open_findings: findings of severity error or above on the newest submission
-- reminder_date: the working day on which the unit hears before the due date
-- close_date: the day after which nothing is taken
-- hardness: hard, soft (原则上) or goal
-- is_paper: whether it is owed on paper, beside the file; the file is an obligation of its own
-- is_exempt: whether the office has exempted the unit from it (免报); it is not expected then
-- obligation_id: natural key of the obligation
CREATE VIEW mart.obligation AS
SELECT
    campaign_id,
    unit_code,
    unit_name,
    milestone,
    form,
    industry,
    period,
    nominal_due_date,
    due_date,
    standing,
    reason,
    arrived_at,
    accepted_at,
    days_late,
    versions,
    open_findings,
    reminder_date,
    close_date,
    hardness,
    is_paper,
    is_exempt,
    obligation_id
FROM core.obligation
ORDER BY obligation_id;
