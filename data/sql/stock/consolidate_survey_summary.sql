-- Selects the equipment of the accepted survey summaries (表2), industry by industry, for the provincial tables.
SELECT
    industry.industry_name AS "行业分表",
    unit.unit_name AS "设区市",
    surveyed.county AS "县（市、区）",
    surveyed.enterprise_name AS "企业名称",
    surveyed.uscc AS "统一社会信用代码",
    surveyed.equip_name AS "装备名称",
    surveyed.equip_model AS "规格型号",
    surveyed.equip_params AS "主要参数",
    surveyed.equip_count AS "数量（台、套）",
    surveyed.capacity AS "产能",
    surveyed.capacity_unit AS "计量单位",
    CASE WHEN surveyed.is_outdated THEN '是' ELSE '否' END AS "是否落后",
    surveyed.catalogue_ref AS "对应目录条款",
    surveyed.measure AS "处置方式",
    surveyed.plan_date AS "计划完成时限"
FROM core.survey_summary_current AS surveyed
INNER JOIN core.unit AS unit
    ON surveyed.campaign_id = unit.campaign_id
    AND surveyed.unit_code = unit.unit_code
INNER JOIN core.industry AS industry
    ON surveyed.campaign_id = industry.campaign_id
    AND surveyed.industry_key = industry.industry_key
WHERE surveyed.campaign_id = $campaign_id
ORDER BY industry.industry_key, unit.position, surveyed.sheet_no, surveyed.row_no;
