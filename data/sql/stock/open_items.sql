-- Selects what a unit's newest accepted progress form leaves open: enterprise, equipment, day and kind of reason; sealing without its five conditions is open.
WITH newest AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
        AND unit_code = $unit_code
    QUALIFY period = max(period) OVER ()
)

SELECT
    enterprise_name AS enterprise,
    county,
    industry,
    equip_name AS equipment,
    equip_model AS model,
    coalesce(equip_count, 1) AS "count",
    plan_date AS planned,
    CASE
        WHEN open_reason IS NULL THEN '未说明'
        WHEN open_reason IN ('职工安置', '资产抵押', '债权债务', '企业抵触') THEN open_reason
        ELSE '其他'  -- whatever else stands there is somebody's own words
    END AS reason,
    period
FROM newest
WHERE NOT core.is_closed(
    closure_status,
    is_water_cut,
    is_power_cut,
    is_power_unit_removed,
    is_equipment_sealed,
    has_public_commitment
)
ORDER BY enterprise_name, row_no;
