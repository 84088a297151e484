-- Selects the loads of one form that have more or fewer rows than were taken in, and rows that belong to no load.
SELECT coalesce(loaded.submission_id, '') AS submission_id
FROM (
    SELECT
        load_no,
        submission_id,
        row_count
    FROM core.submission_loaded
    WHERE form = '{form}'
        AND row_count > 0
) AS loaded
FULL JOIN (
    SELECT
        load_no,
        count(*) AS row_count
    FROM core.{form}
    GROUP BY load_no
) AS counted
    ON loaded.load_no = counted.load_no
WHERE loaded.row_count IS DISTINCT FROM counted.row_count
ORDER BY submission_id;
