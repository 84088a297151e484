-- Selects the items in which the list and the closed items of the newest accepted progress form differ.
WITH newest AS (
    SELECT
        submitted.submission_id,
        accepted.*,
        core.is_closed(
            accepted.closure_status,
            accepted.is_water_cut,
            accepted.is_power_cut,
            accepted.is_power_unit_removed,
            accepted.is_equipment_sealed,
            accepted.has_public_commitment
        ) AS is_closed
    FROM (
        SELECT * EXCLUDE (submission_id)
        FROM core.progress_current
        WHERE campaign_id = $campaign_id
        QUALIFY period = max(period) OVER (PARTITION BY unit_code)
    ) AS accepted
    INNER JOIN stage_submission AS submitted
        ON accepted.unit_code = submitted.unit_code
        AND submitted.form = 'completed_list'
)

SELECT
    coalesce(staged.submission_id, newest.submission_id) AS submission_id,
    staged.row_id,
    coalesce(staged.enterprise_name, newest.enterprise_name) AS enterprise_name,
    coalesce(staged.equip_name, newest.equip_name) AS equip_name,
    coalesce(staged.equip_model, newest.equip_model) AS equip_model,
    CASE
        WHEN staged.row_id IS NULL THEN '已完成，但未列入本表'
        ELSE '列入本表，但表3中尚未完成'
    END AS difference
FROM stage_completed_list AS staged
FULL JOIN newest
    ON staged.submission_id = newest.submission_id
    AND staged.item_id = newest.item_id
WHERE (staged.row_id IS NULL AND newest.is_closed)
    OR (newest.item_id IS NOT NULL AND NOT newest.is_closed AND staged.row_id IS NOT NULL)
ORDER BY submission_id, staged.row_id, newest.sheet_no, newest.row_no;
