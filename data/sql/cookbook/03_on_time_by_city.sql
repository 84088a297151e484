-- What is the on-time rate of each city at each milestone, with never filed in the denominator?
-- 各设区市在各时间节点的按时率是多少（始终未报的计入应报）？
-- One row a city, one column a milestone; the last column is over all. Months are taken together.
WITH rates AS (
    SELECT
        unit_code,
        unit_name,
        milestone,
        sum(on_time) AS on_time,
        sum(expected) AS expected
    FROM mart.unit_measure
    WHERE campaign_id = 'jiangsu-2022'
    GROUP BY unit_code, unit_name, milestone
)

SELECT
    unit_name,
    round(sum(on_time) FILTER (WHERE milestone = 'contact_list') / sum(expected) FILTER (WHERE milestone = 'contact_list'), 4) AS contact_list_rate,
    round(sum(on_time) FILTER (WHERE milestone = 'inventory') / sum(expected) FILTER (WHERE milestone = 'inventory'), 4) AS inventory_rate,
    round(sum(on_time) FILTER (WHERE milestone = 'summary') / sum(expected) FILTER (WHERE milestone = 'summary'), 4) AS summary_rate,
    round(sum(on_time) FILTER (WHERE milestone = 'monthly_progress') / sum(expected) FILTER (WHERE milestone = 'monthly_progress'), 4) AS monthly_progress_rate,
    round(sum(on_time) FILTER (WHERE milestone = 'final_list') / sum(expected) FILTER (WHERE milestone = 'final_list'), 4) AS final_list_rate,
    round(sum(on_time) / sum(expected), 4) AS on_time_rate
FROM rates
GROUP BY unit_code, unit_name
ORDER BY on_time_rate, unit_code;
