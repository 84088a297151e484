-- Selects the figures of 合计 rows that add up neither their sheet nor, where it has several such rows, their own table.
WITH figures AS (
    UNPIVOT (
        SELECT
            submission_id,
            sheet,
            row_no,
            {totals}
        FROM stage_{form}
    )
    ON {totals}
    INTO NAME field VALUE figure
),

-- A sheet may hold several tables, each with its 合计, or a 合计 of each county over that of the city.
total AS (
    SELECT
        *,
        lag(row_no, 1, 0) OVER of_sheet AS row_before,
        lead(row_no) OVER of_sheet IS NULL AS is_last,
        count(*) OVER (PARTITION BY submission_id, sheet, field) > 1 AS is_one_of_several
    FROM stage_total
    WHERE form = '{form}'
    WINDOW of_sheet AS (PARTITION BY submission_id, sheet, field ORDER BY row_no)
),

summed AS (
    SELECT
        total.submission_id,
        total.sheet,
        total.row_no,
        total.field,
        any_value(total.stated) AS stated,
        any_value(total.is_last) AS is_last,
        coalesce(sum(figures.figure), 0) AS of_sheet,
        sum(figures.figure) FILTER (
            WHERE total.is_one_of_several
                AND figures.row_no BETWEEN total.row_before AND total.row_no
        ) AS of_table
    FROM total
    LEFT JOIN figures
        ON total.submission_id = figures.submission_id
        AND total.sheet = figures.sheet
        AND total.field = figures.field
    GROUP BY total.submission_id, total.sheet, total.row_no, total.field
)

SELECT
    submission_id,
    sheet,
    row_no,
    field,
    core.figure(stated) AS found,
    core.figure(stated) AS stated,
    coalesce(of_table, of_sheet) AS computed
FROM summed
WHERE (is_last OR of_table IS NOT NULL)
    AND stated <> of_sheet
    AND stated <> coalesce(of_table, of_sheet)
ORDER BY submission_id, sheet, row_no, field;
