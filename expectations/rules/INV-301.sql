-- Selects the rows of an industry that an earlier row of the workbook has.
SELECT
    submission_id,
    row_id,
    industry AS found,
    count(*) OVER (PARTITION BY submission_id, item_id) AS times
FROM stage_inventory_statement
WHERE industry IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY submission_id, item_id ORDER BY row_id) > 1
ORDER BY row_id;
