-- Selects the closed items of a unit's newest accepted progress form, with the inspection where one is accepted already.
WITH last_progress AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
        AND unit_code = $unit_code
    QUALIFY period = max(period) OVER ()
)

SELECT
    row_number() OVER (ORDER BY closed.sheet_no, closed.row_no) AS seq,
    closed.city,
    closed.county,
    closed.enterprise_name,
    closed.uscc,
    closed.industry,
    closed.equip_name,
    closed.equip_model,
    closed.equip_params,
    closed.equip_count,
    closed.capacity,
    closed.capacity_unit,
    closed.measure,
    closed.completed_on,
    inspected.inspected_on,
    inspected.inspecting_body,
    inspected.result
FROM last_progress AS closed
LEFT JOIN core.inspection_current AS inspected
    ON closed.item_id = inspected.item_id
    AND inspected.campaign_id = $campaign_id
    AND inspected.unit_code = $unit_code
WHERE core.is_closed(
        closed.closure_status,
        closed.is_water_cut,
        closed.is_power_cut,
        closed.is_power_unit_removed,
        closed.is_equipment_sealed,
        closed.has_public_commitment
    )
ORDER BY seq;
