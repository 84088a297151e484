-- Selects each unit's figures for the bulletin of a month: inventory from 表2, closures from the newest 表3 up to the month.
-- An item is overdue from the day after its planned date.
WITH surveyed AS (
    SELECT
        unit_code,
        count(DISTINCT uscc) AS enterprises,
        count(DISTINCT uscc) FILTER (WHERE is_outdated) AS outdated_enterprises,
        count(*) FILTER (WHERE is_outdated) AS items,
        coalesce(sum(equip_count) FILTER (WHERE is_outdated), 0) AS sets
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code
),

reported AS (
    SELECT DISTINCT unit_code
    FROM core.current_submission
    WHERE campaign_id = $campaign_id
        AND form = 'survey_summary'
),

progress AS (
    SELECT
        unit_code,
        max_by(closed_sets, period) AS done,
        max_by(sealed_sets, period) AS sealed,
        max_by(closed_enterprises, period) AS closed_enterprises,
        coalesce(max_by(closed_sets, period) FILTER (WHERE period < $period), 0) AS done_before
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
        AND period <= $period
    GROUP BY unit_code
),

newest AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
        AND period <= $period
    QUALIFY period = max(period) OVER (PARTITION BY unit_code)
),

by_item AS (
    SELECT
        unit_code,
        coalesce(sum(equip_count) FILTER (WHERE closure_status = '已验收'), 0) AS inspected,
        count(*) FILTER (
            WHERE plan_date < $as_of_date
                AND NOT core.is_closed(
                    closure_status,
                    is_water_cut,
                    is_power_cut,
                    is_power_unit_removed,
                    is_equipment_sealed,
                    has_public_commitment
                )
        ) AS overdue_items
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
    coalesce(progress.sealed, 0)::INTEGER AS sealed,
    coalesce(by_item.inspected, 0)::INTEGER AS inspected,
    coalesce(by_item.overdue_items, 0)::INTEGER AS overdue_items,
    coalesce(progress.closed_enterprises, 0)::INTEGER AS closed_enterprises,
    reported.unit_code IS NOT NULL AS has_inventory
FROM core.unit AS unit
LEFT JOIN surveyed ON unit.unit_code = surveyed.unit_code
LEFT JOIN reported ON unit.unit_code = reported.unit_code
LEFT JOIN progress ON unit.unit_code = progress.unit_code
LEFT JOIN by_item ON unit.unit_code = by_item.unit_code
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position;
