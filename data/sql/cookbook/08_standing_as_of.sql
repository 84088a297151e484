-- Where did all obligations stand on 2022-08-12 at 18:00?
-- 2022年8月12日18时，各项报送义务处于什么办理状态？
-- `mart.obligation_as_of(...)` is `mart.obligation` as it stood then; a DATE instead of a TIMESTAMP means the end of that day.
SELECT
    milestone,
    standing,
    count(*) AS obligation_count,
    count(DISTINCT unit_code) AS unit_count
FROM mart.obligation_as_of(TIMESTAMP '2022-08-12 18:00')
WHERE campaign_id = 'jiangsu-2022'
    AND NOT is_paper
GROUP BY milestone, standing
ORDER BY milestone, standing;
