-- Selects items that the unit says are not outdated while the catalogue's judgement is eliminate.
SELECT
    'self_judgement' AS signal,
    unit_code,
    industry_key,
    enterprise_name,
    uscc,
    item_id,
    equip_name,
    equip_model,
    equip_params,
    catalogue_item_ids AS catalogue_items,
    equip_count AS sets,
    '自判为否，目录初判为淘汰类。' || comparison AS reason
FROM mart.equipment
WHERE campaign_id = $campaign_id
    AND judgement = 'eliminate'
    AND NOT is_outdated
ORDER BY unit_code, industry_key, uscc, item_id;
