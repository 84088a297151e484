-- Selects the figures of the head that differ from the done counts of their sheet: in all, and since the last accepted month.
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

counted AS (
    SELECT
        submission_id,
        sheet,
        any_value(stated_done) AS stated_done,
        any_value(stated_month_done) AS stated_month_done,
        coalesce(sum(done_count), 0) AS done,
        count(*) OVER (PARTITION BY submission_id) AS sheets
    FROM stage_progress
    GROUP BY submission_id, sheet
)

SELECT
    submission_id,
    sheet,
    'stated_done' AS field,
    '累计完成' AS head_label,
    stated_done AS found,
    stated_done AS stated,
    done AS computed
FROM counted
WHERE stated_done <> done
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
WHERE counted.sheets = 1
    AND counted.stated_month_done <> counted.done - previous.done
ORDER BY submission_id, sheet, field;
