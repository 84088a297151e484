-- Selects what each unit has to close by its accepted survey summaries (表2), and how many of those it owes are accepted.
WITH surveyed AS (
    SELECT
        unit_code,
        count(DISTINCT uscc) AS enterprises,
        sum(equip_count) AS sets
    FROM mart.equipment
    WHERE campaign_id = $campaign_id
        AND is_outdated
    GROUP BY unit_code
),

owed AS (
    SELECT
        unit_code,
        count(*) AS expected,
        count(*) FILTER (WHERE accepted_at IS NOT NULL) AS accepted
    FROM mart.obligation
    WHERE campaign_id = $campaign_id
        AND form = 'survey_summary'
        AND NOT coalesce(is_paper, FALSE)
        AND NOT coalesce(is_exempt, FALSE)
    GROUP BY unit_code
)

SELECT
    unit.unit_code,
    unit.unit_name,
    coalesce(owed.expected, 0)::INTEGER AS expected,
    coalesce(owed.accepted, 0)::INTEGER AS accepted,
    coalesce(surveyed.enterprises, 0)::INTEGER AS enterprises,
    coalesce(surveyed.sets, 0)::INTEGER AS sets
FROM mart.unit AS unit
LEFT JOIN surveyed ON unit.unit_code = surveyed.unit_code
LEFT JOIN owed ON unit.unit_code = owed.unit_code
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position, unit.unit_code;
