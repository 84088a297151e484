-- Selects the closed items of a unit's newest accepted progress form, enterprise by enterprise, for the inspection forms.
WITH last_progress AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
        AND unit_code = $unit_code
    QUALIFY period = max(period) OVER ()
),

closed AS (
    SELECT *
    FROM last_progress
    WHERE core.is_closed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        )
)

SELECT
    closed.enterprise_name,
    closed.uscc,
    closed.industry,
    max(closed.stopped_on) OVER enterprise AS stopped_on,
    CASE WHEN closed.closure_status <> '已封存' THEN max(closed.completed_on) OVER enterprise END AS dismantled_to,
    closed.measure,
    closed.is_water_cut,
    closed.is_power_cut,
    closed.is_power_unit_removed,
    closed.is_equipment_sealed,
    closed.has_public_commitment,
    row_number() OVER (PARTITION BY closed.uscc ORDER BY closed.sheet_no, closed.row_no) AS seq,
    closed.equip_name,
    closed.equip_model,
    closed.equip_params,
    closed.equip_count,
    closed.capacity,
    closed.capacity_unit,
    surveyed.commissioned,
    surveyed.catalogue_ref
FROM closed
LEFT JOIN core.survey_summary_current AS surveyed
    ON closed.item_id = surveyed.item_id
    AND surveyed.campaign_id = $campaign_id
    AND surveyed.unit_code = $unit_code
    AND surveyed.is_outdated
WINDOW enterprise AS (PARTITION BY closed.uscc)
ORDER BY min(closed.sheet_no * 1000000 + closed.row_no) OVER enterprise, closed.uscc, seq;
