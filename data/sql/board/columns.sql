-- Selects what is owed at each milestone and in each of its months: the due date that most have, and how much of it came.
-- An extension of one unit does not move the due date of the column; paper and exemptions are not expected, nor is a goal
-- of a unit that has nothing to close.
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
        due_date,
        count(*) AS owing
    FROM owed
    GROUP BY milestone, period, due_date
),

common AS (
    SELECT
        milestone,
        period,
        due_date
    FROM dated
    QUALIFY row_number() OVER (PARTITION BY milestone, period ORDER BY owing DESC, due_date) = 1
),

counted AS (
    SELECT
        milestone,
        period,
        count(*) FILTER (WHERE NOT is_exempt AND reason <> $no_task) AS expected,
        count(*) FILTER (WHERE NOT is_exempt AND reason <> $no_task AND accepted_at IS NOT NULL) AS accepted
    FROM owed
    GROUP BY milestone, period
)

SELECT
    counted.milestone,
    counted.period,
    common.due_date,
    counted.expected,
    coalesce(filed.received, 0) AS received,
    coalesce(filed.on_time, 0) AS on_time,
    counted.accepted,
    coalesce(filed.accepted_first_time, 0) AS accepted_first_time
FROM counted
INNER JOIN common
    ON counted.milestone = common.milestone
    AND counted.period IS NOT DISTINCT FROM common.period
LEFT JOIN mart.completeness AS filed
    ON filed.campaign_id = $campaign_id
    AND counted.milestone = filed.milestone
    AND counted.period IS NOT DISTINCT FROM filed.period
ORDER BY common.due_date, counted.milestone, counted.period;
