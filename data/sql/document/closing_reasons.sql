-- Selects what is not closed by kind of reason, from the newest progress forms (表3).
SELECT
    open_reason AS reason,
    count(DISTINCT uscc)::INTEGER AS enterprises,
    count(*)::INTEGER AS items,
    sum(equip_count)::INTEGER AS sets
FROM mart.progress_item
WHERE campaign_id = $campaign_id
    AND is_newest
    AND NOT is_closed
GROUP BY open_reason
ORDER BY sum(equip_count) DESC, open_reason;
