-- Are there enterprises in more than one city?
-- 有没有企业在多个设区市都有装备？
-- By credit code (统一社会信用代码), which stays the same when a name is written differently. In the invented year none is.
WITH places AS (
    SELECT
        uscc,
        count(DISTINCT unit_code) AS unit_count,
        count(DISTINCT county) AS county_count,
        count(*) AS items
    FROM mart.equipment
    WHERE campaign_id = 'jiangsu-2022'
    GROUP BY uscc
)

SELECT
    unit_count,
    county_count,
    count(*) AS enterprises,
    sum(items)::BIGINT AS items
FROM places
GROUP BY unit_count, county_count
ORDER BY unit_count, county_count;
