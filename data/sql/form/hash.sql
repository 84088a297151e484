-- Selects those loads of one form, from one number to another, whose rows are not what was taken in; every row is read.
WITH hashed AS (
    SELECT
        load_no,
        sheet_no,
        row_no,
        core.row_hash(json_array(sheet_no, row_no, item_id, wording_id, {columns})) AS row_hash
    FROM core.{form}
    WHERE load_no BETWEEN $first_load AND $last_load
),

counted AS (
    SELECT
        load_no,
        sha256(string_agg(row_hash, '' ORDER BY sheet_no, row_no, row_hash)) AS content_hash
    FROM hashed
    GROUP BY load_no
)

SELECT loaded.submission_id
FROM core.submission_loaded AS loaded
LEFT JOIN counted
    ON loaded.load_no = counted.load_no
WHERE loaded.form = '{form}'
    AND loaded.load_no BETWEEN $first_load AND $last_load
    AND loaded.content_hash <> coalesce(counted.content_hash, sha256(''))
ORDER BY loaded.submission_id;
