-- What is the history of one item?
-- 一项装备从排查到验收经历了什么？
-- `item_id` is the same in every form, version and year; look it up in `mart.equipment` by enterprise and name of the equipment. A `planned` event is the day by which; order by `known_at` for the story as it was learnt.
-- `known_at` is when the form that says so was accepted. A corrected fact is a row of its own; `is_current` says whether the newest version of that form and month still has it so.
-- Forms are compared by month and version, not by the day of acceptance: what was believed on a day is asked of the marts as of it, such as `mart.equipment_as_of`.
SELECT
    event_date,
    event,
    form,
    period,
    detail,
    known_at,
    is_current
FROM mart.equipment_event
WHERE campaign_id = 'jiangsu-2022'
    AND item_id = 'fb498e1afe225ec1'
ORDER BY event_date, known_at, event;
