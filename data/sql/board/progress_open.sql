-- Selects what is not closed by unit, closure status and reason, by the newest accepted progress forms.
-- Overdue is what was planned for a day that is past; sealing without its five conditions is open.
-- The newest form may hold nothing: a unit that has reported none left is not told by the month before.
WITH newest AS (
    SELECT
        unit_code,
        max(period) AS period
    FROM mart.progress_monthly
    WHERE campaign_id = $campaign_id
    GROUP BY unit_code
)

SELECT
    item.unit_code,
    item.unit_name,
    item.closure_status AS status,
    item.open_reason AS reason,
    count(*)::INTEGER AS items,
    sum(item.equip_count)::INTEGER AS sets,
    coalesce(sum(item.equip_count) FILTER (WHERE item.plan_date < $as_of_day), 0)::INTEGER AS overdue
FROM mart.progress_item AS item
INNER JOIN newest
    ON item.unit_code = newest.unit_code
    AND item.period = newest.period
INNER JOIN mart.unit AS unit
    ON item.campaign_id = unit.campaign_id
    AND item.unit_code = unit.unit_code
WHERE item.campaign_id = $campaign_id
    AND NOT item.is_closed
GROUP BY item.unit_code, item.unit_name, unit.position, item.closure_status, item.open_reason
ORDER BY unit.position, item.unit_code, core.status_rank(item.closure_status), item.open_reason;
