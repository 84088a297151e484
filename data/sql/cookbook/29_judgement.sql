-- Does our judgement by the catalogue agree with what the enterprises say?
-- 目录初判与企业自判是否一致？
-- `judgement` (目录判定) is what our rules say, `is_outdated` what the form says; a person confirms. `review` wants a person's eyes.
SELECT
    judgement,
    is_outdated,
    count(*) AS items,
    sum(equip_count)::BIGINT AS sets,
    count(DISTINCT uscc) AS enterprises
FROM mart.equipment
WHERE campaign_id = 'jiangsu-2022'
GROUP BY judgement, is_outdated
ORDER BY judgement, is_outdated;
