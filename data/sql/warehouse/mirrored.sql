-- Selects the campaigns of which the ledger was mirrored since the file was built.
SELECT DISTINCT campaign_id
FROM core.cut_off
ORDER BY campaign_id;
