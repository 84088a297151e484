-- What was known of each obligation when: due dates before and after extensions (延期) and re-plannings, exemptions (免报), reopenings.
-- Grain: one row is one stretch of time in which an obligation was known to be so; while it was not owed it has no row
-- Key: obligation_id, known_at
-- campaign_id: which campaign
-- obligation_id: natural key of the obligation
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- milestone: id of the milestone
-- form: id of the form; empty for a goal
-- industry_key: key of the industry; empty when the form is not owed by industry
-- period: the month it speaks of; empty when it has none
-- is_paper: whether it is owed on paper, beside the file
-- known_at: since when it was so, China time: when it was written, or the act that made it so was recorded
-- replaced_at: until when it was so, China time; empty of what holds today
-- open_date: the day from which it may be met
-- nominal_due_date: the day that the notice writes
-- due_date: the last day on time
-- reminder_date: the working day on which the unit hears before the due date
-- close_date: the day after which nothing is taken
-- hardness: hard, soft (原则上) or goal
-- is_exempt: whether the unit was exempt from it
CREATE VIEW mart.obligation_term AS
SELECT
    campaign_id,
    obligation_id,
    unit_code,
    unit_name,
    milestone,
    form,
    industry AS industry_key,
    period,
    is_paper,
    known_from AS known_at,
    known_until AS replaced_at,
    open_date,
    nominal_due_date,
    due_date,
    reminder_date,
    close_date,
    hardness,
    is_exempt
FROM core.obligation_term
ORDER BY obligation_id, known_at;
