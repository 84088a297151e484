-- What is the history of one item?
-- 一项装备从排查到验收经历了什么？
-- `item_id` is the same in every form, version and year; look it up in `mart.equipment` by enterprise and name of the equipment.
-- `known_at` is when we knew it: what was known at an instant is what has `known_at` before it. A corrected fact is a row of its own.
SELECT
    event_date,
    event,
    form,
    period,
    detail,
    known_at
FROM mart.equipment_event
WHERE campaign_id = 'jiangsu-2022'
    AND item_id = 'fb498e1afe225ec1'
    AND is_current
ORDER BY event_date, known_at, event;
