-- Selects units all of whose completions are dated on the last day for closures, in the completed list or else the newest progress form.
WITH completions AS (
    SELECT
        unit_code,
        '完成清单（表5）' AS form_words,
        2 AS preference,
        '' AS period,
        uscc,
        completed_on,
        equip_count
    FROM core.completed_list_current
    WHERE campaign_id = $campaign_id
        AND completed_on IS NOT NULL
    UNION ALL
    SELECT
        unit_code,
        '进展情况表（表3）',
        1,
        period,
        uscc,
        completed_on,
        equip_count
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
        AND completed_on IS NOT NULL
),

newest AS (
    SELECT *
    FROM completions
    QUALIFY rank() OVER (PARTITION BY unit_code ORDER BY preference DESC, period DESC) = 1
)

SELECT
    'last_day_completions' AS signal,
    unit_code,
    NULL AS industry_key,
    NULL AS enterprise_name,
    NULL AS uscc,
    NULL AS item_id,
    NULL AS equip_name,
    NULL AS equip_model,
    NULL AS equip_params,
    NULL AS catalogue_items,
    sum(equip_count) AS sets,
    min(form_words) || '所列' || count(*) || '项（涉及企业' || count(DISTINCT uscc) || '家）的完成时间均为最后期限'
    || strftime(CAST($closures_due AS DATE), '%Y年%-m月%-d日') AS reason
FROM newest
GROUP BY unit_code
HAVING count(*) >= $items
    AND bool_and(completed_on = $closures_due)
ORDER BY unit_code;
