-- Selects the enterprises with fewer pictures before or after the dismantling than equipment items.
WITH counted AS (
    SELECT
        submission_id,
        sheet,
        min(row_id) AS row_id,
        count(*) AS items,
        pictures_before,
        pictures_after
    FROM stage_inspection
    GROUP BY submission_id, sheet, uscc, pictures_before, pictures_after
)

SELECT
    submission_id,
    row_id,
    'pictures_before' AS field,
    '拆除前' AS moment,
    pictures_before AS found,
    items
FROM counted
WHERE pictures_before < items
UNION ALL
SELECT
    submission_id,
    row_id,
    'pictures_after',
    '拆除后',
    pictures_after,
    items
FROM counted
WHERE pictures_after < items
ORDER BY row_id, field DESC;
