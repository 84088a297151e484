-- The reporting units of each campaign.
-- Grain: one row is one reporting unit of one campaign
-- Key: campaign_id, unit_code
-- campaign_id: which campaign
-- unit_code: division code of the unit (GB/T 2260)
-- unit_name: name of the unit
-- short_name: name as tables and letters shorten it
-- body: the bureau that signs
-- county_count: counties of the unit
-- position: place of the unit in code order
CREATE VIEW mart.unit AS
SELECT
    unit.campaign_id,
    unit.unit_code,
    unit.unit_name,
    unit.short_name,
    unit.body,
    count(county.county_code) AS county_count,
    unit.position
FROM core.unit AS unit
LEFT JOIN core.county AS county
    ON unit.campaign_id = county.campaign_id
    AND unit.unit_code = county.unit_code
GROUP BY ALL
ORDER BY unit.campaign_id, unit.position, unit.unit_code;
