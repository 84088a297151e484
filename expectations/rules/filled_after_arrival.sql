-- Selects the sheets that were filled in, by their own date, after they arrived.
SELECT
    staged.submission_id,
    min(staged.row_id) AS row_id,
    staged.filled_on AS found,
    submitted.arrived_on
FROM stage_{form} AS staged
INNER JOIN stage_submission AS submitted
    ON staged.submission_id = submitted.submission_id
WHERE staged.filled_on > submitted.arrived_on
GROUP BY staged.submission_id, staged.sheet, staged.filled_on, submitted.arrived_on
ORDER BY row_id;
