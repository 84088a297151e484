-- Items and sets to close and closed, by unit and month, from the accepted progress forms (表3), cumulative.
-- Grain: one row is one unit in one month of which a progress form was accepted
-- Key: campaign_id, unit_code, period
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- period: the month
-- items: outdated items
-- sets: outdated sets (台、套)
-- closed_items: items closed
-- closed_sets: sets closed
-- dismantled_sets: sets dismantled or passed
-- sealed_sets: sets sealed with all five sealing conditions
-- newly_closed_sets: sets closed since the last accepted month
-- open_items: items still to close
-- enterprises: enterprises with outdated items
-- closed_enterprises: enterprises of which every item is closed
-- completion_rate: closed_sets of sets, 0 to 1; empty without sets
CREATE VIEW mart.progress_monthly AS
WITH judged AS (
    SELECT
        *,
        core.is_closed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        ) AS is_closed,
        core.is_sealed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        ) AS is_sealed
    FROM core.progress_current
),

by_enterprise AS (
    SELECT
        campaign_id,
        unit_code,
        period,
        uscc,
        count(*) AS items,
        sum(equip_count) AS sets,
        count(*) FILTER (WHERE is_closed) AS closed_items,
        coalesce(sum(equip_count) FILTER (WHERE is_closed), 0) AS closed_sets,
        coalesce(sum(equip_count) FILTER (WHERE is_sealed), 0) AS sealed_sets
    FROM judged
    GROUP BY campaign_id, unit_code, period, uscc
),

by_unit AS (
    SELECT
        loaded.campaign_id,
        loaded.unit_code,
        loaded.period,
        coalesce(sum(counted.items), 0)::BIGINT AS items,
        coalesce(sum(counted.sets), 0)::BIGINT AS sets,
        coalesce(sum(counted.closed_items), 0)::BIGINT AS closed_items,
        coalesce(sum(counted.closed_sets), 0)::BIGINT AS closed_sets,
        coalesce(sum(counted.sealed_sets), 0)::BIGINT AS sealed_sets,
        count(counted.uscc) AS enterprises,
        count(counted.uscc) FILTER (WHERE counted.closed_items = counted.items) AS closed_enterprises
    FROM core.current_submission AS loaded
    LEFT JOIN by_enterprise AS counted
        ON loaded.campaign_id = counted.campaign_id
        AND loaded.unit_code = counted.unit_code
        AND loaded.period = counted.period
    WHERE loaded.form = 'progress'
    GROUP BY loaded.campaign_id, loaded.unit_code, loaded.period
)

SELECT
    by_unit.campaign_id,
    by_unit.unit_code,
    unit.unit_name,
    by_unit.period,
    by_unit.items,
    by_unit.sets,
    by_unit.closed_items,
    by_unit.closed_sets,
    by_unit.closed_sets - by_unit.sealed_sets AS dismantled_sets,
    by_unit.sealed_sets,
    by_unit.closed_sets - coalesce(
        lag(by_unit.closed_sets) OVER (PARTITION BY by_unit.campaign_id, by_unit.unit_code ORDER BY by_unit.period), 0
    ) AS newly_closed_sets,
    by_unit.items - by_unit.closed_items AS open_items,
    by_unit.enterprises,
    by_unit.closed_enterprises,
    round(by_unit.closed_sets / nullif(by_unit.sets, 0), 4) AS completion_rate
FROM by_unit
LEFT JOIN core.unit AS unit
    ON by_unit.campaign_id = unit.campaign_id
    AND by_unit.unit_code = unit.unit_code
ORDER BY by_unit.campaign_id, by_unit.unit_code, by_unit.period;
