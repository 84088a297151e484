-- Selects all that each unit owes, paper and goals too, with where it stands; in the order in which it is due.
SELECT
    unit_code,
    obligation_id,
    milestone,
    form,
    industry,
    period,
    nominal_due_date,
    due_date,
    close_date,
    hardness,
    is_paper,
    is_exempt,
    standing,
    reason,
    arrived_at,
    accepted_at,
    days_late,
    versions,
    open_findings
FROM mart.obligation
WHERE campaign_id = $campaign_id
ORDER BY unit_code, due_date, milestone, period, form, industry, is_paper, obligation_id;
