-- Selects how many letters of each kind left, were drafted, released, withheld or withdrawn.
SELECT
    kind,
    count(*)::INTEGER AS written,
    count(*) FILTER (WHERE state IN ('queued', 'sending', 'sent', 'uncertain'))::INTEGER AS sent,
    count(*) FILTER (WHERE is_released)::INTEGER AS released,
    count(*) FILTER (WHERE state = 'draft')::INTEGER AS waiting,
    count(*) FILTER (WHERE state = 'withheld')::INTEGER AS withheld,
    count(*) FILTER (WHERE state = 'withdrawn')::INTEGER AS withdrawn
FROM mart.letter
WHERE campaign_id = $campaign_id
GROUP BY kind
ORDER BY kind;
