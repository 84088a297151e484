-- Selects what the survey found in all: enterprises, those with outdated equipment, items and sets, from the newest survey summaries (表2).
SELECT
    count(DISTINCT uscc)::INTEGER AS enterprises,
    count(DISTINCT uscc) FILTER (WHERE is_outdated)::INTEGER AS outdated_enterprises,
    count(*) FILTER (WHERE is_outdated)::INTEGER AS items,
    coalesce(sum(equip_count) FILTER (WHERE is_outdated), 0)::INTEGER AS sets
FROM mart.equipment
WHERE campaign_id = $campaign_id;
