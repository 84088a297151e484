-- How did 表2 come in, day by day around the due date?
-- 调查汇总表（表2）是怎样逐日报来的？
-- Only first versions; working days are not counted here, a day is a calendar day. The last column runs up to the number expected.
WITH first_version AS (
    SELECT
        submission.arrived_at::DATE AS arrived_date,
        count(*) AS arrived_count,
        count(DISTINCT submission.unit_code) AS unit_count
    FROM mart.submission AS submission
    WHERE submission.campaign_id = 'jiangsu-2022'
        AND submission.form = 'survey_summary'
        AND submission.version = 1
    GROUP BY arrived_date
)

SELECT
    arrived_date,
    arrived_date - DATE '2022-08-12' AS days_from_due_date,
    arrived_count,
    unit_count,
    (sum(arrived_count) OVER (ORDER BY arrived_date))::BIGINT AS arrived_so_far_count
FROM first_version
ORDER BY arrived_date;
