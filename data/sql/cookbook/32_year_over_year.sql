-- How does this campaign compare with the one of the year before?
-- 与上一年度相比如何？
-- One row a campaign in the file. Columns `before_…` are of the same place's campaign before; empty when it is not in the file, as in the invented year.
SELECT
    campaign_id,
    before_campaign_id,
    expected_count,
    on_time_rate,
    before_on_time_rate,
    outdated_sets,
    before_outdated_sets,
    closed_sets,
    before_closed_sets,
    completion_rate
FROM mart.year_over_year
ORDER BY campaign_id;
