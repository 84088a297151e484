-- Selects for each unit and month how much was due by then, how much of that came on time, and how much passed at first.
WITH first_version AS (
    SELECT
        obligation_id,
        decision
    FROM mart.submission
    WHERE campaign_id = $campaign_id
        AND version = 1
)

SELECT
    owed.unit_code,
    strftime(owed.due_date, '%Y-%m') AS month,
    count(*) AS expected,
    count(*) FILTER (WHERE owed.arrived_at IS NOT NULL AND owed.days_late <= 0) AS on_time,
    count(*) FILTER (WHERE owed.accepted_at IS NOT NULL AND first_version.decision = 'accepted') AS accepted_first_time
FROM mart.obligation AS owed
LEFT JOIN first_version
    ON owed.obligation_id = first_version.obligation_id
WHERE owed.campaign_id = $campaign_id
    AND owed.form IS NOT NULL
    AND owed.due_date < $as_of_day
    AND NOT coalesce(owed.is_paper, FALSE)
    AND NOT coalesce(owed.is_exempt, FALSE)
GROUP BY ALL
ORDER BY owed.unit_code, month;
