-- Selects the rows that are still open on the last day for closures or after it, without a reason.
SELECT
    submission_id,
    row_id,
    closure_status AS found
FROM stage_progress
WHERE as_of_date >= $closures_due
    AND open_reason IS NULL
    AND NOT core.is_closed(
        closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
    )
ORDER BY row_id;
