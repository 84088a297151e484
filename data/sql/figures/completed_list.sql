-- Counts items and sets of each staged completed list.
SELECT
    submitted.submission_id,
    count(staged.row_id) AS items,
    coalesce(sum(staged.equip_count), 0) AS sets
FROM stage_submission AS submitted
LEFT JOIN stage_completed_list AS staged
    ON submitted.submission_id = staged.submission_id
WHERE submitted.form = 'completed_list'
GROUP BY submitted.submission_id
ORDER BY submitted.submission_id;
