-- Selects the first row of each city that is not the reporting unit itself.
SELECT
    staged.submission_id,
    min(staged.row_id) AS row_id,
    staged.city AS found,
    unit.unit_name
FROM stage_{form} AS staged
INNER JOIN core.unit AS unit
    ON unit.campaign_id = $campaign_id
    AND staged.unit_code = unit.unit_code
WHERE core.place(staged.city) NOT IN (core.place(unit.unit_name), core.place(unit.short_name))
GROUP BY staged.submission_id, staged.city, unit.unit_name
ORDER BY row_id;
