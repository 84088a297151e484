-- Selects where each unit stands at each milestone and month: the standing that most needs somebody, and how many are accepted.
WITH owed AS (
    SELECT
        *,
        list_position(
            ['never_filed', 'late', 'returned', 'held', 'received', 'open', 'not_open', 'accepted'], standing
        ) AS urgency
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND NOT coalesce(is_paper, FALSE)
)

SELECT
    unit_code,
    milestone,
    period,
    bool_and(is_exempt) AS is_exempt,
    count(*) FILTER (WHERE NOT is_exempt) AS owed,
    count(*) FILTER (WHERE NOT is_exempt AND standing = 'accepted') AS accepted,
    coalesce(max(days_late) FILTER (WHERE NOT is_exempt), 0) AS days_late,
    coalesce(
        first(standing ORDER BY urgency, days_late DESC, obligation_id) FILTER (WHERE NOT is_exempt),
        first(standing ORDER BY urgency, obligation_id)
    ) AS standing,
    coalesce(
        first(reason ORDER BY urgency, days_late DESC, obligation_id) FILTER (WHERE NOT is_exempt),
        string_agg(DISTINCT reason, '；' ORDER BY reason)
    ) AS reason,
    histogram(standing) FILTER (WHERE NOT is_exempt) AS standings
FROM owed
GROUP BY unit_code, milestone, period
ORDER BY unit_code, milestone, period;
