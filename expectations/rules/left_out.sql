-- Selects the outdated items of the unit's accepted survey summaries that the submission leaves out.
WITH surveyed AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
)

SELECT
    submitted.submission_id,
    NULL AS row_id,
    surveyed.enterprise_name,
    surveyed.equip_name,
    surveyed.equip_model,
    surveyed.equip_params,
    surveyed.equip_count
FROM stage_submission AS submitted
INNER JOIN surveyed
    ON submitted.unit_code = surveyed.unit_code
LEFT JOIN stage_{form} AS staged
    ON submitted.submission_id = staged.submission_id
    AND surveyed.item_id = staged.item_id
WHERE submitted.form = '{form}'
    AND staged.item_id IS NULL
ORDER BY submitted.submission_id, surveyed.industry_key, surveyed.sheet_no, surveyed.row_no;
