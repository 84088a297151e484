-- Selects the completion rates of the head that differ by more than a tenth of a percent from those of their table and of the whole workbook.
WITH whole AS (
    SELECT
        submission_id,
        round(100.0 * sum(done_count) / nullif(sum(equip_count), 0), 1) AS computed
    FROM stage_progress
    GROUP BY submission_id
),

-- A head stands over one table; a sheet may hold several, which differ in what their heads say.
counted AS (
    SELECT
        submission_id,
        sheet,
        stated_rate AS stated,
        round(100.0 * sum(done_count) / nullif(sum(equip_count), 0), 1) AS computed
    FROM stage_progress
    GROUP BY submission_id, sheet, stated_rate
)

SELECT
    counted.submission_id,
    counted.sheet,
    core.figure(counted.stated) AS found,
    core.figure(counted.stated) AS stated,
    counted.computed
FROM counted
INNER JOIN whole
    ON counted.submission_id = whole.submission_id
WHERE round(abs(counted.stated - counted.computed), 4) > 0.1
    AND round(abs(counted.stated - whole.computed), 4) > 0.1
ORDER BY submission_id, sheet;
