-- Who never filed, and what?
-- 谁始终未报？未报的是什么？
-- `never_filed` (始终未报) is a standing: the close date (报送关闭日) has passed and nothing came. It is a row, not a missing row.
-- A paper copy (纸质件) is owed beside the file, as a row of its own.
SELECT
    unit_name,
    milestone,
    form,
    industry,
    period,
    is_paper,
    close_date,
    days_late
FROM mart.obligation
WHERE campaign_id = 'jiangsu-2022'
    AND standing = 'never_filed'
ORDER BY unit_code, milestone, industry, period, is_paper;
