-- Selects the rows whose capacity differs from the accepted survey summary, or stands in another kind of unit.
WITH surveyed AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
)

SELECT
    staged.submission_id,
    staged.row_id,
    core.figure(staged.capacity) AS found,
    staged.capacity_unit,
    core.figure(surveyed.capacity) AS summary_capacity,
    surveyed.capacity_unit AS summary_unit
FROM stage_{form} AS staged
INNER JOIN surveyed
    ON staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
WHERE staged.capacity <> surveyed.capacity
    OR (
        staged.capacity_unit IS NOT NULL
        AND core.normalised(staged.capacity_unit) <> core.normalised(surveyed.capacity_unit)
    )
QUALIFY row_number() OVER (PARTITION BY staged.row_id ORDER BY surveyed.industry_key) = 1
ORDER BY staged.row_id;
