-- Takes the staged rows of accepted submissions of one form into the core layer, in the order in which they were accepted.
INSERT INTO core.{form}
SELECT
    fresh.load_no,
    staged.sheet_no,
    staged.row_no,
    staged.item_id,
    {wording_id} AS wording_id,
    {staged_columns}
FROM stage_{form} AS staged
INNER JOIN (
    SELECT
        submission_id,
        $last_load + row_number() OVER (ORDER BY list_position($submissions, submission_id)) AS load_no
    FROM stage_submission
    WHERE form = '{form}'
        AND list_contains($submissions, submission_id)
) AS fresh
    ON staged.submission_id = fresh.submission_id
ORDER BY fresh.load_no, staged.row_id;
