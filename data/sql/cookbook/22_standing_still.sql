-- Which open items did not move for three months?
-- 哪些未关停装备连续三个月没有进展？
-- The status of the newest month is that of two filed months before, and the item is not closed.
WITH months AS (
    SELECT
        *,
        lag(closure_status, 2) OVER (PARTITION BY unit_code, item_id ORDER BY period) AS status_before
    FROM mart.progress_item
    WHERE campaign_id = 'jiangsu-2022'
)

SELECT
    unit_name,
    enterprise_name,
    equip_name,
    equip_model,
    equip_count,
    closure_status,
    open_reason,
    period
FROM months
WHERE is_newest
    AND NOT is_closed
    AND closure_status = status_before
ORDER BY unit_code, enterprise_name, equip_name, equip_model;
