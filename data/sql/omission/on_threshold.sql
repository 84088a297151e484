-- Selects items that the unit says are not outdated while a value stands exactly on a threshold of the catalogue.
SELECT
    'on_threshold' AS signal,
    surveyed.unit_code,
    surveyed.industry_key,
    surveyed.enterprise_name,
    surveyed.uscc,
    surveyed.item_id,
    surveyed.equip_name,
    surveyed.equip_model,
    surveyed.equip_params,
    surveyed.catalogue_item_ids AS catalogue_items,
    surveyed.equip_count AS sets,
    '自判为否，参数恰在目录界限值上。' || surveyed.comparison AS reason
FROM mart.equipment AS surveyed
INNER JOIN core.judgement AS judged
    ON surveyed.campaign_id = judged.campaign_id
    AND surveyed.wording_id = judged.wording_id
WHERE surveyed.campaign_id = $campaign_id
    AND judged.is_on_threshold
    AND NOT surveyed.is_outdated
ORDER BY surveyed.unit_code, surveyed.industry_key, surveyed.uscc, surveyed.item_id;
