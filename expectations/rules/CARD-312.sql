-- Selects the furnaces and kilns without a fuel.
SELECT
    submission_id,
    row_id,
    equip_name AS found
FROM stage_enterprise_card
WHERE regexp_matches(equip_name, '炉|窑')
    AND fuel IS NULL
ORDER BY row_id;
