-- How much capacity was closed, by unit of measure?
-- 按计量单位分别统计，淘汰了多少产能？
-- Capacities in different units of measure (计量单位) are never summed: 万吨 and 万千伏安时 have no total.
-- Take closed capacity from 表5: 表2 repeats an enterprise's capacity on each of its items.
SELECT
    capacity_unit,
    industry_name,
    count(DISTINCT uscc) AS enterprises,
    count(*) AS items,
    sum(capacity) AS capacity
FROM mart.completed_list
WHERE campaign_id = 'jiangsu-2022'
GROUP BY capacity_unit, industry_name
ORDER BY capacity_unit, capacity DESC, industry_name;
