-- Selects the figures of 合计 rows that differ from the sum of their sheet's rows.
WITH summed AS (
    UNPIVOT (
        SELECT
            submission_id,
            sheet,
            coalesce(sum(surveyed_count), 0) AS surveyed_count,
            coalesce(sum(checked_count), 0) AS checked_count,
            coalesce(sum(outdated_count), 0) AS outdated_count,
            coalesce(sum(outdated_equipment_count), 0) AS outdated_equipment_count
        FROM stage_inventory_statement
        GROUP BY submission_id, sheet
    )
    ON surveyed_count, checked_count, outdated_count, outdated_equipment_count
    INTO NAME field VALUE computed
)

SELECT
    total.submission_id,
    total.sheet,
    total.row_no,
    total.field,
    core.figure(total.stated) AS found,
    core.figure(total.stated) AS stated,
    coalesce(summed.computed, 0) AS computed
FROM stage_total AS total
LEFT JOIN summed
    ON total.submission_id = summed.submission_id
    AND total.sheet = summed.sheet
    AND total.field = summed.field
WHERE total.form = 'inventory_statement'
    AND total.stated <> coalesce(summed.computed, 0)
QUALIFY row_number() OVER (PARTITION BY total.submission_id, total.sheet, total.field ORDER BY total.row_no DESC) = 1
ORDER BY total.submission_id, total.sheet, total.row_no, total.field;
