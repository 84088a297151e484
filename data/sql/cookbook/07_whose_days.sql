-- How long did forms lie with the office, and how long with the city?
-- 报表在主办处室停留多久，退回后在设区市停留多久？
-- `office_days` runs from arrival to decision over all versions, `unit_days` from a return (退回) to the next arrival: the two are never mixed.
-- Empty means: nothing was returned, or nothing came after it; the time before the first filing is in `days_late` of `mart.obligation`. In the invented year forms are decided within minutes.
SELECT
    milestone,
    count(*) AS expected,
    sum(version_count)::BIGINT AS version_count,
    sum(returned_count)::BIGINT AS returned_count,
    round(sum(office_days) / sum(version_count), 3) AS office_days_per_version,
    round(sum(unit_days) / nullif(sum(returned_count), 0), 3) AS unit_days_per_return
FROM mart.obligation_measure
WHERE campaign_id = 'jiangsu-2022'
    AND is_expected
GROUP BY milestone
ORDER BY milestone;
