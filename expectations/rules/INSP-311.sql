-- Selects the rows whose equipment item no accepted survey summary lists as outdated.
WITH surveyed AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_name AS found,
    staged.enterprise_name,
    staged.equip_model
FROM stage_inspection AS staged
LEFT JOIN surveyed
    ON staged.unit_code = surveyed.unit_code
    AND staged.item_id = surveyed.item_id
WHERE surveyed.item_id IS NULL
ORDER BY staged.row_id;
