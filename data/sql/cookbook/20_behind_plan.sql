-- How many items were closed after their planned date, and by how much?
-- 有多少装备晚于计划完成时限才关停？晚多少天？
-- Calendar days between planned date (计划完成时限) and completion date (完成时间), of items that are closed.
SELECT
    unit_name,
    count(*) AS closed_items,
    count(*) FILTER (WHERE completed_date > plan_date) AS late_items,
    round(avg(completed_date - plan_date) FILTER (WHERE completed_date > plan_date), 1) AS mean_late_days,
    max(completed_date - plan_date) FILTER (WHERE completed_date > plan_date) AS longest_late_days
FROM mart.progress_item
WHERE campaign_id = 'jiangsu-2022'
    AND is_newest
    AND is_closed
GROUP BY unit_code, unit_name
ORDER BY late_items DESC, unit_code;
