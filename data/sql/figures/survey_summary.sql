-- Counts enterprises, equipment items and outdated ones of each staged survey summary.
SELECT
    submitted.submission_id,
    count(DISTINCT coalesce(staged.uscc, staged.enterprise_name)) AS enterprises,
    count(staged.row_id) AS items,
    count(staged.row_id) FILTER (WHERE staged.is_outdated) AS outdated,
    coalesce(sum(staged.equip_count) FILTER (WHERE staged.is_outdated), 0) AS outdated_sets
FROM stage_submission AS submitted
LEFT JOIN stage_survey_summary AS staged
    ON submitted.submission_id = staged.submission_id
WHERE submitted.form = 'survey_summary'
GROUP BY submitted.submission_id
ORDER BY submitted.submission_id;
