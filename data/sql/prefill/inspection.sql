-- Selects the closed items of a unit's newest accepted progress form, enterprise by enterprise, for the inspection forms.
WITH last_progress AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
        AND unit_code = $unit_code
    QUALIFY period = max(period) OVER ()
),

closed AS (
    SELECT
        *,
        max(stopped_on) OVER enterprise AS last_stopped_on,
        max(completed_on) OVER enterprise AS last_completed_on,
        row_number() OVER enterprise_rows AS number,
        row_number() OVER (ORDER BY sheet_no, row_no) AS place
    FROM last_progress
    WHERE core.is_closed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        )
    WINDOW
        enterprise AS (PARTITION BY uscc),
        enterprise_rows AS (PARTITION BY uscc ORDER BY sheet_no, row_no)
),

placed AS (
    SELECT
        *,
        min(place) OVER (PARTITION BY uscc) AS enterprise_place
    FROM closed
)

SELECT
    placed.enterprise_name,
    placed.uscc,
    placed.industry,
    placed.last_stopped_on AS stopped_on,
    CASE WHEN placed.measure <> '封存' THEN placed.last_completed_on END AS dismantled_to,
    placed.measure,
    placed.is_water_cut,
    placed.is_power_cut,
    placed.is_power_unit_removed,
    placed.is_equipment_sealed,
    placed.has_public_commitment,
    placed.number AS seq,
    placed.equip_name,
    placed.equip_model,
    placed.equip_params,
    placed.equip_count,
    placed.capacity,
    placed.capacity_unit,
    surveyed.commissioned,
    surveyed.catalogue_ref
FROM placed
LEFT JOIN core.survey_summary_current AS surveyed
    ON placed.item_id = surveyed.item_id
    AND surveyed.campaign_id = $campaign_id
    AND surveyed.unit_code = $unit_code
    AND surveyed.is_outdated
ORDER BY placed.enterprise_place, placed.number;
