-- Takes the staged rows of accepted submissions of one form into the core layer.
INSERT INTO core.{form}
SELECT
    loaded.load_no,
    staged.sheet_no,
    staged.row_no,
    staged.item_id,
    {staged_columns}
FROM stage_{form} AS staged
INNER JOIN core.submission_loaded AS loaded
    ON staged.submission_id = loaded.submission_id
WHERE loaded.load_no > $last_load
ORDER BY loaded.load_no, staged.row_id;
