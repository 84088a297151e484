-- Selects the items that the newest accepted progress forms leave open, with the reason; sealing without its five conditions is open.
WITH newest AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
    QUALIFY period = max(period) OVER (PARTITION BY unit_code)
)

SELECT
    unit.unit_name AS "设区市",
    newest.county AS "县（市、区）",
    newest.enterprise_name AS "企业名称",
    newest.industry AS "行业",
    newest.equip_name AS "装备名称",
    newest.equip_model AS "规格型号",
    newest.equip_count AS "数量（台、套）",
    newest.closure_status AS "当前状态",
    newest.open_reason AS "未完成原因",
    newest.period AS "截至报告期"
FROM newest
INNER JOIN core.unit AS unit
    ON newest.campaign_id = unit.campaign_id
    AND newest.unit_code = unit.unit_code
WHERE NOT core.is_closed(
    newest.closure_status,
    newest.is_water_cut,
    newest.is_power_cut,
    newest.is_power_unit_removed,
    newest.is_equipment_sealed,
    newest.has_public_commitment
)
ORDER BY unit.position, newest.open_reason, newest.row_no;
