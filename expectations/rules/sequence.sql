-- Selects the rows whose 序号 neither follows the row before nor starts anew.
SELECT
    submission_id,
    row_id,
    seq AS found,
    lag(seq) OVER sheet_rows AS previous
FROM stage_{form}
WHERE seq IS NOT NULL
WINDOW sheet_rows AS (PARTITION BY submission_id, sheet ORDER BY row_id)
QUALIFY coalesce(seq NOT IN (1, previous, previous + 1), seq <> 1)
ORDER BY row_id;
