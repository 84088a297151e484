-- Selects the figures of the head that differ from the done counts of their table and of the whole workbook: in all, and in the month.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
),

previous AS (
    SELECT
        submitted.submission_id,
        coalesce(sum(accepted.done_count), 0) AS done
    FROM stage_submission AS submitted
    LEFT JOIN accepted
        ON submitted.unit_code = accepted.unit_code
        AND accepted.period = (
            SELECT max(filed.period)
            FROM core.current_submission AS filed
            WHERE filed.form = 'progress'
                AND filed.campaign_id = $campaign_id
                AND filed.unit_code = submitted.unit_code
                AND filed.period < submitted.period
        )
    WHERE submitted.form = 'progress'
    GROUP BY submitted.submission_id
),

whole AS (
    SELECT
        submission_id,
        coalesce(sum(done_count), 0) AS done
    FROM stage_progress
    GROUP BY submission_id
),

-- A head stands over one table; a sheet may hold several, which differ in what their heads say.
counted AS (
    SELECT
        submission_id,
        sheet,
        stated_done,
        stated_month_done,
        coalesce(sum(done_count), 0) AS done,
        count(*) OVER (PARTITION BY submission_id) AS tables
    FROM stage_progress
    GROUP BY submission_id, sheet, stated_done, stated_month_done
)

SELECT
    counted.submission_id,
    counted.sheet,
    'stated_done' AS field,
    '累计完成' AS head_label,
    counted.stated_done AS found,
    counted.stated_done AS stated,
    counted.done AS computed
FROM counted
INNER JOIN whole
    ON counted.submission_id = whole.submission_id
WHERE counted.stated_done NOT IN (counted.done, whole.done)
UNION ALL
SELECT
    counted.submission_id,
    counted.sheet,
    'stated_month_done',
    '本月完成',
    counted.stated_month_done,
    counted.stated_month_done,
    counted.done - previous.done
FROM counted
INNER JOIN previous
    ON counted.submission_id = previous.submission_id
WHERE counted.tables = 1
    AND counted.stated_month_done <> counted.done - previous.done
ORDER BY submission_id, sheet, field;
