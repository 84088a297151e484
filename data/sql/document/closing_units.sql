-- Selects by unit how the year went: forms owed, on time, late and missing, returns, letters about lateness, and what was closed.
WITH owed AS (
    SELECT
        unit_code,
        count(*) AS expected,
        count(*) FILTER (WHERE arrived_at IS NOT NULL AND days_late <= 0) AS on_time,
        count(*) FILTER (WHERE arrived_at IS NOT NULL AND days_late > 0) AS late,
        count(*) FILTER (WHERE arrived_at IS NULL) AS missing
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND form IS NOT NULL
        AND NOT coalesce(is_paper, FALSE)
        AND NOT coalesce(is_exempt, FALSE)
        AND nominal_due_date < $day
    GROUP BY unit_code
),

returned AS (
    SELECT
        unit_code,
        count(*) AS returns
    FROM mart.submission
    WHERE campaign_id = $campaign_id
        AND decision = 'returned'
    GROUP BY unit_code
),

progress AS (
    SELECT
        unit_code,
        max_by(sets, period) AS sets,
        max_by(closed_sets, period) AS done,
        max_by(sealed_sets, period) AS sealed,
        max_by(enterprises, period) AS enterprises,
        max_by(closed_enterprises, period) AS closed_enterprises
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code
),

inspected AS (
    SELECT
        unit_code,
        sum(equip_count) FILTER (WHERE result = '通过') AS passed
    FROM mart.inspection
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code
),

reported AS (
    SELECT DISTINCT unit_code
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND form = 'survey_summary'
        AND NOT coalesce(is_paper, FALSE)
        AND accepted_at IS NOT NULL
)

SELECT
    unit.unit_name,
    coalesce(owed.expected, 0)::INTEGER AS expected,
    coalesce(owed.on_time, 0)::INTEGER AS on_time,
    coalesce(owed.late, 0)::INTEGER AS late,
    coalesce(owed.missing, 0)::INTEGER AS missing,
    coalesce(returned.returns, 0)::INTEGER AS returns,
    coalesce(progress.enterprises, 0)::INTEGER AS enterprises,
    coalesce(progress.closed_enterprises, 0)::INTEGER AS closed_enterprises,
    coalesce(progress.sets, 0)::INTEGER AS sets,
    coalesce(progress.done, 0)::INTEGER AS done,
    (coalesce(progress.done, 0) - coalesce(progress.sealed, 0))::INTEGER AS dismantled,
    coalesce(progress.sealed, 0)::INTEGER AS sealed,
    coalesce(inspected.passed, 0)::INTEGER AS inspected,
    (coalesce(progress.sets, 0) - coalesce(progress.done, 0))::INTEGER AS left_open,
    reported.unit_code IS NOT NULL AS has_inventory
FROM mart.unit AS unit
LEFT JOIN owed ON unit.unit_code = owed.unit_code
LEFT JOIN returned ON unit.unit_code = returned.unit_code
LEFT JOIN progress ON unit.unit_code = progress.unit_code
LEFT JOIN inspected ON unit.unit_code = inspected.unit_code
LEFT JOIN reported ON unit.unit_code = reported.unit_code
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position;
