-- Selects the rows that name the same equipment item as an earlier row of the workbook.
SELECT
    submission_id,
    row_id,
    equip_name AS found,
    first_value(row_no) OVER item AS first_row
FROM stage_{form}
WHERE uscc IS NOT NULL
    AND equip_name IS NOT NULL
WINDOW item AS (PARTITION BY submission_id, item_id ORDER BY row_id)
QUALIFY row_number() OVER item > 1
ORDER BY row_id;
