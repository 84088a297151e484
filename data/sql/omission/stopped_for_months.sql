-- Selects items that the newest progress form calls stopped, as it has been for months, without a further step.
WITH months AS (
    SELECT
        *,
        max(period) OVER (PARTITION BY unit_code) AS newest_period
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
),

-- The last month in which an item was anything but stopped.
moved AS (
    SELECT
        unit_code,
        item_id,
        max(period) AS period
    FROM months
    WHERE closure_status IS DISTINCT FROM '已停产'
    GROUP BY unit_code, item_id
),

stopped AS (
    SELECT
        months.unit_code,
        months.item_id,
        arg_max(months.enterprise_name, months.period) AS enterprise_name,
        arg_max(months.uscc, months.period) AS uscc,
        arg_max(months.industry, months.period) AS industry,
        arg_max(months.equip_name, months.period) AS equip_name,
        arg_max(months.equip_model, months.period) AS equip_model,
        arg_max(months.equip_params, months.period) AS equip_params,
        max(months.equip_count) FILTER (WHERE months.period = months.newest_period) AS sets,
        CAST(max(months.newest_period) || '-01' AS DATE) AS newest,
        least(CAST(min(months.period) || '-01' AS DATE), date_trunc('month', min(months.stopped_on))) AS since
    FROM months
    LEFT JOIN moved
        ON months.unit_code = moved.unit_code
        AND months.item_id = moved.item_id
    WHERE months.period > coalesce(moved.period, '')
    GROUP BY months.unit_code, months.item_id
    HAVING max(months.period) = max(months.newest_period)
)

SELECT
    'stopped_for_months' AS signal,
    stopped.unit_code,
    industry.industry_key,
    stopped.enterprise_name,
    stopped.uscc,
    stopped.item_id,
    stopped.equip_name,
    stopped.equip_model,
    stopped.equip_params,
    NULL AS catalogue_items,
    stopped.sets,
    '自' || strftime(stopped.since, '%Y年%-m月') || '起停产，至' || strftime(stopped.newest, '%Y年%-m月')
    || '已' || date_diff('month', stopped.since, stopped.newest) || '个月，仍报“已停产”，未见断水断电、拆除或者封存' AS reason
FROM stopped
LEFT JOIN core.industry AS industry
    ON industry.campaign_id = $campaign_id
    AND core.normalised(stopped.industry) = core.normalised(industry.industry_name)
WHERE date_diff('month', stopped.since, stopped.newest) >= $months
ORDER BY stopped.unit_code, stopped.uscc, stopped.item_id;
