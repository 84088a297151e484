-- What is still open, and why?
-- 还有哪些装备没有关停？原因是什么？
-- The reason (未完成原因) is one of four kinds, 其他 for whatever else a city wrote, 未说明 for nothing.
SELECT
    unit_name,
    enterprise_name,
    industry_name,
    equip_name,
    equip_model,
    equip_count,
    closure_status,
    open_reason,
    plan_date
FROM mart.progress_item
WHERE campaign_id = 'jiangsu-2022'
    AND is_newest
    AND NOT is_closed
ORDER BY unit_code, enterprise_name, equip_name, equip_model;
