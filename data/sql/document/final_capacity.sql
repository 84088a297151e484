-- Selects the capacity closed by industry and unit of measure, from the accepted completed lists (表5).
SELECT
    coalesce(listed.industry_name, '未注明') AS "行业",
    count(DISTINCT listed.uscc)::INTEGER AS "企业数",
    count(*)::INTEGER AS "装备项数",
    coalesce(sum(listed.equip_count), 0)::INTEGER AS "台（套）数",
    listed.capacity_unit AS "计量单位",
    sum(listed.capacity) AS "淘汰产能"
FROM mart.completed_list AS listed
LEFT JOIN core.industry AS industry
    ON listed.campaign_id = industry.campaign_id
    AND listed.industry_name = industry.industry_name
WHERE listed.campaign_id = $campaign_id
GROUP BY listed.industry_name, listed.capacity_unit
ORDER BY min(industry.rowid) NULLS LAST, listed.industry_name, listed.capacity_unit;
