-- As of an instant: each outdated item month by month, as the accepted progress forms (表3) leave it.
-- Grain: one row is one item in one month
-- Key: campaign_id, unit_code, period, item_id
-- $as_of: a TIMESTAMP in China's wall clock, or a DATE, which means the end of that day
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- period: the month
-- item_id: name of the item over versions and forms
-- county: county as reported ({progress.county})
-- enterprise_name: name of the enterprise ({progress.enterprise_name})
-- uscc: credit code of the enterprise ({progress.uscc})
-- industry_name: industry as reported ({progress.industry})
-- equip_name: name of the equipment ({progress.equip_name})
-- equip_model: model ({progress.equip_model})
-- equip_count: how many machines the item stands for ({progress.equip_count})
-- capacity: capacity of the item ({progress.capacity})
-- capacity_unit: unit of measure of the capacity ({progress.capacity_unit})
-- plan_date: planned date of closure ({progress.plan_date})
-- completed_date: completion date ({progress.completed_on})
-- closure_status: closure status as reported: 未启动, 已停产, 已断水断电, 已拆动力, 已封存, 拆除中, 已拆除 or 已验收 ({progress.closure_status})
-- is_closed: whether that counts as closed
-- is_sealed: whether it is sealed with all five sealing conditions
-- is_inspected: whether its closure status says that it has passed inspection; not the answer to {progress.is_inspected}
-- open_reason: kind of reason for which it is open: 职工安置, 资产抵押, 债权债务, 企业抵触, 其他 or 未说明 ({progress.open_reason}); empty when it is closed
-- is_newest: whether this is the unit's newest month
CREATE MACRO mart.progress_item_as_of(as_of) AS TABLE
WITH newest AS (
    SELECT
        campaign_id,
        unit_code,
        max(period) AS period
    FROM core.current_submission_as_of(as_of)
    WHERE form = 'progress'
        AND NOT is_zero
    GROUP BY campaign_id, unit_code
),

judged AS (
    SELECT
        *,
        core.is_closed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        ) AS is_closed,
        core.is_sealed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        ) AS is_sealed
    FROM core.progress_current_as_of(as_of)
)

SELECT
    judged.campaign_id,
    judged.unit_code,
    unit.unit_name,
    judged.period,
    judged.item_id,
    judged.county,
    judged.enterprise_name,
    judged.uscc,
    judged.industry AS industry_name,
    judged.equip_name,
    judged.equip_model,
    coalesce(judged.equip_count, 0) AS equip_count,
    judged.capacity,
    judged.capacity_unit,
    judged.plan_date,
    judged.completed_on AS completed_date,
    judged.closure_status,
    judged.is_closed,
    judged.is_sealed,
    judged.closure_status = '已验收' AS is_inspected,
    CASE
        WHEN judged.is_closed THEN NULL
        WHEN judged.open_reason IS NULL THEN '未说明'
        WHEN judged.open_reason IN ('职工安置', '资产抵押', '债权债务', '企业抵触') THEN judged.open_reason
        ELSE '其他'  -- whatever else stands there is somebody's own words
    END AS open_reason,
    judged.period = newest.period AS is_newest
FROM judged
LEFT JOIN newest
    ON judged.campaign_id = newest.campaign_id
    AND judged.unit_code = newest.unit_code
LEFT JOIN core.unit AS unit
    ON judged.campaign_id = unit.campaign_id
    AND judged.unit_code = unit.unit_code
ORDER BY judged.campaign_id, judged.unit_code, judged.period, judged.row_no;
