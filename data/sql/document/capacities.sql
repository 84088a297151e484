-- Selects the capacity of the items by industry and unit of measure, closed and all; capacities are never added across units of measure.
WITH newest AS (
    SELECT *
    FROM mart.progress_item
    WHERE campaign_id = $campaign_id
        AND period <= $period
    QUALIFY period = max(period) OVER (PARTITION BY unit_code)
)

SELECT
    coalesce(newest.industry_name, '未注明') AS "行业",
    newest.capacity_unit AS "计量单位",
    sum(newest.capacity) AS "涉及产能",
    coalesce(sum(newest.capacity) FILTER (WHERE newest.is_closed), 0) AS "已淘汰产能"
FROM newest
LEFT JOIN core.industry AS industry
    ON newest.campaign_id = industry.campaign_id
    AND newest.industry_name = industry.industry_name
WHERE newest.capacity IS NOT NULL
GROUP BY newest.industry_name, newest.capacity_unit
ORDER BY min(industry.rowid) NULLS LAST, newest.industry_name, newest.capacity_unit;
