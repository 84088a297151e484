-- Did any item jump back in its closure status?
-- 有没有装备的关停进度倒退？
-- Each step from one filed month to the next, by its direction. To see the items themselves, put `WHERE direction = 'back'` on `steps`.
WITH placed AS (
    SELECT
        unit_code,
        item_id,
        period,
        closure_status,
        list_position(
            ['未启动', '已停产', '已断水断电', '已拆动力', '已封存', '拆除中', '已拆除', '已验收'], closure_status
        ) AS place
    FROM mart.progress_item
    WHERE campaign_id = 'jiangsu-2022'
),

steps AS (
    SELECT
        *,
        lag(closure_status) OVER item AS status_before,
        CASE sign(place - lag(place) OVER item)
            WHEN 1 THEN 'forward'
            WHEN 0 THEN 'same'
            WHEN -1 THEN 'back'
        END AS direction
    FROM placed
    WINDOW item AS (PARTITION BY unit_code, item_id ORDER BY period)
)

SELECT
    way.direction,
    count(steps.item_id) AS step_count,
    count(DISTINCT steps.item_id) AS item_count
FROM (VALUES ('forward'), ('same'), ('back')) AS way (direction)
LEFT JOIN steps
    ON way.direction = steps.direction
GROUP BY way.direction
ORDER BY step_count DESC, way.direction;
