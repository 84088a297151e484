-- Which forms came late, and how late?
-- 哪些报表逾期才报？逾期多少个工作日？
-- `days_late` counts working days (工作日) of the first version; a correction is not late for being a second version.
SELECT
    unit_name,
    milestone,
    industry,
    period,
    due_date,
    arrived_at,
    days_late
FROM mart.obligation
WHERE campaign_id = 'jiangsu-2022'
    AND form IS NOT NULL
    AND NOT is_paper
    AND arrived_at IS NOT NULL
    AND days_late > 0
ORDER BY days_late DESC, unit_code, milestone, industry, period;
