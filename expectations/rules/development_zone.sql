-- Selects the first row of each county that is not one of the unit's, but names a development zone.
SELECT
    staged.submission_id,
    min(staged.row_id) AS row_id,
    staged.county AS found,
    unit.unit_name
FROM stage_{form} AS staged
INNER JOIN core.unit AS unit
    ON unit.campaign_id = $campaign_id
    AND staged.unit_code = unit.unit_code
WHERE staged.county IS NOT NULL
    AND regexp_matches(staged.county, '(开发区|园区|高新区|新区|示范区|度假区)$')
    AND EXISTS (
        SELECT 1
        FROM core.county AS county
        WHERE county.campaign_id = $campaign_id
            AND staged.unit_code = county.unit_code
    )
    AND NOT EXISTS (
        SELECT 1
        FROM core.county AS county
        WHERE county.campaign_id = $campaign_id
            AND staged.unit_code = county.unit_code
            AND core.place(replace(core.normalised(staged.county), unit.unit_name, '')) = core.place(county.county_name)
    )
GROUP BY staged.submission_id, staged.county, unit.unit_name
ORDER BY row_id;
