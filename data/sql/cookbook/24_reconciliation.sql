-- Where do the four forms disagree?
-- 表2、表3、表4、表5在哪些设区市不一致？
-- `difference` is the first that applies; `none` means that all four agree.
SELECT
    unit_name,
    count(*) AS items,
    count(*) FILTER (WHERE difference = 'none') AS agreeing_items,
    string_agg(DISTINCT difference, ', ' ORDER BY difference) FILTER (WHERE difference <> 'none') AS differences
FROM mart.reconciliation
WHERE campaign_id = 'jiangsu-2022'
GROUP BY unit_code, unit_name
ORDER BY agreeing_items / items, unit_code;
