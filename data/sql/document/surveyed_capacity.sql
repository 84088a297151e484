-- Selects the capacity of outdated equipment by industry and unit of measure, from the newest survey summaries (表2).
-- A form states an enterprise's capacity once for all its items of a product.
WITH stated AS (
    SELECT DISTINCT
        industry_key,
        uscc,
        product,
        capacity,
        capacity_unit
    FROM mart.equipment
    WHERE campaign_id = $campaign_id
        AND is_outdated
        AND capacity IS NOT NULL
)

SELECT
    industry.industry_name AS "行业",
    stated.capacity_unit AS "计量单位",
    count(DISTINCT stated.uscc)::INTEGER AS "涉及企业数",
    sum(stated.capacity) AS "涉及企业产品产能"
FROM stated
INNER JOIN core.industry AS industry
    ON stated.industry_key = industry.industry_key
    AND industry.campaign_id = $campaign_id
GROUP BY industry.industry_name, stated.capacity_unit
ORDER BY min(industry.rowid), stated.capacity_unit;
