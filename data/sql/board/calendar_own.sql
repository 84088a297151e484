-- Selects the units that have a due date of their own, with how many of their forms it is for; extensions (延期) grant such a date.
WITH owed AS (
    SELECT *
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND NOT coalesce(is_paper, FALSE)
),

common AS (
    SELECT
        milestone,
        period,
        due_date,
        count(*) AS owing
    FROM owed
    GROUP BY milestone, period, due_date
    QUALIFY row_number() OVER (PARTITION BY milestone, period ORDER BY owing DESC, due_date) = 1
)

SELECT
    owed.unit_code,
    owed.unit_name,
    owed.milestone,
    owed.period,
    common.due_date AS common_due_date,
    owed.due_date,
    count(*)::INTEGER AS forms,
    count(*) FILTER (WHERE owed.accepted_at IS NOT NULL)::INTEGER AS accepted
FROM owed
INNER JOIN common
    ON owed.milestone = common.milestone
    AND owed.period IS NOT DISTINCT FROM common.period
    AND owed.due_date <> common.due_date
GROUP BY owed.unit_code, owed.unit_name, owed.milestone, owed.period, common.due_date, owed.due_date
ORDER BY owed.due_date, owed.unit_code, owed.milestone, owed.period;
