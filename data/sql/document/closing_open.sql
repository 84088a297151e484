-- Selects the items that are not closed, from the newest progress forms (表3).
SELECT
    item.unit_name AS "填报单位",
    item.county AS "县（市、区）",
    item.enterprise_name AS "企业名称",
    item.industry_name AS "行业",
    item.equip_name AS "装备名称",
    item.equip_model AS "规格型号",
    item.equip_count::INTEGER AS "数量（台、套）",
    item.closure_status AS "当前状态",
    item.open_reason AS "未完成原因",
    item.plan_date AS "计划完成时限"
FROM mart.progress_item AS item
INNER JOIN mart.unit AS unit
    ON item.campaign_id = unit.campaign_id
    AND item.unit_code = unit.unit_code
WHERE item.campaign_id = $campaign_id
    AND item.is_newest
    AND NOT item.is_closed
ORDER BY unit.position, item.enterprise_name, item.equip_name, item.equip_model;
