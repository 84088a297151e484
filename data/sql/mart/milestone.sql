-- The milestones of each campaign, one row a dated turn.
-- Grain: one row is one milestone, or one month of it
-- Key: campaign_id, milestone, period
-- campaign_id: which campaign
-- milestone: id of the milestone
-- title: name of the milestone
-- kind: what it is about
-- period: the month it speaks of, such as 2022-09; empty when it has none
-- hardness: hard, soft (原则上), goal, or info for what was past when the notice came
-- owed_per: unit, industry or period
-- basis: clause of the notice
-- nominal_due_date: the day that the notice writes
-- due_date: the latest due date of any unit, extensions counted
-- close_date: the latest day on which anything is taken
-- obligation_count: how many obligations it made
CREATE VIEW mart.milestone AS
SELECT
    milestone.campaign_id,
    milestone.milestone,
    milestone.title,
    milestone.kind,
    obligation.period,
    milestone.hardness,
    milestone.owed_per,
    milestone.basis,
    min(obligation.nominal_due_date) AS nominal_due_date,
    max(obligation.due_date) AS due_date,
    max(obligation.close_date) AS close_date,
    count(obligation.obligation_id) FILTER (WHERE NOT coalesce(obligation.is_paper, FALSE)) AS obligation_count
FROM core.milestone AS milestone
LEFT JOIN core.obligation AS obligation
    ON milestone.campaign_id = obligation.campaign_id
    AND milestone.milestone = obligation.milestone
GROUP BY ALL
ORDER BY milestone.campaign_id, any_value(milestone.position), obligation.period;
