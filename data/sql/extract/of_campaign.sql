-- Selects one campaign's rows of a mart; the campaign is told by the name of the folder.
SELECT * EXCLUDE (campaign_id)
FROM mart.{mart}
WHERE campaign_id = $campaign_id;
