-- Counts items and sets of each staged progress form, all, closed, and sealed among the closed.
WITH judged AS (
    SELECT
        submission_id,
        row_id,
        equip_count,
        core.is_closed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        ) AS is_closed,
        core.is_sealed(
            closure_status, is_water_cut, is_power_cut, is_power_unit_removed, is_equipment_sealed, has_public_commitment
        ) AS is_sealed
    FROM stage_progress
)

SELECT
    submitted.submission_id,
    count(judged.row_id) AS items,
    coalesce(sum(judged.equip_count), 0) AS sets,
    count(judged.row_id) FILTER (WHERE judged.is_closed) AS closed,
    coalesce(sum(judged.equip_count) FILTER (WHERE judged.is_closed), 0) AS closed_sets,
    count(judged.row_id) FILTER (WHERE judged.is_sealed) AS sealed
FROM stage_submission AS submitted
LEFT JOIN judged
    ON submitted.submission_id = judged.submission_id
WHERE submitted.form = 'progress'
GROUP BY submitted.submission_id
ORDER BY submitted.submission_id;
