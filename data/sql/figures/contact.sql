-- Counts the contacts of each staged submission.
SELECT
    submitted.submission_id,
    count(staged.row_id) AS contacts
FROM stage_submission AS submitted
LEFT JOIN stage_contact AS staged
    ON submitted.submission_id = staged.submission_id
WHERE submitted.form = 'contact'
GROUP BY submitted.submission_id
ORDER BY submitted.submission_id;
