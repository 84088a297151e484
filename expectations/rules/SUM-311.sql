-- Selects the outdated items of the version accepted before that this version no longer lists as outdated.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
)

SELECT
    submitted.submission_id,
    NULL AS row_id,
    accepted.version,
    accepted.enterprise_name,
    accepted.equip_name,
    accepted.equip_model
FROM stage_submission AS submitted
INNER JOIN accepted
    ON submitted.unit_code = accepted.unit_code
    AND submitted.industry_key = accepted.industry_key
    AND submitted.version > accepted.version
LEFT JOIN stage_survey_summary AS staged
    ON submitted.submission_id = staged.submission_id
    AND accepted.item_id = staged.item_id
    AND staged.is_outdated
WHERE submitted.form = 'survey_summary'
    AND staged.item_id IS NULL
ORDER BY submitted.submission_id, accepted.sheet_no, accepted.row_no;
