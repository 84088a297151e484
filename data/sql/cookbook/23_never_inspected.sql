-- Which outdated items were surveyed but never inspected?
-- 哪些落后装备排查时已列出，但始终没有核查验收？
-- `mart.reconciliation` (表间核对) follows each item through 表2, 表3, 表4 and 表5.
SELECT
    unit_name,
    enterprise_name,
    equip_name,
    equip_model,
    summary_count,
    closure_status,
    difference
FROM mart.reconciliation
WHERE campaign_id = 'jiangsu-2022'
    AND is_in_summary
    AND NOT is_in_inspection
ORDER BY unit_code, enterprise_name, equip_name, equip_model;
