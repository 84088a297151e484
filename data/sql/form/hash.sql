-- Selects one hash a loaded submission of one form, over its rows in the order of the sheets; when it was loaded does not count.
SELECT
    loaded.submission_id,
    sha256(string_agg(hashed.row_hash, '' ORDER BY hashed.sheet_no, hashed.row_no, hashed.row_hash))
FROM (
    SELECT
        load_no,
        sheet_no,
        row_no,
        sha256(to_json(struct_pack(sheet_no, row_no, item_id, {columns}))) AS row_hash
    FROM core.{form}
) AS hashed
INNER JOIN core.submission_loaded AS loaded
    ON hashed.load_no = loaded.load_no
GROUP BY loaded.submission_id
ORDER BY loaded.submission_id;
