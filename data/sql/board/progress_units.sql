-- Selects how much each unit has closed, month by month: of each month whose progress form is due or was accepted anywhere.
-- A unit without an accepted form of a month has no figures there: silence is not zero. Its form's standing says why.
WITH months AS (
    SELECT period
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
    UNION
    SELECT period
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND form = 'progress'
        AND period IS NOT NULL
        AND due_date < $as_of_day
),

owed AS (
    SELECT
        unit_code,
        period,
        bool_and(is_exempt) AS is_exempt,
        min(due_date) AS due_date
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND form = 'progress'
        AND NOT coalesce(is_paper, FALSE)
    GROUP BY unit_code, period
)

SELECT
    unit.unit_code,
    unit.unit_name,
    months.period,
    filed.unit_code IS NOT NULL AS is_filed,
    owed.unit_code IS NOT NULL AS is_owed,
    coalesce(owed.is_exempt, FALSE) AS is_exempt,
    coalesce(owed.due_date < $as_of_day, FALSE) AS is_due,
    filed.enterprises::INTEGER AS enterprises,
    filed.closed_enterprises::INTEGER AS closed_enterprises,
    filed.sets::INTEGER AS sets,
    filed.dismantled_sets::INTEGER AS dismantled,
    filed.sealed_sets::INTEGER AS sealed
FROM mart.unit AS unit
CROSS JOIN months
LEFT JOIN mart.progress_monthly AS filed
    ON filed.campaign_id = $campaign_id
    AND unit.unit_code = filed.unit_code
    AND months.period = filed.period
LEFT JOIN owed
    ON unit.unit_code = owed.unit_code
    AND months.period = owed.period
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position, unit.unit_code, months.period;
