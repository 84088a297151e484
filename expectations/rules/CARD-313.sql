-- Selects the paper machines whose parameters lack a width, a speed or both.
WITH machines AS (
    SELECT
        submission_id,
        row_id,
        equip_params,
        regexp_matches(core.normalised(equip_params), '\d(MM|CM|M|毫米|厘米|米)([^/A-Z]|$)') AS has_width,
        regexp_matches(core.normalised(equip_params), '\d(M|米)(/|每)(MIN|M|S|分|秒)') AS has_speed
    FROM stage_enterprise_card
    WHERE regexp_matches(equip_name, '造纸机|纸机')
        AND equip_params IS NOT NULL
)

SELECT
    submission_id,
    row_id,
    equip_params AS found,
    CASE
        WHEN has_width THEN '车速'
        WHEN has_speed THEN '幅宽'
        ELSE '幅宽和车速'
    END AS missing
FROM machines
WHERE NOT has_width
    OR NOT has_speed
ORDER BY row_id;
