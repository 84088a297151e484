-- What each obligation took: filed or not, on time or not, how long it lay with whom, and how many letters it needed.
-- Grain: one row is one form or paper copy that one unit owes, whether it was ever filed or not
-- Key: obligation_id
-- campaign_id: which campaign
-- obligation_id: natural key of the obligation
-- unit_code: division code of the unit
-- unit_name: name of the unit
-- milestone: id of the milestone, such as summary; its name is the title of mart.milestone
-- form: id of the form: contact, inventory_statement, survey_summary (表2), progress (表3), inspection (表4) or completed_list (表5)
-- industry_key: key of the industry; empty when the form is not owed by industry
-- period: the month it speaks of; empty when it has none
-- is_expected: whether it counts in denominators: neither a paper copy nor exempt; what was never filed does count
-- is_submitted: whether a submission arrived before the close date
-- is_on_time: whether the first of them arrived by the due date
-- is_accepted: whether one was accepted
-- is_accepted_first_time: whether the first one was accepted
-- version_count: submissions for it, decided or not
-- returned_count: submissions that were returned
-- office_days: calendar days, with fraction, that submissions lay with the office, from arrival to decision, over all versions; empty while none is decided
-- unit_days: calendar days, with fraction, that a returned form lay with the unit, from the return to the next arrival, over all returns; empty while none has been answered
-- letter_count: unprompted letters about it that were sent: requests, reminders and escalations; neither answers nor thanks
-- request_letter_count: of these, requests (报送提示函)
-- reminder_letter_count: of these, reminders before and after the due date (催报函)
-- escalation_letter_count: of these, letters to or about somebody else than the contact
CREATE VIEW mart.obligation_measure AS
WITH spell AS (
    SELECT
        obligation_id,
        version,
        decision,
        epoch(decided_at - arrived_at) / 86400 AS office_days,
        CASE
            WHEN decision = 'returned'
                THEN epoch(lead(arrived_at) OVER (PARTITION BY obligation_id ORDER BY version) - decided_at) / 86400
        END AS unit_days
    FROM core.judged_version
),

handled AS (
    SELECT
        obligation_id,
        count(*) AS version_count,
        count(*) FILTER (WHERE decision = 'returned') AS returned_count,
        coalesce(bool_or(version = 1 AND decision = 'accepted'), FALSE) AS is_accepted_first_time,
        round(sum(greatest(office_days, 0)) FILTER (WHERE office_days IS NOT NULL), 3) AS office_days,
        round(sum(greatest(unit_days, 0)) FILTER (WHERE unit_days IS NOT NULL), 3) AS unit_days
    FROM spell
    GROUP BY obligation_id
),

written AS (
    SELECT
        item.obligation_id,
        letter.letter_id,
        any_value(letter.kind) AS kind
    FROM core.letter_item AS item
    INNER JOIN core.letter AS letter
        ON item.letter_id = letter.letter_id
        AND item.campaign_id = letter.campaign_id
    WHERE letter.state = 'sent'
    GROUP BY item.obligation_id, letter.letter_id
),

needed AS (
    SELECT
        obligation_id,
        count(*) FILTER (WHERE kind = 'request') AS request_letter_count,
        count(*) FILTER (WHERE kind IN ('reminder', 'overdue')) AS reminder_letter_count,
        count(*) FILTER (WHERE kind IN ('supervision', 'criticism', 'coordination')) AS escalation_letter_count
    FROM written
    GROUP BY obligation_id
)

SELECT
    owed.campaign_id,
    owed.obligation_id,
    owed.unit_code,
    owed.unit_name,
    owed.milestone,
    owed.form,
    owed.industry AS industry_key,
    owed.period,
    NOT (coalesce(owed.is_paper, FALSE) OR coalesce(owed.is_exempt, FALSE)) AS is_expected,
    owed.arrived_at IS NOT NULL AS is_submitted,
    owed.arrived_at IS NOT NULL AND owed.days_late <= 0 AS is_on_time,
    owed.accepted_at IS NOT NULL AS is_accepted,
    owed.accepted_at IS NOT NULL AND coalesce(handled.is_accepted_first_time, FALSE) AS is_accepted_first_time,
    coalesce(handled.version_count, 0) AS version_count,
    coalesce(handled.returned_count, 0) AS returned_count,
    handled.office_days,
    handled.unit_days,
    coalesce(needed.request_letter_count + needed.reminder_letter_count + needed.escalation_letter_count, 0) AS letter_count,
    coalesce(needed.request_letter_count, 0) AS request_letter_count,
    coalesce(needed.reminder_letter_count, 0) AS reminder_letter_count,
    coalesce(needed.escalation_letter_count, 0) AS escalation_letter_count
FROM core.obligation AS owed
LEFT JOIN handled
    ON owed.obligation_id = handled.obligation_id
LEFT JOIN needed
    ON owed.obligation_id = needed.obligation_id
WHERE owed.form IS NOT NULL
ORDER BY owed.obligation_id;
