-- Selects the rows whose count differs from the accepted survey summary.
WITH surveyed AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_count AS found,
    surveyed.equip_count AS summary_count
FROM stage_{form} AS staged
INNER JOIN surveyed
    ON staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
WHERE staged.equip_count <> surveyed.equip_count
ORDER BY staged.row_id;
