-- Selects the provincial final list: every item of the accepted completed lists (表5).
SELECT
    unit.unit_name AS "设区市",
    listed.county AS "县（市、区）",
    listed.enterprise_name AS "企业名称",
    listed.uscc AS "统一社会信用代码",
    listed.industry_name AS "行业",
    listed.equip_name AS "装备名称",
    listed.equip_model AS "规格型号",
    listed.equip_count AS "数量（台、套）",
    listed.capacity AS "淘汰产能",
    listed.capacity_unit AS "计量单位",
    listed.measure AS "处置方式",
    listed.completed_date AS "完成时间",
    listed.inspected_date AS "验收时间",
    listed.result AS "验收结论"
FROM mart.completed_list AS listed
INNER JOIN core.unit AS unit
    ON listed.campaign_id = unit.campaign_id
    AND listed.unit_code = unit.unit_code
WHERE listed.campaign_id = $campaign_id
ORDER BY unit.position, listed.industry_name, listed.enterprise_name, listed.equip_name, listed.equip_model;
