-- Selects the days of each milestone and of each of its months, as most units have them; an extension moves one unit alone.
WITH owed AS (
    SELECT *
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND NOT coalesce(is_paper, FALSE)
),

dated AS (
    SELECT
        milestone,
        period,
        nominal_due_date,
        due_date,
        reminder_date,
        close_date,
        count(DISTINCT unit_code) AS units
    FROM owed
    GROUP BY milestone, period, nominal_due_date, due_date, reminder_date, close_date
)

SELECT
    milestone,
    period,
    nominal_due_date,
    due_date,
    reminder_date,
    close_date,
    units::INTEGER AS units
FROM dated
QUALIFY row_number() OVER (PARTITION BY milestone, period ORDER BY units DESC, due_date, close_date) = 1
ORDER BY due_date, milestone, period;
