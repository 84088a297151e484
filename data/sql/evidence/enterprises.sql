-- Selects the enterprises of a unit with their equipment, as its newest accepted 表2 and 表4 name them.
SELECT
    enterprise_name,
    equip_name,
    equip_model
FROM core.survey_summary_current
WHERE campaign_id = $campaign_id
    AND unit_code = $unit_code
    AND enterprise_name IS NOT NULL
UNION
SELECT
    enterprise_name,
    equip_name,
    equip_model
FROM core.inspection_current
WHERE campaign_id = $campaign_id
    AND unit_code = $unit_code
    AND enterprise_name IS NOT NULL
ORDER BY enterprise_name, equip_name, equip_model;
