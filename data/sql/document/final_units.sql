-- Selects by unit what the accepted completed lists (表5) hold.
SELECT
    unit.unit_name,
    count(DISTINCT listed.uscc)::INTEGER AS enterprises,
    count(listed.item_id)::INTEGER AS items,
    coalesce(sum(listed.equip_count), 0)::INTEGER AS sets,
    coalesce(sum(listed.equip_count) FILTER (WHERE listed.measure IS DISTINCT FROM '封存'), 0)::INTEGER AS dismantled,
    coalesce(sum(listed.equip_count) FILTER (WHERE listed.measure = '封存'), 0)::INTEGER AS sealed
FROM mart.unit AS unit
LEFT JOIN mart.completed_list AS listed
    ON unit.campaign_id = listed.campaign_id
    AND unit.unit_code = listed.unit_code
WHERE unit.campaign_id = $campaign_id
GROUP BY unit.unit_name, unit.position
ORDER BY unit.position;
