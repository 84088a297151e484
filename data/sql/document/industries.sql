-- Selects by industry what there is to close and what is closed, from the newest progress forms (表3) up to a month.
WITH newest AS (
    SELECT *
    FROM mart.progress_item
    WHERE campaign_id = $campaign_id
        AND period <= $period
    QUALIFY period = max(period) OVER (PARTITION BY unit_code)
)

SELECT
    coalesce(newest.industry_name, '未注明') AS "行业",
    count(DISTINCT newest.uscc)::INTEGER AS "企业数",
    count(*)::INTEGER AS "装备项数",
    sum(newest.equip_count)::INTEGER AS "台（套）数",
    coalesce(sum(newest.equip_count) FILTER (WHERE newest.is_closed), 0)::INTEGER AS "累计完成",
    coalesce(sum(newest.equip_count) FILTER (WHERE newest.is_closed AND NOT newest.is_sealed), 0)::INTEGER AS "其中拆除",
    coalesce(sum(newest.equip_count) FILTER (WHERE newest.is_sealed), 0)::INTEGER AS "其中封存",
    coalesce(sum(newest.equip_count) FILTER (WHERE NOT newest.is_closed), 0)::INTEGER AS "尚未完成"
FROM newest
LEFT JOIN core.industry AS industry
    ON newest.campaign_id = industry.campaign_id
    AND newest.industry_name = industry.industry_name
GROUP BY newest.industry_name
ORDER BY min(industry.rowid) NULLS LAST, newest.industry_name;
