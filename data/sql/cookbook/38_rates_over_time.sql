-- How did the completeness of 表2 look on the evenings around its due date?
-- 截止日前后各晚，表2的报送率和通过率各是多少？
-- `mart.completeness_as_of(...)` asked of three evenings. Every mart that can change has its `_as_of`.
WITH evenings AS (
    SELECT
        DATE '2022-08-10' AS evening_date,
        *
    FROM mart.completeness_as_of(DATE '2022-08-10')
    UNION ALL
    SELECT
        DATE '2022-08-12',
        *
    FROM mart.completeness_as_of(DATE '2022-08-12')
    UNION ALL
    SELECT
        DATE '2022-08-19',
        *
    FROM mart.completeness_as_of(DATE '2022-08-19')
)

SELECT
    evening_date,
    expected,
    received,
    accepted,
    received_rate,
    accepted_rate
FROM evenings
WHERE campaign_id = 'jiangsu-2022'
    AND milestone = 'summary'
ORDER BY evening_date;
