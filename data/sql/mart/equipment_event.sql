-- What happened to each outdated item, day by day, by the newest accepted forms.
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- item_id: name of the item over versions and forms
-- event: checked, planned, stopped, completed or inspected
-- event_date: the day
-- form: the form that says so
-- detail: closure status or inspection result, as reported
CREATE VIEW mart.equipment_event AS
WITH newest_progress AS (
    SELECT *
    FROM core.progress_current
    QUALIFY row_number() OVER (PARTITION BY campaign_id, unit_code, item_id ORDER BY period DESC) = 1
),

events AS (
    SELECT campaign_id, unit_code, item_id, 'checked' AS event, checked_on AS event_date, 'survey_summary' AS form, NULL AS detail
    FROM core.survey_summary_current
    WHERE is_outdated
    UNION ALL
    SELECT campaign_id, unit_code, item_id, 'planned', plan_date, 'survey_summary', measure
    FROM core.survey_summary_current
    WHERE is_outdated
    UNION ALL
    SELECT campaign_id, unit_code, item_id, 'stopped', stopped_on, 'progress', closure_status
    FROM newest_progress
    UNION ALL
    SELECT campaign_id, unit_code, item_id, 'completed', completed_on, 'progress', closure_status
    FROM newest_progress
    UNION ALL
    SELECT campaign_id, unit_code, item_id, 'inspected', inspected_on, 'inspection', result
    FROM core.inspection_current
)

SELECT
    campaign_id,
    unit_code,
    item_id,
    event,
    event_date,
    form,
    detail
FROM events
WHERE event_date IS NOT NULL
ORDER BY campaign_id, unit_code, item_id, event_date, event;
