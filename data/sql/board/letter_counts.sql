-- Selects how many letters of each kind have left or are to leave.
SELECT
    kind,
    count(*) AS letters
FROM mart.letter
WHERE campaign_id = $campaign_id
    AND state IN ('queued', 'sending', 'sent', 'uncertain')
GROUP BY kind
ORDER BY kind;
