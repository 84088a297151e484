-- How far is each city, by its newest 表3?
-- 各设区市按最近一期进展情况表（表3）完成得如何？
-- Sealing (封存) counts as closed only with all five sealing conditions (五项封存条件), and stands apart from dismantling (拆除).
SELECT
    unit_name,
    period,
    enterprises,
    closed_enterprises,
    sets,
    dismantled_sets,
    sealed_sets,
    sets - closed_sets AS open_sets,
    completion_rate
FROM mart.progress_monthly
WHERE campaign_id = 'jiangsu-2022'
QUALIFY period = max(period) OVER (PARTITION BY unit_code)
ORDER BY completion_rate, unit_code;
