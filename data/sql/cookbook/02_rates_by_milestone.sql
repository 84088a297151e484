-- How complete and how punctual was the reporting, milestone by milestone?
-- 各时间节点的报送率、按时率、审核通过率和一次审核通过率各是多少？
-- The denominator is what was expected (应报), never filed included. Goals, paper copies and exemptions (免报) do not count.
SELECT
    milestone.title,
    counted.period,
    counted.expected,
    counted.received_rate,
    counted.on_time_rate,
    counted.accepted_rate,
    counted.accepted_first_time_rate
FROM mart.completeness AS counted
INNER JOIN mart.milestone AS milestone
    ON counted.campaign_id = milestone.campaign_id
    AND counted.milestone = milestone.milestone
    AND counted.period IS NOT DISTINCT FROM milestone.period
WHERE counted.campaign_id = 'jiangsu-2022'
ORDER BY milestone.due_date, milestone.title;
