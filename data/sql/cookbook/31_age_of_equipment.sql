-- How old is the equipment, and how much of each age is outdated?
-- 装备投产于哪些年份？各年份中落后装备占多少？
-- By the month of commissioning (投产时间), five years at a time.
SELECT
    year(CAST(commissioned_month || '-01' AS DATE)) // 5 * 5 AS first_year,
    count(*) AS items,
    sum(equip_count)::BIGINT AS sets,
    coalesce(sum(equip_count) FILTER (WHERE is_outdated), 0)::BIGINT AS outdated_sets,
    round(coalesce(sum(equip_count) FILTER (WHERE is_outdated), 0) / sum(equip_count), 4) AS outdated_rate
FROM mart.equipment
WHERE campaign_id = 'jiangsu-2022'
    AND commissioned_month IS NOT NULL
GROUP BY first_year
ORDER BY first_year;
