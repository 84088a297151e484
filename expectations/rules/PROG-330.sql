-- Selects the items of the last accepted month that the submission leaves out, though no survey summary tells of them.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
),

surveyed AS MATERIALIZED (
    SELECT
        unit_code,
        item_id
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND is_outdated
)

SELECT
    submitted.submission_id,
    NULL AS row_id,
    accepted.period AS previous_period,
    accepted.enterprise_name,
    accepted.equip_name,
    accepted.equip_model,
    accepted.equip_params
FROM stage_submission AS submitted
INNER JOIN accepted
    ON submitted.unit_code = accepted.unit_code
    AND accepted.period = (
        SELECT max(filed.period)
        FROM core.current_submission AS filed
        WHERE filed.form = 'progress'
            AND filed.campaign_id = $campaign_id
            AND filed.unit_code = submitted.unit_code
            AND filed.period < submitted.period
    )
LEFT JOIN surveyed
    ON accepted.unit_code = surveyed.unit_code
    AND accepted.item_id = surveyed.item_id
LEFT JOIN stage_progress AS staged
    ON submitted.submission_id = staged.submission_id
    AND accepted.item_id = staged.item_id
WHERE submitted.form = 'progress'
    AND surveyed.item_id IS NULL
    AND staged.item_id IS NULL
ORDER BY submitted.submission_id, accepted.sheet_no, accepted.row_no;
