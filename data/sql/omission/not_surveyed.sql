-- Selects enterprises of comparison lists that no survey summary of their unit and industry names, where one with rows was accepted.
WITH surveyed AS (
    SELECT DISTINCT
        unit_code,
        industry_key,
        uscc,
        core.normalised(enterprise_name) AS name
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
),

filed AS (
    SELECT DISTINCT
        unit_code,
        industry_key
    FROM surveyed
)

SELECT
    'not_surveyed' AS signal,
    listed.unit_code,
    listed.industry_key,
    listed.enterprise_name,
    listed.uscc,
    NULL AS item_id,
    NULL AS equip_name,
    NULL AS equip_model,
    NULL AS equip_params,
    NULL AS catalogue_items,
    1 AS sets,
    '列入比对名单“' || listed.list_name || '”，调查汇总表（表2）中未见该企业' AS reason
FROM core.comparison_list AS listed
INNER JOIN filed
    ON listed.unit_code = filed.unit_code
    AND listed.industry_key = filed.industry_key
ANTI JOIN surveyed
    ON listed.unit_code = surveyed.unit_code
    AND (listed.uscc = surveyed.uscc OR core.normalised(listed.enterprise_name) = surveyed.name)
WHERE listed.campaign_id = $campaign_id
ORDER BY listed.unit_code, listed.industry_key, listed.enterprise_name;
