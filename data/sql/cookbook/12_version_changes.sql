-- What changed between two versions of a 表2?
-- 同一调查汇总表（表2）前后两版之间有哪些变化？
-- Compares each accepted version with the accepted one before it, item by item: new items, items gone, counts and self-judgements changed.
-- A returned version leaves no rows in the warehouse, only its findings; in the invented year no city replaced a 表2 that had been accepted.
WITH versions AS (
    SELECT
        campaign_id,
        unit_code,
        industry_key,
        version,
        lag(version) OVER (PARTITION BY campaign_id, unit_code, industry_key ORDER BY version) AS version_before
    FROM (
        SELECT DISTINCT
            campaign_id,
            unit_code,
            industry_key,
            version
        FROM mart.equipment_version
        WHERE campaign_id = 'jiangsu-2022'
    )
),

later AS (
    SELECT
        item.*,
        versions.version_before
    FROM mart.equipment_version AS item
    INNER JOIN versions
        USING (campaign_id, unit_code, industry_key, version)
    WHERE versions.version_before IS NOT NULL
),

earlier AS (
    SELECT
        item.*,
        versions.version AS version_after
    FROM mart.equipment_version AS item
    INNER JOIN versions
        ON item.campaign_id = versions.campaign_id
        AND item.unit_code = versions.unit_code
        AND item.industry_key = versions.industry_key
        AND item.version = versions.version_before
)

SELECT
    coalesce(later.unit_code, earlier.unit_code) AS unit_code,
    coalesce(later.industry_key, earlier.industry_key) AS industry_key,
    coalesce(later.version, earlier.version_after) AS version,
    coalesce(later.enterprise_name, earlier.enterprise_name) AS enterprise_name,
    coalesce(later.equip_name, earlier.equip_name) AS equip_name,
    coalesce(later.equip_model, earlier.equip_model) AS equip_model,
    CASE
        WHEN earlier.item_id IS NULL THEN 'new'
        WHEN later.item_id IS NULL THEN 'gone'
        ELSE 'changed'
    END AS change,
    earlier.equip_count AS count_before,
    later.equip_count AS count_after,
    earlier.is_outdated AS is_outdated_before,
    later.is_outdated AS is_outdated_after
FROM later
FULL JOIN earlier
    ON later.campaign_id = earlier.campaign_id
    AND later.unit_code = earlier.unit_code
    AND later.industry_key = earlier.industry_key
    AND later.version = earlier.version_after
    AND later.item_id = earlier.item_id
WHERE (later.equip_count, later.is_outdated, later.plan_date, later.measure)
    IS DISTINCT FROM (earlier.equip_count, earlier.is_outdated, earlier.plan_date, earlier.measure)
ORDER BY unit_code, industry_key, version, enterprise_name, equip_name, equip_model;
