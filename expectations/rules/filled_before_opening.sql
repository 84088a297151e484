-- Selects the sheets that were filled in before the campaign began.
SELECT
    submission_id,
    min(row_id) AS row_id,
    filled_on AS found,
    $opens AS opens
FROM stage_{form}
WHERE filled_on < $opens
GROUP BY submission_id, sheet, filled_on
ORDER BY row_id;
