-- Selects enterprises whose output of the year before is far above the capacity that they state for the product.
WITH products AS (
    SELECT
        unit_code,
        industry_key,
        uscc,
        product,
        capacity_unit,
        min(enterprise_name) AS enterprise_name,
        max(capacity) AS capacity,
        max(output) AS output,
        sum(equip_count) AS sets
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code, industry_key, uscc, product, capacity_unit
)

SELECT
    'output_over_capacity' AS signal,
    unit_code,
    industry_key,
    enterprise_name,
    uscc,
    NULL AS item_id,
    NULL AS equip_name,
    NULL AS equip_model,
    NULL AS equip_params,
    NULL AS catalogue_items,
    sets,
    coalesce(product, '主要产品') || '上年产量' || core.figure(output) || coalesce(capacity_unit, '') || '，为所报产能'
    || core.figure(capacity) || coalesce(capacity_unit, '') || '的' || core.figure(round(output / capacity, 1)) || '倍' AS reason
FROM products
WHERE capacity > 0
    AND 100 * output >= $percent * capacity
ORDER BY unit_code, industry_key, uscc, product;
