-- Selects the suspected omissions of a campaign in their order, with the judgement of the equipment that they are about.
SELECT
    suspected.rank,
    suspected.signal_word,
    suspected.hint AS look_at,
    suspected.unit_name,
    industry.industry_name,
    suspected.enterprise_name,
    suspected.uscc,
    concat_ws(' ', suspected.equip_name, suspected.equip_model, suspected.equip_params) AS item,
    suspected.catalogue_item_ids AS catalogue_items,
    suspected.affected_count AS sets,
    suspected.reason,
    (
        SELECT min(surveyed.judgement)
        FROM mart.equipment AS surveyed
        WHERE surveyed.campaign_id = suspected.campaign_id
            AND surveyed.unit_code = suspected.unit_code
            AND surveyed.item_id = suspected.item_id
    ) AS judgement
FROM mart.suspected_omission AS suspected
LEFT JOIN core.industry AS industry
    ON suspected.campaign_id = industry.campaign_id
    AND suspected.industry_key = industry.industry_key
WHERE suspected.campaign_id = $campaign_id
ORDER BY suspected.rank;
