-- Selects the figures of the head that differ from the rows of their table and of the whole workbook: enterprises and sets to close.
WITH whole AS (
    SELECT
        submission_id,
        count(DISTINCT coalesce(uscc, enterprise_name)) AS enterprises,
        coalesce(sum(equip_count), 0) AS items
    FROM stage_progress
    GROUP BY submission_id
),

-- A head stands over one table; a sheet may hold several, which differ in what their heads say.
counted AS (
    SELECT
        submission_id,
        sheet,
        stated_enterprises,
        stated_items,
        count(DISTINCT coalesce(uscc, enterprise_name)) AS enterprises,
        coalesce(sum(equip_count), 0) AS items
    FROM stage_progress
    GROUP BY submission_id, sheet, stated_enterprises, stated_items
)

SELECT
    counted.submission_id,
    counted.sheet,
    'stated_enterprises' AS field,
    '应淘汰企业数' AS head_label,
    counted.stated_enterprises AS found,
    counted.stated_enterprises AS stated,
    counted.enterprises AS computed
FROM counted
INNER JOIN whole
    ON counted.submission_id = whole.submission_id
WHERE counted.stated_enterprises NOT IN (counted.enterprises, whole.enterprises)
UNION ALL
SELECT
    counted.submission_id,
    counted.sheet,
    'stated_items',
    '应淘汰台套数',
    counted.stated_items,
    counted.stated_items,
    counted.items
FROM counted
INNER JOIN whole
    ON counted.submission_id = whole.submission_id
WHERE counted.stated_items NOT IN (counted.items, whole.items)
ORDER BY submission_id, sheet, field;
