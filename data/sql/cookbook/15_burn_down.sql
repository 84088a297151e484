-- How do the sets to close burn down, month by month?
-- 待关停台（套）数逐月怎样减少？
-- A city that did not file a month counts with the last month it filed: without that, the burn-down (剩余任务曲线) would rise when somebody files late. This is what the forms of the month say, whenever they came; what was known on its last evening says `mart.progress_item_as_of`.
WITH months AS (
    SELECT DISTINCT period
    FROM mart.progress_monthly
    WHERE campaign_id = 'jiangsu-2022'
),

carried AS (
    SELECT
        months.period,
        filed.unit_code,
        max_by(filed.sets, filed.period) AS sets,
        max_by(filed.dismantled_sets, filed.period) AS dismantled_sets,
        max_by(filed.sealed_sets, filed.period) AS sealed_sets
    FROM months
    INNER JOIN mart.progress_monthly AS filed
        ON filed.campaign_id = 'jiangsu-2022'
        AND filed.period <= months.period
    GROUP BY months.period, filed.unit_code
)

SELECT
    period,
    sum(sets)::BIGINT AS sets,
    sum(dismantled_sets)::BIGINT AS dismantled_sets,
    sum(sealed_sets)::BIGINT AS sealed_sets,
    sum(sets - dismantled_sets - sealed_sets)::BIGINT AS open_sets,
    round(sum(dismantled_sets + sealed_sets) / sum(sets), 4) AS completion_rate
FROM carried
GROUP BY period
ORDER BY period;
