-- Selects each unit with its figures: of the forms whose due date has passed, of what is late or returned, and of its letters.
WITH first_version AS (
    SELECT
        obligation_id,
        decision
    FROM mart.submission
    WHERE campaign_id = $campaign_id
        AND version = 1
),

filings AS (
    SELECT
        owed.unit_code,
        count(*) AS owed,
        count(*) FILTER (WHERE owed.due_date < $as_of_day) AS expected,
        count(*) FILTER (WHERE owed.due_date < $as_of_day AND owed.arrived_at IS NOT NULL) AS received,
        count(*) FILTER (WHERE owed.due_date < $as_of_day AND owed.arrived_at IS NOT NULL AND owed.days_late <= 0) AS on_time,
        count(*) FILTER (WHERE owed.due_date < $as_of_day AND owed.accepted_at IS NOT NULL) AS accepted,
        count(*) FILTER (
            WHERE owed.due_date < $as_of_day AND owed.accepted_at IS NOT NULL AND first_version.decision = 'accepted'
        ) AS accepted_first_time,
        count(*) FILTER (WHERE owed.standing IN ('late', 'never_filed') AND owed.hardness = 'hard') AS overdue,
        count(*) FILTER (WHERE owed.standing IN ('late', 'never_filed') AND owed.hardness = 'soft') AS overdue_soft,
        count(*) FILTER (WHERE owed.standing = 'returned') AS returned,
        count(*) FILTER (WHERE owed.standing = 'held') AS held,
        max(owed.days_late) FILTER (WHERE owed.standing IN ('late', 'never_filed')) AS days_late
    FROM mart.obligation AS owed
    LEFT JOIN first_version
        ON owed.obligation_id = first_version.obligation_id
    WHERE owed.campaign_id = $campaign_id
        AND owed.form IS NOT NULL
        AND NOT coalesce(owed.is_paper, FALSE)
        AND NOT coalesce(owed.is_exempt, FALSE)
    GROUP BY owed.unit_code
),

newest AS (
    SELECT *
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
    QUALIFY period = max(period) OVER (PARTITION BY unit_code)
),

written AS (
    SELECT
        unit_code,
        count(*) AS letters
    FROM mart.letter
    WHERE campaign_id = $campaign_id
        AND state IN ('queued', 'sending', 'sent', 'uncertain')
    GROUP BY unit_code
)

SELECT
    unit.unit_code,
    unit.unit_name,
    unit.body,
    coalesce(filings.owed, 0) AS owed,
    coalesce(filings.expected, 0) AS expected,
    coalesce(filings.received, 0) AS received,
    coalesce(filings.on_time, 0) AS on_time,
    coalesce(filings.accepted, 0) AS accepted,
    coalesce(filings.accepted_first_time, 0) AS accepted_first_time,
    coalesce(filings.overdue, 0) AS overdue,
    coalesce(filings.overdue_soft, 0) AS overdue_soft,
    coalesce(filings.returned, 0) AS returned,
    coalesce(filings.held, 0) AS held,
    filings.days_late,
    newest.period AS progress_period,
    newest.sets,
    newest.closed_sets,
    newest.sealed_sets,
    newest.dismantled_sets,
    coalesce(written.letters, 0) AS letters
FROM mart.unit AS unit
LEFT JOIN filings
    ON unit.unit_code = filings.unit_code
LEFT JOIN newest
    ON unit.unit_code = newest.unit_code
LEFT JOIN written
    ON unit.unit_code = written.unit_code
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position, unit.unit_code;
