-- As of an instant: how complete and how punctual the reporting is, by milestone and period; goals, paper and exemptions do not count.
-- Grain: one row is one milestone, or one month of it, over all units
-- Key: campaign_id, milestone, period
-- $as_of: a TIMESTAMP in China's wall clock, or a DATE, which means the end of that day
-- campaign_id: which campaign
-- milestone: id of the milestone, such as summary; its name is the title of mart.milestone
-- period: the month it speaks of; empty when it has none
-- expected: obligations
-- received: obligations with a submission
-- on_time: obligations whose first submission arrived by the due date
-- accepted: obligations with an accepted submission
-- accepted_first_time: obligations whose first submission was accepted
-- received_rate: received of expected, 0 to 1
-- on_time_rate: on_time of expected, 0 to 1
-- accepted_rate: accepted of expected, 0 to 1
-- accepted_first_time_rate: accepted_first_time of expected, 0 to 1
CREATE MACRO mart.completeness_as_of(as_of) AS TABLE
WITH first_version AS (
    SELECT
        obligation_id,
        decision
    FROM core.submission_as_of(as_of)
    WHERE version = 1
),

counted AS (
    SELECT
        obligation.campaign_id,
        obligation.milestone,
        obligation.period,
        count(*) AS expected,
        count(*) FILTER (WHERE obligation.arrived_at IS NOT NULL) AS received,
        count(*) FILTER (WHERE obligation.arrived_at IS NOT NULL AND obligation.days_late <= 0) AS on_time,
        count(*) FILTER (WHERE obligation.accepted_at IS NOT NULL) AS accepted,
        count(*) FILTER (WHERE obligation.accepted_at IS NOT NULL AND first_version.decision = 'accepted') AS accepted_first_time
    FROM core.obligation_as_of(as_of) AS obligation
    LEFT JOIN first_version
        ON obligation.obligation_id = first_version.obligation_id
    WHERE
        obligation.form IS NOT NULL
        AND NOT coalesce(obligation.is_paper, FALSE)
        AND NOT coalesce(obligation.is_exempt, FALSE)
    GROUP BY obligation.campaign_id, obligation.milestone, obligation.period
)

SELECT
    campaign_id,
    milestone,
    period,
    expected,
    received,
    on_time,
    accepted,
    accepted_first_time,
    round(received / expected, 4) AS received_rate,
    round(on_time / expected, 4) AS on_time_rate,
    round(accepted / expected, 4) AS accepted_rate,
    round(accepted_first_time / expected, 4) AS accepted_first_time_rate
FROM counted
ORDER BY campaign_id, milestone, period;
