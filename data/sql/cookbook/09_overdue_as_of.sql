-- Who was overdue on the evening of 2022-08-15, and with what?
-- 2022年8月15日晚，哪些设区市逾期未报？欠哪几件？
-- The evening of the first working day after 12 August, when 表2 was due. Asked of the whole file, any evening of the year can be looked at so.
SELECT
    unit_name,
    milestone,
    count(*) AS obligation_count,
    string_agg(industry, ', ' ORDER BY industry) AS industry_keys,
    max(days_late) AS days_late
FROM mart.obligation_as_of(DATE '2022-08-15')
WHERE campaign_id = 'jiangsu-2022'
    AND standing = 'late'
    AND NOT is_paper
GROUP BY unit_code, unit_name, milestone
ORDER BY days_late DESC, unit_code, milestone;
