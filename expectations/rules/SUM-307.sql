-- Selects the rows whose equipment item an accepted submission of another unit or industry lists as well.
WITH accepted AS MATERIALIZED (
    SELECT *
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_name AS found,
    coalesce(min(unit.unit_name), min(accepted.unit_code)) AS other_unit,
    min(accepted.industry) AS other_industry
FROM stage_survey_summary AS staged
INNER JOIN accepted
    ON staged.item_id = accepted.item_id
    AND (
        staged.unit_code <> accepted.unit_code
        OR staged.industry_key <> accepted.industry_key
    )
LEFT JOIN core.unit AS unit
    ON unit.campaign_id = $campaign_id
    AND accepted.unit_code = unit.unit_code
GROUP BY staged.submission_id, staged.row_id, staged.equip_name
ORDER BY staged.row_id;
