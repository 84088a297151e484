-- Selects each unit's figures for the bulletin of a month: inventory from 表2, closures from the newest 表3 up to the month, and how it filed.
-- An item is overdue from the day after its planned date.
WITH surveyed AS (
    SELECT
        unit_code,
        count(DISTINCT uscc) AS enterprises,
        count(DISTINCT uscc) FILTER (WHERE is_outdated) AS outdated_enterprises,
        count(*) FILTER (WHERE is_outdated) AS items,
        coalesce(sum(equip_count) FILTER (WHERE is_outdated), 0) AS sets
    FROM mart.equipment
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
),

filed AS (
    SELECT
        unit_code,
        obligation_id,
        standing,
        arrived_at,
        days_late
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND form = 'progress'
        AND period = $period
        AND NOT coalesce(is_paper, FALSE)
        AND NOT coalesce(is_exempt, FALSE)
),

returned AS (
    SELECT
        filed.unit_code,
        count(*) AS returns
    FROM filed
    INNER JOIN mart.submission AS submission
        ON filed.obligation_id = submission.obligation_id
    WHERE submission.decision = 'returned'
    GROUP BY filed.unit_code
),

progress AS (
    SELECT
        unit_code,
        max(period) AS newest_period,
        max_by(closed_sets, period) AS done,
        max_by(sealed_sets, period) AS sealed,
        max_by(closed_enterprises, period) AS closed_enterprises,
        coalesce(max_by(closed_sets, period) FILTER (WHERE period < $period), 0) AS done_before,
        coalesce(max_by(closed_sets, period) FILTER (WHERE period < $previous_period), 0) AS done_before_that
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
        AND period <= $period
    GROUP BY unit_code
),

newest AS (
    SELECT *
    FROM mart.progress_item
    WHERE campaign_id = $campaign_id
        AND period <= $period
    QUALIFY period = max(period) OVER (PARTITION BY unit_code)
),

by_item AS (
    SELECT
        unit_code,
        coalesce(sum(equip_count) FILTER (WHERE is_inspected), 0) AS inspected,
        count(*) FILTER (WHERE plan_date < $overdue_before AND NOT is_closed) AS overdue_items
    FROM newest
    GROUP BY unit_code
)

SELECT
    unit.unit_code,
    unit.unit_name,
    coalesce(surveyed.enterprises, 0)::INTEGER AS enterprises,
    coalesce(surveyed.outdated_enterprises, 0)::INTEGER AS outdated_enterprises,
    coalesce(surveyed.items, 0)::INTEGER AS items,
    coalesce(surveyed.sets, 0)::INTEGER AS sets,
    coalesce(progress.done, 0)::INTEGER AS done,
    coalesce(progress.done_before, 0)::INTEGER AS done_before,
    coalesce(progress.done_before_that, 0)::INTEGER AS done_before_that,
    coalesce(progress.sealed, 0)::INTEGER AS sealed,
    coalesce(by_item.inspected, 0)::INTEGER AS inspected,
    coalesce(by_item.overdue_items, 0)::INTEGER AS overdue_items,
    coalesce(progress.closed_enterprises, 0)::INTEGER AS closed_enterprises,
    reported.unit_code IS NOT NULL AS has_inventory,
    coalesce(progress.newest_period = $period, FALSE) AS is_accepted,
    coalesce(returned.returns, 0)::INTEGER AS returns,
    filed.standing,
    filed.arrived_at IS NOT NULL AS has_arrived,
    filed.days_late
FROM mart.unit AS unit
LEFT JOIN surveyed ON unit.unit_code = surveyed.unit_code
LEFT JOIN reported ON unit.unit_code = reported.unit_code
LEFT JOIN filed ON unit.unit_code = filed.unit_code
LEFT JOIN returned ON unit.unit_code = returned.unit_code
LEFT JOIN progress ON unit.unit_code = progress.unit_code
LEFT JOIN by_item ON unit.unit_code = by_item.unit_code
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position;
