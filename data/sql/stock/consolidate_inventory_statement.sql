-- Selects how far each unit's survey of each industry has come, from the accepted inventory statements.
SELECT
    unit.unit_name AS "设区市",
    stated.industry AS "行业",
    stated.surveyed_count AS "排查企业数",
    stated.checked_count AS "现场核查企业数",
    stated.outdated_count AS "存在落后装备企业数",
    stated.outdated_equipment_count AS "落后装备数量（台、套）",
    CASE WHEN stated.is_zero_report THEN '是' ELSE '否' END AS "是否零报告"
FROM core.unit AS unit
INNER JOIN core.inventory_statement_current AS stated
    ON unit.campaign_id = stated.campaign_id
    AND unit.unit_code = stated.unit_code
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position, stated.row_no;
