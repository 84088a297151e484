-- Each outdated item followed through survey summary (表2), progress (表3), inspection (表4) and completed list (表5).
-- Grain: one row is one item of one unit that any of the four forms lists
-- Key: campaign_id, unit_code, item_id
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- item_id: name of the item over versions and forms
-- enterprise_name: name of the enterprise ({survey_summary.enterprise_name})
-- uscc: credit code of the enterprise ({survey_summary.uscc})
-- equip_name: name of the equipment ({survey_summary.equip_name})
-- equip_model: model ({survey_summary.equip_model})
-- equip_params: main parameters as reported ({survey_summary.equip_params})
-- is_in_summary: whether the newest survey summary lists it as outdated
-- is_in_progress: whether the newest progress form lists it
-- is_in_inspection: whether an inspection form lists it
-- is_in_completed: whether the completed list lists it
-- summary_count: count by the survey summary
-- progress_count: count by the newest progress form
-- inspection_count: count by the inspection form
-- completed_count: count by the completed list
-- closure_status: where the newest progress form leaves it: 未启动, 已停产, 已断水断电, 已拆动力, 已封存, 拆除中, 已拆除 or 已验收 ({progress.closure_status})
-- is_closed: whether that counts as closed
-- result: inspection result: 通过, 不通过 or 限期整改 ({inspection.result})
-- difference: none, not_surveyed, not_in_progress, count_differs, not_closed, not_inspected, not_passed or not_listed; the first that applies
CREATE VIEW mart.reconciliation AS
WITH newest AS (
    SELECT
        campaign_id,
        unit_code,
        max(period) AS period
    FROM core.current_submission
    WHERE form = 'progress'
        AND NOT is_zero
    GROUP BY campaign_id, unit_code
),

newest_progress AS (
    SELECT progress.*
    FROM core.progress_current AS progress
    INNER JOIN newest
        ON progress.campaign_id = newest.campaign_id
        AND progress.unit_code = newest.unit_code
        AND progress.period = newest.period
),

mentioned AS (
    SELECT
        campaign_id, unit_code, item_id, enterprise_name, uscc, equip_name, equip_model, equip_params,
        equip_count AS summary_count,
        NULL::BIGINT AS progress_count,
        NULL::BIGINT AS inspection_count,
        NULL::BIGINT AS completed_count,
        NULL AS closure_status,
        NULL AS is_closed,
        NULL AS result,
        1 AS source
    FROM core.survey_summary_current
    WHERE is_outdated
    UNION ALL BY NAME
    SELECT
        campaign_id, unit_code, item_id, enterprise_name, uscc, equip_name, equip_model, equip_params,
        equip_count AS progress_count,
        closure_status,
        core.is_closed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        ) AS is_closed,
        2 AS source
    FROM newest_progress
    UNION ALL BY NAME
    SELECT
        campaign_id, unit_code, item_id, enterprise_name, uscc, equip_name, equip_model, equip_params,
        equip_count AS inspection_count,
        result,
        3 AS source
    FROM core.inspection_current
    UNION ALL BY NAME
    SELECT
        campaign_id, unit_code, item_id, enterprise_name, uscc, equip_name, equip_model, equip_params,
        equip_count AS completed_count,
        4 AS source
    FROM core.completed_list_current
),

followed AS (
    SELECT
        campaign_id,
        unit_code,
        item_id,
        arg_min(enterprise_name, source) AS enterprise_name,
        arg_min(uscc, source) AS uscc,
        arg_min(equip_name, source) AS equip_name,
        arg_min(equip_model, source) AS equip_model,
        arg_min(equip_params, source) AS equip_params,
        bool_or(source = 1) AS in_summary,
        bool_or(source = 2) AS in_progress,
        bool_or(source = 3) AS in_inspection,
        bool_or(source = 4) AS in_completed,
        sum(summary_count)::BIGINT AS summary_count,
        sum(progress_count)::BIGINT AS progress_count,
        sum(inspection_count)::BIGINT AS inspection_count,
        sum(completed_count)::BIGINT AS completed_count,
        max(closure_status) AS closure_status,
        coalesce(bool_and(is_closed), FALSE) AS is_closed,
        max(result) AS result
    FROM mentioned
    GROUP BY campaign_id, unit_code, item_id
)

SELECT
    followed.campaign_id,
    followed.unit_code,
    unit.unit_name,
    followed.item_id,
    followed.enterprise_name,
    followed.uscc,
    followed.equip_name,
    followed.equip_model,
    followed.equip_params,
    followed.in_summary AS is_in_summary,
    followed.in_progress AS is_in_progress,
    followed.in_inspection AS is_in_inspection,
    followed.in_completed AS is_in_completed,
    followed.summary_count,
    followed.progress_count,
    followed.inspection_count,
    followed.completed_count,
    followed.closure_status,
    followed.is_closed,
    followed.result,
    CASE
        WHEN NOT followed.in_summary THEN 'not_surveyed'
        WHEN NOT followed.in_progress THEN 'not_in_progress'
        WHEN followed.progress_count <> followed.summary_count
            OR followed.inspection_count <> followed.summary_count
            OR followed.completed_count <> followed.summary_count THEN 'count_differs'
        WHEN NOT followed.is_closed THEN 'not_closed'
        WHEN NOT followed.in_inspection THEN 'not_inspected'
        WHEN followed.result IS DISTINCT FROM '通过' THEN 'not_passed'
        WHEN NOT followed.in_completed THEN 'not_listed'
        ELSE 'none'
    END AS difference
FROM followed
LEFT JOIN core.unit AS unit
    ON followed.campaign_id = unit.campaign_id
    AND followed.unit_code = unit.unit_code
ORDER BY followed.campaign_id, followed.unit_code, followed.uscc, followed.item_id;
