-- Selects the first row of each product whose lines together have another capacity than the product's design capacity.
-- Machines of one line may stand one behind another or side by side: a line has at least the capacity of its largest row
-- and at most that of all its rows. Units that differ in more than a leading 万 cannot be added, and nothing is said.
WITH measured AS (
    SELECT
        submission_id,
        sheet,
        row_id,
        product,
        capacity,
        capacity_unit,
        line_name,
        line_capacity
        * CASE WHEN line_capacity_unit LIKE '万%' AND capacity_unit NOT LIKE '万%' THEN 10000 ELSE 1 END
        / CASE WHEN line_capacity_unit NOT LIKE '万%' AND capacity_unit LIKE '万%' THEN 10000 ELSE 1 END AS in_unit,
        line_capacity IS NULL
        OR core.normalised(ltrim(line_capacity_unit, '万')) <> core.normalised(ltrim(capacity_unit, '万')) AS is_unknown
    FROM stage_enterprise_card
    WHERE product IS NOT NULL
        AND capacity IS NOT NULL
        AND capacity_unit IS NOT NULL
        AND line_name IS NOT NULL
),

lines AS (
    SELECT
        submission_id,
        sheet,
        product,
        capacity,
        capacity_unit,
        line_name,
        min(row_id) AS row_id,
        max(in_unit) AS least,
        sum(in_unit) AS most,
        bool_or(is_unknown) AS is_unknown
    FROM measured
    GROUP BY ALL
)

SELECT
    submission_id,
    min(row_id) AS row_id,
    core.figure(CAST(sum(most) AS DECIMAL(18, 4))) AS found,
    core.figure(CAST(sum(most) AS DECIMAL(18, 4))) AS computed,
    product,
    capacity_unit,
    core.figure(capacity) AS capacity
FROM lines
GROUP BY submission_id, sheet, product, capacity, capacity_unit
HAVING NOT bool_or(is_unknown)
    AND (
        capacity < CAST(sum(least) AS DECIMAL(18, 4))
        OR capacity > CAST(sum(most) AS DECIMAL(18, 4))
    )
ORDER BY row_id;
