-- Selects the figures of 合计 rows that differ from the sum of their sheet's rows.
WITH summed AS (
    SELECT
        submission_id,
        sheet,
        'equip_count' AS field,
        sum(equip_count) AS computed
    FROM stage_survey_summary
    GROUP BY submission_id, sheet
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
WHERE total.form = 'survey_summary'
    AND total.stated <> coalesce(summed.computed, 0)
QUALIFY row_number() OVER (PARTITION BY total.submission_id, total.sheet, total.field ORDER BY total.row_no DESC) = 1
ORDER BY total.submission_id, total.sheet, total.row_no, total.field;
