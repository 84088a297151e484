-- Selects the sheets whose enterprise has an earlier sheet in the same workbook.
WITH sheets AS (
    SELECT
        submission_id,
        uscc,
        enterprise_name,
        sheet,
        min(row_id) AS row_id
    FROM stage_enterprise_card
    WHERE uscc IS NOT NULL
    GROUP BY ALL
)

SELECT
    submission_id,
    row_id,
    sheet AS found,
    enterprise_name,
    lag(sheet) OVER enterprise AS other_sheet
FROM sheets
WINDOW enterprise AS (PARTITION BY submission_id, uscc ORDER BY row_id)
QUALIFY other_sheet IS NOT NULL
ORDER BY row_id;
