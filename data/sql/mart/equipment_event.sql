-- What happened to each outdated item, by every accepted version of the survey summary (表2), progress (表3), inspection (表4) and completed list (表5).
-- Grain: one row is one thing that a version says of an item and the version or month before it did not
-- Key: campaign_id, unit_code, item_id, event, submission_id
-- campaign_id: which campaign
-- unit_code: division code of the unit
-- item_id: name of the item over versions, forms and campaigns
-- event: checked, planned, plan_changed, status_changed, stopped, completed, inspected, rectification, listed or dropped
-- event_date: the day, as reported; of planned, plan_changed and rectification the day by which it is to be done, of status_changed the day to which the form counts, of listed the day on the form, of dropped the day on which we knew
-- detail: closure status, closure method or inspection result as reported; of plan_changed the day that was planned before
-- form: the form that says so; of dropped the form that lists it no longer
-- period: the month of a progress form; empty of the others
-- version: version of the submission
-- submission_id: the submission that says so; of dropped the one that lists it no longer
-- known_at: when the submission that says so was accepted, China time; forms are compared by month and version, so of a month corrected after a later one it is not when we first believed it
-- is_current: whether it is still so by the newest accepted version of that form and month; else that version lists the item no longer, says otherwise, or lists again what was dropped
CREATE VIEW mart.equipment_event AS
WITH said AS (
    SELECT
        loaded.*,
        this.item_id,
        kind.event,
        CASE kind.event
            WHEN 'checked' THEN CASE WHEN this.checked_on IS DISTINCT FROM before.checked_on THEN this.checked_on END
            WHEN 'planned' THEN CASE WHEN before.plan_date IS NULL THEN this.plan_date END
            WHEN 'plan_changed' THEN CASE WHEN this.plan_date <> before.plan_date THEN this.plan_date END
        END AS event_date,
        CASE kind.event
            WHEN 'checked' THEN NULL::VARCHAR
            WHEN 'planned' THEN this.measure
            WHEN 'plan_changed' THEN CAST(before.plan_date AS VARCHAR)
        END AS detail,
        loaded.newest_load_no IS NULL OR coalesce(newest.load_no IS NOT NULL AND CASE kind.event
            WHEN 'checked' THEN this.checked_on = newest.checked_on
            WHEN 'planned' THEN this.plan_date = newest.plan_date
            WHEN 'plan_changed' THEN this.plan_date = newest.plan_date
        END, FALSE) AS is_current
    FROM core.accepted_version AS loaded
    CROSS JOIN (VALUES ('checked'), ('planned'), ('plan_changed')) AS kind (event)
    INNER JOIN core.survey_summary AS this
        ON loaded.load_no = this.load_no
    LEFT JOIN core.survey_summary AS before
        ON loaded.before_load_no = before.load_no
        AND this.item_id = before.item_id
        AND before.is_outdated
    LEFT JOIN core.survey_summary AS newest
        ON loaded.newest_load_no = newest.load_no
        AND this.item_id = newest.item_id
        AND newest.is_outdated
    WHERE loaded.form = 'survey_summary'
        AND this.is_outdated
        AND (
            before.load_no IS NULL
            OR this.checked_on IS DISTINCT FROM before.checked_on
            OR this.plan_date IS DISTINCT FROM before.plan_date
        )
    UNION ALL
    SELECT
        loaded.*,
        this.item_id,
        kind.event,
        CASE kind.event
            WHEN 'plan_changed' THEN CASE WHEN this.plan_date <> coalesce(before.plan_date, surveyed.plan_date) THEN this.plan_date END
            WHEN 'status_changed' THEN CASE
                WHEN this.closure_status IS DISTINCT FROM before.closure_status
                    THEN coalesce(this.as_of_date, CAST(loaded.accepted_at AS DATE))
            END
            WHEN 'stopped' THEN CASE WHEN this.stopped_on IS DISTINCT FROM before.stopped_on THEN this.stopped_on END
            WHEN 'completed' THEN CASE WHEN this.completed_on IS DISTINCT FROM before.completed_on THEN this.completed_on END
        END AS event_date,
        CASE kind.event
            WHEN 'plan_changed' THEN CAST(coalesce(before.plan_date, surveyed.plan_date) AS VARCHAR)
            WHEN 'status_changed' THEN this.closure_status
            WHEN 'stopped' THEN this.closure_status
            WHEN 'completed' THEN this.closure_status
        END AS detail,
        loaded.newest_load_no IS NULL OR coalesce(newest.load_no IS NOT NULL AND CASE kind.event
            WHEN 'plan_changed' THEN this.plan_date = newest.plan_date
            WHEN 'status_changed' THEN this.closure_status IS NOT DISTINCT FROM newest.closure_status
            WHEN 'stopped' THEN this.stopped_on = newest.stopped_on
            WHEN 'completed' THEN this.completed_on = newest.completed_on
        END, FALSE) AS is_current
    FROM core.accepted_version AS loaded
    CROSS JOIN (VALUES ('plan_changed'), ('status_changed'), ('stopped'), ('completed')) AS kind (event)
    INNER JOIN core.progress AS this
        ON loaded.load_no = this.load_no
    LEFT JOIN core.progress AS before
        ON loaded.before_load_no = before.load_no
        AND this.item_id = before.item_id
    LEFT JOIN core.survey_summary_current AS surveyed
        ON before.load_no IS NULL
        AND loaded.campaign_id = surveyed.campaign_id
        AND loaded.unit_code = surveyed.unit_code
        AND this.item_id = surveyed.item_id
        AND surveyed.is_outdated
    LEFT JOIN core.progress AS newest
        ON loaded.newest_load_no = newest.load_no
        AND this.item_id = newest.item_id
    WHERE loaded.form = 'progress'
        AND (
            before.load_no IS NULL
            OR this.closure_status IS DISTINCT FROM before.closure_status
            OR this.stopped_on IS DISTINCT FROM before.stopped_on
            OR this.completed_on IS DISTINCT FROM before.completed_on
            OR this.plan_date IS DISTINCT FROM before.plan_date
        )
    UNION ALL
    SELECT
        loaded.*,
        this.item_id,
        kind.event,
        CASE kind.event
            WHEN 'inspected' THEN CASE
                WHEN this.inspected_on IS DISTINCT FROM before.inspected_on OR this.result IS DISTINCT FROM before.result
                    THEN this.inspected_on
            END
            WHEN 'rectification' THEN CASE WHEN this.rectify_by IS DISTINCT FROM before.rectify_by THEN this.rectify_by END
        END AS event_date,
        CASE kind.event
            WHEN 'inspected' THEN this.result
            WHEN 'rectification' THEN this.result
        END AS detail,
        loaded.newest_load_no IS NULL OR coalesce(newest.load_no IS NOT NULL AND CASE kind.event
            WHEN 'inspected' THEN this.inspected_on = newest.inspected_on AND this.result IS NOT DISTINCT FROM newest.result
            WHEN 'rectification' THEN this.rectify_by = newest.rectify_by
        END, FALSE) AS is_current
    FROM core.accepted_version AS loaded
    CROSS JOIN (VALUES ('inspected'), ('rectification')) AS kind (event)
    INNER JOIN core.inspection AS this
        ON loaded.load_no = this.load_no
    LEFT JOIN core.inspection AS before
        ON loaded.before_load_no = before.load_no
        AND this.item_id = before.item_id
    LEFT JOIN core.inspection AS newest
        ON loaded.newest_load_no = newest.load_no
        AND this.item_id = newest.item_id
    WHERE loaded.form = 'inspection'
        AND (
            before.load_no IS NULL
            OR this.inspected_on IS DISTINCT FROM before.inspected_on
            OR this.result IS DISTINCT FROM before.result
            OR this.rectify_by IS DISTINCT FROM before.rectify_by
        )
    UNION ALL
    SELECT
        loaded.*,
        this.item_id,
        kind.event,
        CASE kind.event
            WHEN 'listed' THEN coalesce(this.filled_on, CAST(loaded.accepted_at AS DATE))
        END AS event_date,
        CASE kind.event
            WHEN 'listed' THEN this.result
        END AS detail,
        loaded.newest_load_no IS NULL OR newest.load_no IS NOT NULL AS is_current
    FROM core.accepted_version AS loaded
    CROSS JOIN (VALUES ('listed')) AS kind (event)
    INNER JOIN core.completed_list AS this
        ON loaded.load_no = this.load_no
    LEFT JOIN core.completed_list AS before
        ON loaded.before_load_no = before.load_no
        AND this.item_id = before.item_id
    LEFT JOIN core.completed_list AS newest
        ON loaded.newest_load_no = newest.load_no
        AND this.item_id = newest.item_id
    WHERE loaded.form = 'completed_list'
        AND before.load_no IS NULL
),

dropped AS (
    SELECT
        loaded.campaign_id,
        loaded.unit_code,
        loaded.after_load_no,
        this.item_id,
        newest.load_no IS NULL AS is_current
    FROM core.accepted_version AS loaded
    INNER JOIN core.survey_summary AS this
        ON loaded.load_no = this.load_no
    ANTI JOIN core.survey_summary AS after
        ON loaded.after_load_no = after.load_no
        AND this.item_id = after.item_id
        AND after.is_outdated
    INNER JOIN core.accepted_version AS follower
        ON loaded.after_load_no = follower.load_no
    LEFT JOIN core.survey_summary AS newest
        ON follower.newest_load_no = newest.load_no
        AND this.item_id = newest.item_id
        AND newest.is_outdated
    WHERE loaded.form = 'survey_summary'
        AND loaded.after_load_no IS NOT NULL
        AND this.is_outdated
    UNION ALL
    SELECT
        loaded.campaign_id,
        loaded.unit_code,
        loaded.after_load_no,
        this.item_id,
        newest.load_no IS NULL AS is_current
    FROM core.accepted_version AS loaded
    INNER JOIN core.progress AS this
        ON loaded.load_no = this.load_no
    ANTI JOIN core.progress AS after
        ON loaded.after_load_no = after.load_no
        AND this.item_id = after.item_id
    INNER JOIN core.accepted_version AS follower
        ON loaded.after_load_no = follower.load_no
    LEFT JOIN core.progress AS newest
        ON follower.newest_load_no = newest.load_no
        AND this.item_id = newest.item_id
    WHERE loaded.form = 'progress'
        AND loaded.after_load_no IS NOT NULL
    UNION ALL
    SELECT
        loaded.campaign_id,
        loaded.unit_code,
        loaded.after_load_no,
        this.item_id,
        newest.load_no IS NULL AS is_current
    FROM core.accepted_version AS loaded
    INNER JOIN core.inspection AS this
        ON loaded.load_no = this.load_no
    ANTI JOIN core.inspection AS after
        ON loaded.after_load_no = after.load_no
        AND this.item_id = after.item_id
    INNER JOIN core.accepted_version AS follower
        ON loaded.after_load_no = follower.load_no
    LEFT JOIN core.inspection AS newest
        ON follower.newest_load_no = newest.load_no
        AND this.item_id = newest.item_id
    WHERE loaded.form = 'inspection'
        AND loaded.after_load_no IS NOT NULL
    UNION ALL
    SELECT
        loaded.campaign_id,
        loaded.unit_code,
        loaded.after_load_no,
        this.item_id,
        newest.load_no IS NULL AS is_current
    FROM core.accepted_version AS loaded
    INNER JOIN core.completed_list AS this
        ON loaded.load_no = this.load_no
    ANTI JOIN core.completed_list AS after
        ON loaded.after_load_no = after.load_no
        AND this.item_id = after.item_id
    INNER JOIN core.accepted_version AS follower
        ON loaded.after_load_no = follower.load_no
    LEFT JOIN core.completed_list AS newest
        ON follower.newest_load_no = newest.load_no
        AND this.item_id = newest.item_id
    WHERE loaded.form = 'completed_list'
        AND loaded.after_load_no IS NOT NULL
)

SELECT
    campaign_id,
    unit_code,
    item_id,
    event,
    event_date,
    detail,
    form,
    period,
    version,
    submission_id,
    accepted_at AS known_at,
    is_current
FROM said
WHERE event_date IS NOT NULL
UNION ALL
SELECT
    dropped.campaign_id,
    dropped.unit_code,
    dropped.item_id,
    'dropped' AS event,
    CAST(after.accepted_at AS DATE) AS event_date,
    NULL AS detail,
    after.form,
    after.period,
    after.version,
    after.submission_id,
    after.accepted_at AS known_at,
    dropped.is_current
FROM dropped
INNER JOIN core.accepted_version AS after
    ON dropped.after_load_no = after.load_no
ORDER BY campaign_id, unit_code, item_id, known_at, event_date, event;
