-- Selects zero reports of an industry in which the unit's last campaign, or a comparison list, has enterprises.
WITH zero AS (
    SELECT
        unit_code,
        industry_key
    FROM core.current_submission
    WHERE campaign_id = $campaign_id
        AND form = 'survey_summary'
        AND is_zero
),

-- The same place's campaigns of earlier years: jiangsu-2021 before jiangsu-2022.
earlier AS (
    SELECT DISTINCT
        surveyed.campaign_id,
        surveyed.unit_code,
        surveyed.industry_key,
        surveyed.enterprise_name
    FROM core.survey_summary_current AS surveyed
    SEMI JOIN zero
        ON surveyed.unit_code = zero.unit_code
        AND surveyed.industry_key = zero.industry_key
    WHERE surveyed.campaign_id < $campaign_id
        AND regexp_replace(surveyed.campaign_id, '\d{4}$', '') = regexp_replace($campaign_id, '\d{4}$', '')
),

known AS (
    SELECT
        unit_code,
        industry_key,
        enterprise_name,
        '上一年度' AS list_name
    FROM earlier
    QUALIFY campaign_id = max(campaign_id) OVER (PARTITION BY unit_code)
    UNION ALL
    SELECT
        unit_code,
        industry_key,
        enterprise_name,
        list_name
    FROM core.comparison_list
    WHERE campaign_id = $campaign_id
)

SELECT
    'zero_report' AS signal,
    zero.unit_code,
    zero.industry_key,
    min(known.enterprise_name) AS enterprise_name,
    NULL AS uscc,
    NULL AS item_id,
    NULL AS equip_name,
    NULL AS equip_model,
    NULL AS equip_params,
    NULL AS catalogue_items,
    count(DISTINCT known.enterprise_name) AS sets,
    '该行业报零，但' || known.list_name || '名单中有企业' || count(DISTINCT known.enterprise_name) || '家，如“' || min(known.enterprise_name) || '”' AS reason
FROM zero
INNER JOIN known
    ON zero.unit_code = known.unit_code
    AND zero.industry_key = known.industry_key
GROUP BY zero.unit_code, zero.industry_key, known.list_name
ORDER BY zero.unit_code, zero.industry_key, known.list_name;
