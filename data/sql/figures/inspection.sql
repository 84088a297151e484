-- Counts the inspected enterprises and items of each staged submission, and the items that passed.
SELECT
    submitted.submission_id,
    count(DISTINCT coalesce(staged.uscc, staged.enterprise_name)) AS enterprises,
    count(staged.row_id) AS items,
    count(staged.row_id) FILTER (WHERE staged.result = '通过') AS passed
FROM stage_submission AS submitted
LEFT JOIN stage_inspection AS staged
    ON submitted.submission_id = staged.submission_id
WHERE submitted.form = 'inspection'
GROUP BY submitted.submission_id
ORDER BY submitted.submission_id;
