-- Selects enterprises inspected at the address of one that the last campaign inspected, which this one no longer names.
WITH inspected AS (
    SELECT DISTINCT
        campaign_id,
        unit_code,
        enterprise_name,
        uscc,
        core.normalised(address) AS address
    FROM core.inspection_current
    WHERE address IS NOT NULL
),

surveyed AS (
    SELECT DISTINCT uscc
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
)

SELECT
    'same_address' AS signal,
    newer.unit_code,
    NULL AS industry_key,
    newer.enterprise_name,
    newer.uscc,
    NULL AS item_id,
    NULL AS equip_name,
    NULL AS equip_model,
    NULL AS equip_params,
    NULL AS catalogue_items,
    count(DISTINCT earlier.uscc) AS sets,
    '与上一年度核查验收表（表4）所列“' || min(earlier.enterprise_name) || '”地址相同，该企业本年度未再列入' AS reason
FROM inspected AS newer
INNER JOIN inspected AS earlier
    ON newer.unit_code = earlier.unit_code
    AND newer.address = earlier.address
    AND newer.uscc <> earlier.uscc
ANTI JOIN surveyed
    ON earlier.uscc = surveyed.uscc
WHERE newer.campaign_id = $campaign_id
    AND earlier.campaign_id = core.campaign_before($campaign_id)
GROUP BY newer.unit_code, newer.enterprise_name, newer.uscc
ORDER BY newer.unit_code, newer.uscc;
