-- How many sets has each city still to close, month by month?
-- 各设区市逐月还有多少台（套）未关停？
-- Empty means that no accepted 表3 speaks of that month: silence is not zero.
SELECT
    unit_name,
    max(sets) AS sets,
    max(sets - closed_sets) FILTER (WHERE period = '2022-08') AS open_in_2022_08,
    max(sets - closed_sets) FILTER (WHERE period = '2022-09') AS open_in_2022_09,
    max(sets - closed_sets) FILTER (WHERE period = '2022-10') AS open_in_2022_10,
    max(sets - closed_sets) FILTER (WHERE period = '2022-11') AS open_in_2022_11,
    max(sets - closed_sets) FILTER (WHERE period = '2022-12') AS open_in_2022_12
FROM mart.progress_monthly
WHERE campaign_id = 'jiangsu-2022'
GROUP BY unit_code, unit_name
ORDER BY unit_code;
