-- Selects the passed rows that the newest accepted progress form does not count as closed.
WITH newest AS (
    SELECT *
    FROM core.progress_current
    WHERE campaign_id = $campaign_id
    QUALIFY period = max(period) OVER (PARTITION BY unit_code)
)

SELECT
    staged.submission_id,
    staged.row_id,
    staged.equip_name AS found,
    newest.closure_status
FROM stage_inspection AS staged
INNER JOIN newest
    ON newest.campaign_id = $campaign_id
    AND staged.unit_code = newest.unit_code
    AND staged.item_id = newest.item_id
WHERE staged.result = '通过'
    AND NOT core.is_closed(
        newest.closure_status,
        newest.is_water_cut,
        newest.is_power_cut,
        newest.is_power_unit_removed,
        newest.is_equipment_sealed,
        newest.has_public_commitment
    )
ORDER BY staged.row_id;
