-- Selects which units have named their contact; names and numbers stay in the ledger.
SELECT
    unit.unit_name AS "设区市",
    unit.body AS "单位",
    CASE WHEN loaded.submission_id IS NULL THEN '未报' ELSE '已报' END AS "报送情况",
    loaded.version AS "版次"
FROM core.unit AS unit
LEFT JOIN core.current_submission AS loaded
    ON unit.campaign_id = loaded.campaign_id
    AND unit.unit_code = loaded.unit_code
    AND loaded.form = 'contact'
WHERE unit.campaign_id = $campaign_id
ORDER BY unit.position;
