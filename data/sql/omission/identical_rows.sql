-- Selects rows of the survey summaries that are the same, figures and dates too, for different enterprises.
WITH alike AS (
    SELECT
        *,
        count(DISTINCT uscc) OVER same AS enterprises,
        min_by(enterprise_name, uscc) OVER same AS first_name,
        max_by(enterprise_name, uscc) OVER same AS last_name,
        min(uscc) OVER same AS first_uscc
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND capacity IS NOT NULL
        AND equip_params IS NOT NULL
        AND (output IS NOT NULL OR commissioned IS NOT NULL)
    WINDOW same AS (
        PARTITION BY industry_key, product, capacity, capacity_unit, output, process, equip_name, equip_model, equip_params, equip_count, commissioned
    )
)

SELECT
    'identical_rows' AS signal,
    unit_code,
    industry_key,
    enterprise_name,
    uscc,
    item_id,
    equip_name,
    equip_model,
    equip_params,
    NULL AS catalogue_items,
    equip_count AS sets,
    '产能、产量、装备参数、数量和投产时间与其他企业完全相同，涉及企业' || enterprises || '家，如“' || if(uscc = first_uscc, last_name, first_name) || '”' AS reason
FROM alike
WHERE enterprises > 1
ORDER BY industry_key, equip_name, equip_model, unit_code, uscc, item_id;
