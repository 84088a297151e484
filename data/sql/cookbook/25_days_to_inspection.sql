-- How long after completion did the inspection come?
-- 完成关停后多久进行核查验收？
-- Calendar days from completion (完成时间) to inspection (核查验收), over the items on the completed list (表5).
SELECT
    unit.unit_name,
    count(*) AS items,
    round(avg(listed.inspected_date - listed.completed_date), 1) AS mean_days,
    max(listed.inspected_date - listed.completed_date) AS longest_days
FROM mart.completed_list AS listed
INNER JOIN mart.unit AS unit
    ON listed.campaign_id = unit.campaign_id
    AND listed.unit_code = unit.unit_code
WHERE listed.campaign_id = 'jiangsu-2022'
GROUP BY unit.position, unit.unit_name
ORDER BY mean_days DESC, unit.position;
