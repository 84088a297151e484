-- Selects values just beyond a threshold (within five hundredths) where they cluster: in several enterprises of a unit, or very close to it.
WITH near AS (
    SELECT
        surveyed.*,
        judged.near_item,
        judged.near_parameter,
        judged.near_value,
        judged.near_threshold,
        judged.near_permille,
        count(DISTINCT surveyed.uscc) OVER (
            PARTITION BY surveyed.unit_code, judged.near_item, judged.near_parameter
        ) AS enterprises,
        count(*) OVER (PARTITION BY surveyed.unit_code, judged.near_item, judged.near_parameter) AS items
    FROM mart.equipment AS surveyed
    INNER JOIN core.judgement AS judged
        ON surveyed.campaign_id = judged.campaign_id
        AND surveyed.wording_id = judged.wording_id
    WHERE surveyed.campaign_id = $campaign_id
        AND judged.near_permille IS NOT NULL
        AND NOT surveyed.is_outdated
)

SELECT
    'beyond_threshold' AS signal,
    unit_code,
    industry_key,
    enterprise_name,
    uscc,
    item_id,
    equip_name,
    equip_model,
    equip_params,
    near_item AS catalogue_items,
    equip_count AS sets,
    near_parameter || near_value || '，刚好超出' || near_item || '的界限（' || near_threshold || '）'
    || CASE
        WHEN items > 1 THEN '；本单位同类情形' || items || '项，涉及企业' || enterprises || '家'
        ELSE ''
    END AS reason
FROM near
WHERE enterprises >= $enterprises
    OR near_permille <= $permille
ORDER BY unit_code, near_item, near_permille, uscc, item_id;
