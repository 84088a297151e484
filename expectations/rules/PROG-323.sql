-- Selects the figures of the head that differ from the rows of their sheet: enterprises and sets to close.
WITH counted AS (
    SELECT
        submission_id,
        sheet,
        any_value(stated_enterprises) AS stated_enterprises,
        any_value(stated_items) AS stated_items,
        count(DISTINCT coalesce(uscc, enterprise_name)) AS enterprises,
        coalesce(sum(equip_count), 0) AS items
    FROM stage_progress
    GROUP BY submission_id, sheet
)

SELECT
    submission_id,
    sheet,
    'stated_enterprises' AS field,
    '应淘汰企业数' AS head_label,
    stated_enterprises AS found,
    stated_enterprises AS stated,
    enterprises AS computed
FROM counted
WHERE stated_enterprises <> enterprises
UNION ALL
SELECT
    submission_id,
    sheet,
    'stated_items',
    '应淘汰台套数',
    stated_items,
    stated_items,
    items
FROM counted
WHERE stated_items <> items
ORDER BY submission_id, sheet, field;
