-- Selects how many outdated sets each industry has, dismantled, sealed and open, by the newest accepted progress forms.
-- The newest form may hold nothing: a unit that has reported none left is not told by the month before.
WITH newest AS (
    SELECT
        unit_code,
        max(period) AS period
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code
)

SELECT
    industry_name AS industry,
    count(DISTINCT uscc)::INTEGER AS enterprises,
    count(*)::INTEGER AS items,
    sum(equip_count)::INTEGER AS sets,
    coalesce(sum(equip_count) FILTER (WHERE is_closed AND NOT is_sealed), 0)::INTEGER AS dismantled,
    coalesce(sum(equip_count) FILTER (WHERE is_sealed), 0)::INTEGER AS sealed
FROM mart.progress_item AS item
INNER JOIN newest
    ON item.unit_code = newest.unit_code
    AND item.period = newest.period
WHERE item.campaign_id = $campaign_id
GROUP BY industry_name
ORDER BY sets DESC, industry_name;
