-- Which cities get their forms through at the first try?
-- 各设区市一次审核通过率如何？
-- First-time acceptance (一次审核通过) is counted of what was expected, so a city that never files does not look good. Equal rates stand in the order of the codes, which is no merit.
SELECT
    unit_name,
    sum(expected)::BIGINT AS expected,
    sum(accepted)::BIGINT AS accepted,
    sum(accepted_first_time)::BIGINT AS accepted_first_time,
    round(sum(accepted_first_time) / sum(expected), 4) AS accepted_first_time_rate
FROM mart.unit_measure
WHERE campaign_id = 'jiangsu-2022'
GROUP BY unit_code, unit_name
ORDER BY accepted_first_time_rate, unit_code;
