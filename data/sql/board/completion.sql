-- Selects how many sets each unit has to close and has closed, month by month, from its accepted progress forms.
SELECT
    unit_code,
    period,
    sets,
    closed_sets,
    dismantled_sets,
    sealed_sets
FROM mart.progress_monthly
WHERE campaign_id = $campaign_id
ORDER BY unit_code, period;
