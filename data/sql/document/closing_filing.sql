-- Selects how complete and punctual the reporting was, by milestone and period.
SELECT
    milestone.title,
    counted.period,
    milestone.due_date,
    counted.expected::INTEGER AS expected,
    counted.received::INTEGER AS received,
    counted.on_time::INTEGER AS on_time,
    counted.accepted::INTEGER AS accepted,
    counted.accepted_first_time::INTEGER AS accepted_first_time
FROM mart.completeness AS counted
INNER JOIN mart.milestone AS milestone
    ON counted.campaign_id = milestone.campaign_id
    AND counted.milestone = milestone.milestone
    AND counted.period IS NOT DISTINCT FROM milestone.period
WHERE counted.campaign_id = $campaign_id
    AND milestone.nominal_due_date < $day
ORDER BY milestone.due_date, counted.milestone;
