-- Which signals of suspected omissions are there?
-- 有哪些疑似漏报的信号？
-- For the office's eyes only: a signal (疑点) is a reason to look, never a finding against a city, and must not be passed on. In the invented year there is none.
SELECT
    signal,
    signal_word,
    count(*) AS signal_count,
    count(DISTINCT unit_code) AS unit_count,
    sum(affected_count)::BIGINT AS affected_count
FROM mart.suspected_omission
WHERE campaign_id = 'jiangsu-2022'
GROUP BY signal, signal_word
ORDER BY signal_count DESC, signal;
