-- Selects the outdated items of a unit's newest accepted survey summaries with where its last accepted progress form left them.
WITH last_progress AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
        AND unit_code = $unit_code
        AND period < coalesce($period, '9999-12')
    QUALIFY period = max(period) OVER ()
)

SELECT
    row_number() OVER (ORDER BY surveyed.industry_key, surveyed.sheet_no, surveyed.row_no) AS seq,
    surveyed.city,
    surveyed.county,
    surveyed.enterprise_name,
    surveyed.uscc,
    surveyed.industry,
    surveyed.equip_name,
    surveyed.equip_model,
    surveyed.equip_params,
    surveyed.equip_count,
    surveyed.capacity,
    surveyed.capacity_unit,
    coalesce(done.plan_date, surveyed.plan_date) AS plan_date,
    coalesce(done.measure, surveyed.measure) AS measure,
    coalesce(done.closure_status, '未启动') AS closure_status,
    done.stopped_on,
    done.completed_on,
    coalesce(done.done_count, 0) AS done_count,
    done.is_water_cut,
    done.is_power_cut,
    done.is_power_unit_removed,
    done.is_equipment_sealed,
    done.has_public_commitment,
    done.is_inspected,
    done.open_reason
FROM core.survey_summary_current AS surveyed
LEFT JOIN last_progress AS done
    ON surveyed.item_id = done.item_id
WHERE surveyed.campaign_id = $campaign_id
    AND surveyed.unit_code = $unit_code
    AND surveyed.is_outdated
ORDER BY seq;
