-- The industries of each campaign.
-- Grain: one row is one industry of one campaign
-- Key: campaign_id, industry_key
-- campaign_id: which campaign
-- industry_key: key of the industry
-- industry_name: name of the industry, as the forms write it
-- industry_office: which office of the house looks after it; empty when the campaign names none
CREATE VIEW mart.industry AS
SELECT
    campaign_id,
    industry_key,
    industry_name,
    industry_office
FROM core.industry
ORDER BY campaign_id, industry_key;
