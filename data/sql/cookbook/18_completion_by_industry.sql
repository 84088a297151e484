-- How far is each industry?
-- 各行业完成得如何？
-- `is_newest` picks of each city the items of its newest month.
SELECT
    industry_name,
    count(DISTINCT uscc) AS enterprises,
    count(*) AS items,
    sum(equip_count)::BIGINT AS sets,
    coalesce(sum(equip_count) FILTER (WHERE is_closed), 0)::BIGINT AS closed_sets,
    round(coalesce(sum(equip_count) FILTER (WHERE is_closed), 0) / sum(equip_count), 4) AS completion_rate
FROM mart.progress_item
WHERE campaign_id = 'jiangsu-2022'
    AND is_newest
GROUP BY industry_name
ORDER BY completion_rate, sets DESC, industry_name;
