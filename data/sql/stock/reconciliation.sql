-- Selects each outdated item followed from 表2 to 表5, those with a difference first.
SELECT
    unit_name AS "设区市",
    enterprise_name AS "企业名称",
    uscc AS "统一社会信用代码",
    equip_name AS "装备名称",
    equip_model AS "规格型号",
    summary_count AS "表2数量",
    progress_count AS "表3数量",
    inspection_count AS "表4数量",
    completed_count AS "表5数量",
    closure_status AS "关停进度",
    result AS "验收结论",
    CASE difference
        WHEN 'none' THEN '一致'
        WHEN 'not_surveyed' THEN '表2未列'
        WHEN 'not_in_progress' THEN '表3未列'
        WHEN 'count_differs' THEN '数量不一致'
        WHEN 'not_closed' THEN '尚未关停'
        WHEN 'not_inspected' THEN '未见表4'
        WHEN 'not_passed' THEN '验收未通过'
        WHEN 'not_listed' THEN '表5未列'
    END AS "核对结果"
FROM mart.reconciliation
WHERE campaign_id = $campaign_id
ORDER BY difference = 'none', unit_code, uscc, item_id;
