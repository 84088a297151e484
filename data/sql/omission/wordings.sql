-- Selects every distinct wording of equipment in the newest accepted survey summaries (表2) of a campaign, to be judged once.
SELECT DISTINCT
    surveyed.wording_id,
    coalesce(industry.industry_name, surveyed.industry_key) AS industry,
    surveyed.equip_name,
    surveyed.equip_model,
    surveyed.equip_params,
    surveyed.product,
    surveyed.process,
    core.figure(surveyed.capacity) AS capacity,
    surveyed.capacity_unit,
    surveyed.commissioned
FROM core.survey_summary_current AS surveyed
LEFT JOIN core.industry AS industry
    ON surveyed.campaign_id = industry.campaign_id
    AND surveyed.industry_key = industry.industry_key
WHERE surveyed.campaign_id = $campaign_id
ORDER BY ALL;
