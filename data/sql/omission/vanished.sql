-- Selects outdated items that vanished, or lost machines: between versions of the survey summary, on the way to the progress form, between months.
WITH summaries AS (
    SELECT
        current.unit_code,
        current.industry_key,
        current.load_no,
        current.version
    FROM core.current_submission AS current
    WHERE current.campaign_id = $campaign_id
        AND current.form = 'survey_summary'
),

surveyed AS (
    SELECT
        summary.*,
        loaded.load_no
    FROM core.survey_summary_current AS summary
    INNER JOIN summaries AS loaded
        ON summary.unit_code = loaded.unit_code
        AND summary.industry_key IS NOT DISTINCT FROM loaded.industry_key
    WHERE summary.campaign_id = $campaign_id
        AND summary.is_outdated
),

-- Items that the newest survey summary lists as sound.
denied AS (
    SELECT DISTINCT
        unit_code,
        item_id
    FROM core.survey_summary_current
    WHERE campaign_id = $campaign_id
        AND NOT is_outdated
),

-- The months of each unit in order, zero reports counted.
months AS (
    SELECT
        unit_code,
        period,
        load_no,
        lead(period) OVER (PARTITION BY unit_code ORDER BY period) AS next_period,
        row_number() OVER (PARTITION BY unit_code ORDER BY period DESC) = 1 AS is_newest
    FROM core.current_submission
    WHERE campaign_id = $campaign_id
        AND form = 'progress'
),

progress AS (
    SELECT
        unit_code,
        period,
        item_id,
        any_value(enterprise_name) AS enterprise_name,
        any_value(uscc) AS uscc,
        any_value(equip_name) AS equip_name,
        any_value(equip_model) AS equip_model,
        any_value(equip_params) AS equip_params,
        sum(equip_count) AS equip_count
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code, period, item_id
),

not_in_progress AS (
    SELECT
        surveyed.unit_code,
        surveyed.industry_key,
        surveyed.enterprise_name,
        surveyed.uscc,
        surveyed.item_id,
        surveyed.equip_name,
        surveyed.equip_model,
        surveyed.equip_params,
        surveyed.equip_count AS sets,
        '表2列为落后装备，' || core.month_words(months.period) || '进展情况表（表3）中未见' AS reason
    FROM surveyed
    INNER JOIN months
        ON surveyed.unit_code = months.unit_code
        AND months.is_newest
        AND months.load_no > surveyed.load_no  -- a supplement filed after it is not missing from it
    ANTI JOIN progress
        ON surveyed.unit_code = progress.unit_code
        AND months.period = progress.period
        AND surveyed.item_id = progress.item_id
),

fewer_in_progress AS (
    SELECT
        surveyed.unit_code,
        surveyed.industry_key,
        surveyed.enterprise_name,
        surveyed.uscc,
        surveyed.item_id,
        surveyed.equip_name,
        surveyed.equip_model,
        surveyed.equip_params,
        surveyed.equip_count - progress.equip_count AS sets,
        '表2数量' || surveyed.equip_count || '台（套），' || core.month_words(months.period) || '进展情况表（表3）仅' || progress.equip_count || '台（套）' AS reason
    FROM surveyed
    INNER JOIN months
        ON surveyed.unit_code = months.unit_code
        AND months.is_newest
        AND months.load_no > surveyed.load_no
    INNER JOIN progress
        ON surveyed.unit_code = progress.unit_code
        AND months.period = progress.period
        AND surveyed.item_id = progress.item_id
    WHERE progress.equip_count < surveyed.equip_count
),

not_in_next_month AS (
    SELECT
        earlier.unit_code,
        NULL AS industry_key,
        earlier.enterprise_name,
        earlier.uscc,
        earlier.item_id,
        earlier.equip_name,
        earlier.equip_model,
        earlier.equip_params,
        earlier.equip_count AS sets,
        core.month_words(months.period) || '进展情况表（表3）列有，' || core.month_words(months.next_period) || '表中未见' AS reason
    FROM progress AS earlier
    INNER JOIN months
        ON earlier.unit_code = months.unit_code
        AND earlier.period = months.period
    ANTI JOIN progress AS later
        ON months.unit_code = later.unit_code
        AND months.next_period = later.period
        AND earlier.item_id = later.item_id
    WHERE months.next_period IS NOT NULL
        AND earlier.item_id NOT IN (SELECT item_id FROM not_in_progress WHERE item_id IS NOT NULL)
),

not_in_next_version AS (
    SELECT
        loaded.unit_code,
        loaded.industry_key,
        earlier.enterprise_name,
        earlier.uscc,
        earlier.item_id,
        earlier.equip_name,
        earlier.equip_model,
        earlier.equip_params,
        earlier.equip_count AS sets,
        '表2第' || loaded.version || '版列为落后装备，第' || summaries.version || '版'
        || CASE WHEN denied.item_id IS NULL THEN '中未见' ELSE '改为不属于落后装备' END AS reason
    FROM core.submission_loaded AS loaded
    INNER JOIN core.survey_summary AS earlier
        ON loaded.load_no = earlier.load_no
    INNER JOIN summaries
        ON loaded.unit_code = summaries.unit_code
        AND loaded.industry_key IS NOT DISTINCT FROM summaries.industry_key
        AND loaded.version < summaries.version
    ANTI JOIN surveyed
        ON loaded.unit_code = surveyed.unit_code
        AND earlier.item_id = surveyed.item_id
    LEFT JOIN denied
        ON loaded.unit_code = denied.unit_code
        AND earlier.item_id = denied.item_id
    WHERE loaded.campaign_id = $campaign_id
        AND loaded.form = 'survey_summary'
        AND earlier.is_outdated
    QUALIFY row_number() OVER (PARTITION BY loaded.unit_code, earlier.item_id ORDER BY loaded.version DESC, earlier.row_no) = 1
)

SELECT
    'vanished' AS signal,
    *,
    NULL AS catalogue_items
FROM (
    SELECT * FROM not_in_progress
    UNION ALL BY NAME
    SELECT * FROM fewer_in_progress
    UNION ALL BY NAME
    SELECT * FROM not_in_next_month
    UNION ALL BY NAME
    SELECT * FROM not_in_next_version
)
ORDER BY unit_code, uscc, item_id, reason;
